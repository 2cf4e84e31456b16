"""The PROXY protocol, version 2: a proxy tells for whom it has opened a connection.

https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt, section 2.2.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"

_HEADER = struct.Struct("!12sBBH")

# The addresses take 36 bytes at the most here; the rest is for extensions (TLVs), which
# are passed over. A proxy has no reason to send more than this.
_MAX_LENGTH = 4096

_LOCAL, _PROXY = 0x20, 0x21

_SSL, _CLIENT_SSL = 0x20, 0x01


class ProxyError(Exception):
    """A header is not as it has to be. The message says how."""


@dataclass(frozen=True, slots=True)
class ProxyHeader:
    """A header that was read.

    Attributes:
        source: The address and port of whom the proxy speaks for; None when it speaks
            for itself (a health check), or for no TCP connection.
        size: Bytes that the header took.
        encrypted: Whether that one's connection to the proxy is.
    """

    source: tuple[str, int] | None
    size: int
    encrypted: bool = False


def may_begin(data: bytes) -> bool:
    """Tell whether data is, or may become, the beginning of a header."""
    return data.startswith(SIGNATURE[: len(data)])


def read_header(data: bytes) -> ProxyHeader | None:
    """Read a header from the front.

    Args:
        data: Begins as `SIGNATURE` does.

    Returns:
        The header, or None when more bytes are needed.

    Raises:
        ProxyError: It is none that this version knows.
    """
    if len(data) < _HEADER.size:
        return None
    signature, command, family, length = _HEADER.unpack_from(data)
    if signature != SIGNATURE or command >> 4 != 2:
        raise ProxyError("that is no header of the PROXY protocol, version 2")
    if length > _MAX_LENGTH:
        raise ProxyError(f"the PROXY header is over {_MAX_LENGTH} bytes long")
    size = _HEADER.size + length
    if len(data) < size:
        return None
    if command == _LOCAL:
        return ProxyHeader(None, size)
    if command != _PROXY:
        raise ProxyError("the PROXY header has an unknown command")
    block = data[_HEADER.size : size]
    # Source address, destination address, source port, destination port; extensions.
    match family:
        case 0x11 if len(block) >= 12:
            source = str(IPv4Address(block[:4])), int.from_bytes(block[8:10])
            return ProxyHeader(source, size, _is_encrypted(block[12:]))
        case 0x21 if len(block) >= 36:
            source = str(IPv6Address(block[:16])), int.from_bytes(block[32:34])
            return ProxyHeader(source, size, _is_encrypted(block[36:]))
        case 0x11 | 0x21:
            raise ProxyError("the PROXY header is too short for its addresses")
        case _:
            # "the receiver should ignore the address information" (section 2.2)
            return ProxyHeader(None, size)


def _is_encrypted(extensions: bytes) -> bool:
    """Find out whether the extensions say so (sections 2.2.6 and 2.2.7).

    Each is a type, a length of two bytes, and a value; that of the one for TLS begins
    with flags.
    """
    while len(extensions) > 3:
        end = 3 + int.from_bytes(extensions[1:3])
        if extensions[0] == _SSL:
            return end > 3 and bool(extensions[3] & _CLIENT_SSL)
        extensions = extensions[end:]
    return False
