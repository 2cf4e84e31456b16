"""TLS on one connection, without I/O: bytes of the network in and out, text inside."""

from __future__ import annotations

import hashlib
import ssl

# One record holds 2^14 bytes at the most (RFC 8446, section 5.1); reading several at
# once saves calls.
_READ_BYTES = 1 << 16


class TlsError(Exception):
    """The other side does not speak TLS, or not as it has to. The message says how."""


class TlsChannel:
    """One side of one TLS connection.

    What the network brings goes into `receive`; what is to go out is given by `take`,
    which is to be asked after every other call.

    Attributes:
        established: Whether the handshake is done.
        ended: Whether the other side has said that no more will come.
    """

    __slots__ = ("_incoming", "_outgoing", "_tls", "ended", "established")

    def __init__(
        self, context: ssl.SSLContext, *, server: bool, name: str | None = None
    ) -> None:
        """Begin.

        Args:
            context: The certificate and the rules.
            server: Which side this is.
            name: For a client: the host, for SNI and for the check of the name.
        """
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(
            self._incoming, self._outgoing, server_side=server, server_hostname=name
        )
        self.established = False
        self.ended = False

    def begin(self) -> None:
        """For a client: make the first move.

        Raises:
            TlsError: It can't.
        """
        self._handshake()

    def receive(self, data: bytes) -> bytes:
        """Take bytes of the network in and give the text they hold.

        Raises:
            TlsError: They are no TLS, or the other side can't be agreed with. `take`
                may hold an alert that says so.
        """
        self._incoming.write(data)
        if not self.established and not self._handshake():
            return b""
        pieces: list[bytes] = []
        try:
            while piece := self._tls.read(_READ_BYTES):
                pieces.append(piece)
            self.ended = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self.ended = True
        except ssl.SSLError as error:
            raise TlsError(_reason(error)) from None
        return b"".join(pieces)

    def send(self, text: bytes | memoryview) -> None:
        """Put text on its way. Only once the handshake is done.

        Raises:
            TlsError: The connection is of no use any more.
        """
        try:
            self._tls.write(text)
        except ssl.SSLError as error:
            raise TlsError(_reason(error)) from None

    def wrap(self, text: bytes) -> bytes:
        """Give what is to go out to the network, that text last.

        Raises:
            TlsError: The connection is of no use any more.
        """
        if text:
            self.send(text)
        return self.take()

    def close(self) -> None:
        """Say that no more will come, as far as that can be said."""
        try:
            self._tls.unwrap()
        except (ssl.SSLError, ValueError):
            # It waits for the other side to say the same, which nobody here does.
            return

    def take(self) -> bytes:
        """Give the bytes that are to go out to the network."""
        return self._outgoing.read()

    @property
    def summary(self) -> str:
        """The version and the cipher agreed on, for people."""
        cipher = self._tls.cipher()
        return f"{self._tls.version()}, {cipher[0] if cipher else 'no cipher'}"

    @property
    def peer_fingerprint(self) -> str:
        """The fingerprint of the other side's certificate; "" if it showed none."""
        certificate = self._tls.getpeercert(binary_form=True)
        return fingerprint(certificate) if certificate else ""

    def _handshake(self) -> bool:
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        except ssl.SSLError as error:
            raise TlsError(_reason(error)) from None
        self.established = True
        return True


def fingerprint(certificate: bytes) -> str:
    """Give the SHA-256 fingerprint of a certificate, as browsers and openssl show it.

    Args:
        certificate: In DER form.

    Returns:
        32 pairs of hexadecimal digits, with colons between.
    """
    return hashlib.sha256(certificate).digest().hex(":").upper()


def _reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return str(error.verify_message)
    return (error.reason or str(error)).replace("_", " ").lower()
