"""The opening of a connection to the hub: its first bytes say what lies on the wire.

A trusted proxy may begin with a PROXY header; then a TLS handshake may follow; anything
else is for the dialects.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable

from hubbub.wire.proxy import ProxyError, may_begin, read_header
from hubbub.wire.tls import TlsChannel, TlsError

# RFC 8446, section 5.1: a record of type handshake. No dialect begins with it.
_HANDSHAKE = 0x16

# How much is encrypted at once: what has been is no longer counted by the outbox.
CHUNK_BYTES = 1 << 16

NewContext = Callable[[], ssl.SSLContext]


class WireError(Exception):
    """The connection is of no use. The message says why."""


class Wire:
    """What lies between the socket and the session of one connection.

    Attributes:
        proxied: Whether it is open yet whether a proxy's header comes first.
        source: Whom a proxy speaks for, once it has said so: address and port.
        told_secure: Whether the proxy's own client speaks to it in TLS.
        secure: Whether what is said is encrypted.
        clear: Whether bytes are what they are from now on: then nobody need ask again.
        ended: Whether no more will come.
        unsent: Bytes that are to be sent before anything else.
    """

    __slots__ = (
        "_held",
        "_new_context",
        "_tls",
        "clear",
        "ended",
        "proxied",
        "secure",
        "source",
        "told_secure",
        "unsent",
    )

    def __init__(self, new_context: NewContext | None, *, proxied: bool) -> None:
        """Begin.

        Args:
            new_context: Gives the certificate and rules of a TLS connection; None where
                TLS is not spoken.
            proxied: Whether the other side may be a proxy that tells for whom it asks.
        """
        self._new_context = new_context
        self.proxied = proxied
        self._held = b""
        self._tls: TlsChannel | None = None
        self.source: tuple[str, int] | None = None
        self.told_secure = False
        self.secure = False
        self.clear = False
        self.ended = False
        self.unsent = b""

    def receive(self, data: bytes) -> bytes:
        """Take bytes of the network in and give those that are for the session.

        Raises:
            WireError: They are not as they have to be. `unsent` may say so.
        """
        if self._tls is not None:
            return self._decrypt(self._tls, data)
        if self.clear:
            return data
        self._held += data
        if self.proxied and may_begin(self._held) and not self._take_header():
            return b""
        if not self._held:
            return b""
        self.proxied = False
        data, self._held = self._held, b""
        if data[0] == _HANDSHAKE and self._new_context is not None:
            self._tls = TlsChannel(self._new_context(), server=True)
            return self._decrypt(self._tls, data)
        self.clear = True
        return data

    def _take_header(self) -> bool:
        try:
            header = read_header(self._held)
        except ProxyError as error:
            raise WireError(str(error)) from None
        if header is None:
            return False
        self._held = self._held[header.size :]
        self.proxied = False
        self.source = header.source
        self.told_secure = header.encrypted
        return True

    def _decrypt(self, tls: TlsChannel, data: bytes) -> bytes:
        try:
            text = tls.receive(data)
        except TlsError as error:
            raise WireError(f"TLS: {error}") from None
        finally:
            self.unsent += tls.take()
        self.secure = tls.established
        self.ended = tls.ended
        return text

    def send(self, text: bytes | memoryview) -> int:
        """Put the beginning of a text into `unsent`, encrypted if it has to be.

        Returns:
            How much of it that took; 0 while a handshake is under way.

        Raises:
            WireError: The connection is of no use any more.
        """
        piece = memoryview(text)[:CHUNK_BYTES]
        tls = self._tls
        if tls is None:
            self.unsent += bytes(piece)
            return len(piece)
        if not tls.established:
            return 0
        try:
            tls.send(piece)
        except TlsError as error:
            raise WireError(f"TLS: {error}") from None
        self.unsent += tls.take()
        return len(piece)

    def close(self) -> None:
        """Say that no more will come, into `unsent`."""
        if self._tls is not None and self._tls.established:
            self._tls.close()
            self.unsent += self._tls.take()

    @property
    def summary(self) -> str:
        """What was agreed on, for people."""
        return "" if self._tls is None else self._tls.summary


NewWire = Callable[[str], Wire | None]
"""Gives what lies on the wire of a connection from an address."""


def no_wire(host: str) -> Wire | None:
    """Give nothing: bytes are what they are."""
    del host
    return None
