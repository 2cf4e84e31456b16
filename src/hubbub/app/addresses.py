"""The addresses at which others on a network find this machine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

import ifaddr

Address = IPv4Address | IPv6Address

# Bridges of containers and virtual machines, and tunnels: few others stand there.
_INNER = re.compile(
    r"(docker|br-|veth|virbr|vmnet|vboxnet|vethernet|lxc|lxd|cni|podman|bridge"
    r"|tun|tap|utun|wg|zt|tailscale)",
    re.IGNORECASE,
)


def reachable_addresses(
    listening: str, adapters: Iterable[ifaddr.Adapter] | None = None
) -> tuple[str, ...]:
    """List the addresses by which a listener is reached, the likeliest one first.

    Args:
        listening: The address that it listens on.
        adapters: The network interfaces of this machine; None to ask the system.

    Returns:
        At least one: that of this machine alone when it is in no network.
    """
    address = ip_address(listening.partition("%")[0])
    if not address.is_unspecified:
        return (listening,)
    given = ifaddr.get_adapters() if adapters is None else adapters
    found = sorted(
        (rank, str(one))
        for adapter in given
        for rank, one in _ranked(adapter)
        if address.version == 6 or one.version == 4
    )
    # By rank alone the order would be that of the text.
    return tuple(dict.fromkeys(text for _, text in found)) or ("127.0.0.1",)


def _ranked(adapter: ifaddr.Adapter) -> Iterator[tuple[tuple[bool, ...], Address]]:
    """Give the addresses of an interface that others can use, lower ranks first."""
    inner = _INNER.match(adapter.nice_name) is not None
    has_v6 = False
    for ip in adapter.ips:
        one = ip_address(ip.ip if isinstance(ip.ip, str) else ip.ip[0])
        if one.is_loopback or one.is_multicast:
            continue
        if one.version == 6:
            # A link-local one needs the other machine's name of its interface, and
            # of those that change for privacy one is enough.
            if one.is_link_local or has_v6:
                continue
            has_v6 = True
        yield (inner, one.is_link_local, one.version == 6, not one.is_private), one
