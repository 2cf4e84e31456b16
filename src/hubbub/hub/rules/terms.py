"""For how long, and why: what acts that keep order have in common."""

from __future__ import annotations

from hubbub.hub.rules.talk import too_long
from hubbub.model.limits import Limits
from hubbub.model.refusals import Code, Refusal
from hubbub.model.text import one_line

_LONGEST_SECONDS = 10 * 366 * 86_400


def until(seconds: int | None, time: int) -> int | Refusal:
    """Give when something ends, 0 for never."""
    if seconds is None:
        return 0
    if not 0 < seconds <= _LONGEST_SECONDS:
        return Refusal(Code.USAGE, "a time is from 1 second to 10 years")
    return time + seconds * 1000


def check_reason(text: str, limits: Limits) -> str | Refusal:
    """Clean a reason."""
    reason = one_line(text)
    if len(reason.encode()) > limits.text:
        return too_long("a reason", limits)
    return reason


def check_terms(
    seconds: int | None, reason: str, time: int, limits: Limits
) -> tuple[int, str] | Refusal:
    """Give when something ends, 0 for never, and the cleaned reason for it."""
    end = until(seconds, time)
    if isinstance(end, Refusal):
        return end
    why = check_reason(reason, limits)
    return why if isinstance(why, Refusal) else (end, why)
