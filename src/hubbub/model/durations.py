"""Lengths of time as people write them: `10s`, `5m`, `2h`, `3d`, `1w`."""

from __future__ import annotations

import re

_WRITTEN = re.compile(r"([1-9][0-9]{0,8})([smhdw])", re.IGNORECASE)

SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
"""The units of a length of time."""


def parse_duration(text: str) -> int | None:
    """Give the seconds; None when that is no length of time."""
    found = _WRITTEN.fullmatch(text)
    return int(found[1]) * SECONDS[found[2].lower()] if found else None


def split_target(rest: str) -> tuple[str, int | None, str] | None:
    """Split `<name> [for <duration>] [reason]`.

    Returns:
        The name, the seconds or None, and the reason or ""; None without a name, or
        when what follows `for` alone is no length of time.
    """
    name, _, rest = rest.strip().partition(" ")
    word, _, more = rest.strip().partition(" ")
    if not name:
        return None
    if word.lower() != "for":
        return name, None, rest.strip()
    length, _, reason = more.strip().partition(" ")
    seconds = parse_duration(length)
    if seconds is not None:
        return name, seconds, reason.strip()
    # "for spamming" is a reason; "for 2 hours" would be a ban for good.
    return None if not length or length[0].isdigit() else (name, None, rest.strip())
