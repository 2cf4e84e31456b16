"""The hubs on this network, to choose from and to list."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Sequence

import msgspec
from wcwidth import width as cells

from hubbub.client.discovery import FoundHub, find_hubs, own_addresses

HERE = "127.0.0.1"
"""Where a hub listens that was not told where."""

PORT = 5000

# Of a connection within this machine, which takes none.
_KNOCK_SECONDS = 0.5

Look = Callable[[], Sequence[FoundHub]]


class FoundLine(msgspec.Struct, frozen=True):
    """What `hubbub find --json` writes of a hub.

    Attributes:
        name: What it is called.
        host: The best of its addresses.
        port: Its port.
        addresses: All of its addresses.
        tls: Whether it speaks TLS.
        fingerprint: Of its certificate; "" where it is not told.
        version: Of Hubbub.
    """

    name: str
    host: str
    port: int
    addresses: tuple[str, ...]
    tls: bool
    fingerprint: str
    version: str


def list_hubs(wait: float, *, as_json: bool) -> int:
    """Print the hubs on this network.

    Args:
        wait: Seconds to listen.
        as_json: Whether to write an object of JSON a line, for programs.

    Returns:
        The exit code: 0, or 1 when there is none, or 2 when it can't be told.
    """
    try:
        hubs = find_hubs(wait)
    except OSError as error:
        sys.stderr.write(f"this network can't be searched: {error}\n")
        return 2
    for hub in hubs if as_json else ():
        sys.stdout.buffer.write(msgspec.json.encode(_line(hub)) + b"\n")
    if not as_json:
        sys.stdout.write(_table(hubs))
    if not hubs:
        sys.stderr.write("no hub was found on this network\n")
    return 0 if hubs else 1


def choose_hub(look: Look = find_hubs) -> tuple[str, int] | None:
    """Have the person at the terminal choose a hub of this network.

    One that listens on this machine alone, where hubs do by default, is in the list as
    well. Where there is nothing to choose from, nobody is asked.

    Returns:
        Its address and port, or None when the person wants none.
    """
    _say("Looking for hubs on this network...")
    try:
        hubs = list(look())
    except OSError as error:
        _say(f"This network can't be searched: {error}")
        hubs = []
    if _one_is_here(hubs):
        hubs.append(FoundHub("this machine", (HERE,), PORT))
    if not hubs:
        _say(f"None was found; trying this machine, {HERE}:{PORT}.")
        return HERE, PORT
    if len(hubs) == 1:
        hub = hubs[0]
    else:
        chosen = _ask(hubs)
        if chosen is None:
            return None
        hub = chosen
    _say(f"Joining {hub.name}.")
    return hub.addresses[0], hub.port


def _one_is_here(hubs: Sequence[FoundHub]) -> bool:
    """Tell whether a hub listens on this machine that is not among those found."""
    mine = own_addresses()
    if any(hub.port == PORT and mine & set(hub.addresses) for hub in hubs):
        return False
    try:
        socket.create_connection((HERE, PORT), _KNOCK_SECONDS).close()
    except OSError:
        return False
    return True


def _ask(hubs: Sequence[FoundHub]) -> FoundHub | None:
    # Slow to import, and seldom needed.
    from prompt_toolkit.shortcuts import choice

    try:
        return choice(
            message="Which one? (arrow keys or a number, then Enter; Ctrl-C for none)",
            options=[(hub, _label(hub)) for hub in hubs],
            default=hubs[0],
        )
    except (KeyboardInterrupt, EOFError):
        return None


def _label(hub: FoundHub) -> str:
    return f"{hub.name}  {_address(hub)}" + ("  TLS" if hub.tls else "")


def _address(hub: FoundHub) -> str:
    host = hub.addresses[0]
    return f"[{host}]:{hub.port}" if ":" in host else f"{host}:{hub.port}"


def _line(hub: FoundHub) -> FoundLine:
    return FoundLine(
        hub.name,
        hub.addresses[0],
        hub.port,
        hub.addresses,
        hub.tls,
        hub.fingerprint,
        hub.version,
    )


def _table(hubs: Sequence[FoundHub]) -> str:
    if not hubs:
        return ""
    rows = [("NAME", "ADDRESS", "PORT", "TLS", "VERSION")]
    rows += [
        (
            hub.name,
            hub.addresses[0],
            str(hub.port),
            "yes" if hub.tls else "no",
            hub.version or "-",
        )
        for hub in hubs
    ]
    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    return "".join(
        "  ".join(
            text + " " * (width - cells(text))
            for text, width in zip(row, widths, strict=True)
        ).rstrip()
        + "\n"
        for row in rows
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
