"""Dialects that are known by their first bytes and not spoken here.

Each gets one clear line in its own language and a close.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from hubbub.dialects.contract import Writer
from hubbub.model.answers import Answer
from hubbub.model.commands import Command, HubCommand, Quit
from hubbub.model.events import Event
from hubbub.model.refusals import Code, Refusal

_SENTENCE = "This hub speaks plain text, JSON lines and HTTP here; try: nc HOST PORT"

_IRC = f"ERROR :{_SENTENCE}\r\n".encode()

# RFC 8446, section 6: a record of type alert (21): fatal (2), handshake_failure (40).
_TLS = bytes((21, 3, 1, 0, 2, 2, 40))

FAREWELLS: dict[bytes, tuple[str, bytes]] = {
    b"CAP ": ("irc", _IRC),
    b"NICK ": ("irc", _IRC),
    b"USER ": ("irc", _IRC),
    b"PASS ": ("irc", _IRC),
    b"\x16\x03": ("tls", _TLS),
}


_TLS_ONLY = (
    "This hub is spoken to by TLS only; join with: hubbub join HOST PORT, or "
    "openssl s_client -quiet -connect HOST:PORT"
)


def _http_tls_only() -> bytes:
    body = msgspec.json.encode({"code": Code.TLS_REQUIRED, "text": _TLS_ONLY}) + b"\n"
    # RFC 2817, section 4.2: what is asked for has to be asked for by TLS.
    return (
        b"HTTP/1.1 426 Upgrade Required\r\n"
        b"Upgrade: TLS/1.2\r\nConnection: Upgrade, close\r\n"
        b"Content-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    )


def _json_tls_only() -> bytes:
    return msgspec.json.encode(
        {"type": "error", "code": Code.TLS_REQUIRED, "text": _TLS_ONLY}
    )


def tls_only(signatures: Iterable[bytes]) -> dict[bytes, tuple[str, bytes]]:
    """Give the farewells of a hub that is spoken to by TLS only.

    Args:
        signatures: Those of HTTP.

    Returns:
        As `FAREWELLS`; that of the empty signature is for everything else.
    """
    return {
        **FAREWELLS,
        **dict.fromkeys(signatures, ("http", _http_tls_only())),
        b"{": ("json", _json_tls_only() + b"\n"),
        b"": ("plain", f"error: {_TLS_ONLY}\n".encode()),
    }


class NotSpoken:
    """Quits at once; its farewell is the one line."""

    __slots__ = ("_farewell", "_quit", "name")

    keeps_seat = False
    waits = False

    def __init__(self, name: str, farewell: bytes) -> None:
        """Know what to say."""
        self.name = name
        self._farewell = farewell
        self._quit = False

    @property
    def writer(self) -> Writer:
        """It is its own."""
        return self

    def receive(self, data: bytes) -> NotSpoken:
        """Ignore whatever it says."""
        return self

    def quiet(self) -> NotSpoken:
        """Go on as before."""
        return self

    def next(self) -> Command | Refusal | None:
        """Ask to quit, once."""
        if self._quit:
            return None
        self._quit = True
        return Quit()

    def joined(self) -> None:
        """Never called."""

    def unjoined(self) -> None:
        """Never called."""

    def answer(self, answer: Answer, time: int) -> bytes:
        """Say the farewell: the one answer there is, that to `Quit`."""
        return self._farewell

    def event(self, event: Event, *, own: bool) -> bytes:
        """Write nothing."""
        return b""

    def refusal(
        self, refusal: Refusal, command: Command | HubCommand | None, time: int
    ) -> bytes:
        """Say the farewell."""
        return self._farewell
