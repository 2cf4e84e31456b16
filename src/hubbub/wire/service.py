"""What a hub says of itself on a local network: DNS-based service discovery (RFC 6763).

Anybody on the network can say such a thing. So it tells where a hub may be and proves
nothing: who a hub is, its certificate shows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from hubbub.model.text import one_line

SERVICE_TYPE = "_hubbub._tcp.local."
"""The service's name (RFC 6763, section 7), in the domain of multicast DNS."""

# RFC 6763, section 4.1.1: an instance's name is one label of DNS.
_LABEL_BYTES = 63

_FINGERPRINT = re.compile(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}")
_LONGEST_VERSION = 32


class ServiceText(msgspec.Struct, frozen=True):
    """The TXT record of a hub (RFC 6763, section 6).

    Attributes:
        version: The version of Hubbub, "" when it is not told.
        fingerprint: Of the certificate, by SHA-256, in hexadecimal with colons; ""
            where no TLS is spoken, or it is not told.
        tls: Whether TLS is spoken.
    """

    version: str = ""
    fingerprint: str = ""
    tls: bool = False

    def write(self) -> dict[str, str]:
        """Give the keys and values; `path` is where a browser begins."""
        said = {"path": "/", "version": self.version}
        if self.tls:
            said |= {"tls": "1", "fingerprint": self.fingerprint}
        return said

    @classmethod
    def read(cls, said: Mapping[str, str | None]) -> ServiceText:
        """Read what somebody says, whatever it is; what makes no sense is left out."""
        version = one_line(said.get("version") or "")
        fingerprint = said.get("fingerprint") or ""
        return cls(
            version[:_LONGEST_VERSION],
            fingerprint if _FINGERPRINT.fullmatch(fingerprint) else "",
            said.get("tls") == "1",
        )


def instance_name(host: str, port: int) -> str:
    """Name a hub for people, by its machine and its port.

    Args:
        host: What the machine is called; its domain is left out.
        port: Tells the hubs of one machine apart.
    """
    end = f"-{port}"
    # The rest is for a number that tells it from another of the same name.
    room = _LABEL_BYTES - len(end) - 4
    label = one_line(host.partition(".")[0]).encode()[:room].decode(errors="ignore")
    return f"{label or 'hubbub'}{end}"


def shown_name(full_name: str) -> str:
    """Give the part of a service's name that is for people, fit for a terminal."""
    return one_line(full_name.removesuffix(f".{SERVICE_TYPE}"))[:_LABEL_BYTES]
