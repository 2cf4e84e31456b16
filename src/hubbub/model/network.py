"""Network addresses: which are near, which count as one, and which are on a list."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)


def parse_host(host: str) -> IPv4Address | IPv6Address | None:
    """Read an address; None for what is none.

    A zone is left out, and an IPv4 address in the clothes of IPv6 (RFC 4291, section
    2.5.5.2) is what it is.
    """
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def is_loopback(host: str) -> bool:
    """Tell whether an address is of this machine itself."""
    address = parse_host(host)
    return address is not None and address.is_loopback


def network_of(host: str) -> str:
    """Give what counts as one address: of IPv6, the network of a customer (/64)."""
    address = parse_host(host)
    if address is None:
        return host
    if isinstance(address, IPv6Address):
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)


def shown_address(host: str, port: int) -> str:
    """Give `IP:PORT` for others to see, or "" for an address of the public internet.

    With the port 0 it is not known, and is left out.
    """
    try:
        if ip_address(host.partition("%")[0]).is_global:
            return ""
    except ValueError:
        return ""
    shown = f"[{host}]" if ":" in host else host
    return f"{shown}:{port}" if port else shown


class Networks:
    """A list of addresses and networks."""

    __slots__ = ("_networks",)

    def __init__(self, texts: Iterable[str] = ()) -> None:
        """Read the list.

        Raises:
            ValueError: Something in it is neither an address nor a network.
        """
        self._networks: tuple[IPv4Network | IPv6Network, ...] = tuple(
            ip_network(text, strict=False) for text in texts
        )

    def __bool__(self) -> bool:
        return bool(self._networks)

    def __contains__(self, host: str) -> bool:
        address = parse_host(host) if self._networks else None
        return address is not None and any(
            address in network for network in self._networks
        )
