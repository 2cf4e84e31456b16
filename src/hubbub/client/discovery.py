"""The hubs that announce themselves on this network, by multicast DNS (RFC 6762)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Interface, IPv6Interface, ip_address, ip_interface
from time import monotonic, sleep

import ifaddr
import msgspec
from zeroconf import (
    DNSQuestionType,
    InterfaceChoice,
    IPVersion,
    ServiceBrowser,
    ServiceInfo,
    ServiceStateChange,
    Zeroconf,
)

from hubbub.wire.service import SERVICE_TYPE, ServiceText, shown_name

# More than a person reads; a network that shouts gets no further.
_MOST = 64

# How long to ask a hub for what it did not say by itself.
_ASK_SECONDS = 0.5

ANSWERED_TO_ALL = DNSQuestionType.QM
"""How to ask: an answer to this machine alone may reach another program on the port."""

# It logs what others get wrong, which is no concern of who looks for a hub.
logging.getLogger("zeroconf").addHandler(logging.NullHandler())


class FoundHub(msgspec.Struct, frozen=True):
    """A hub as it announces itself. Nothing of it is proven.

    Attributes:
        name: What it is called, for people; fit for a terminal.
        addresses: Its IP addresses, at least one; those in a network of this machine
            come first.
        port: Its port.
        version: The version of Hubbub, "" when it is not told.
        tls: Whether it speaks TLS.
        fingerprint: Of its certificate, or "".
    """

    name: str
    addresses: tuple[str, ...]
    port: int
    version: str = ""
    tls: bool = False
    fingerprint: str = ""


def find_hubs(
    wait: float = 2.0,
    *,
    interfaces: Sequence[str] | None = None,
) -> list[FoundHub]:
    """Look for the hubs on this network.

    Args:
        wait: Seconds to listen. Who has just answered another may keep silent for one
            (RFC 6762, section 6), so in less than two not all are heard.
        interfaces: Addresses of this machine to ask from; None for all.

    Returns:
        Them, by name.

    Raises:
        OSError: This machine can't ask: it has no network, or may not use the port.
    """
    network = open_multicast(interfaces)
    try:
        names = _listen(network, wait)
        ends = monotonic() + _ASK_SECONDS
        found = [hub for name in names for hub in _look_at(network, name, ends)]
    finally:
        network.close()
    return sorted(found, key=lambda hub: hub.name.casefold())


def open_multicast(interfaces: Sequence[str] | None = None) -> Zeroconf:
    """Open the sockets of multicast DNS.

    Args:
        interfaces: Addresses of this machine to use; None for all.

    Raises:
        OSError: There is no network that could be used.
    """
    if interfaces is not None:
        return Zeroconf(interfaces=list(interfaces), use_asyncio=False)
    try:
        return _all_interfaces(IPVersion.All)
    except OSError:
        return _all_interfaces(IPVersion.V4Only)


def _all_interfaces(version: IPVersion) -> Zeroconf:
    try:
        return Zeroconf(InterfaceChoice.All, ip_version=version, use_asyncio=False)
    except RuntimeError as error:
        raise OSError(str(error)) from None


def _listen(network: Zeroconf, wait: float) -> list[str]:
    """Give the names of those who answer, in the order in which they do."""
    names: dict[str, None] = {}

    def note(
        zeroconf: Zeroconf,
        service_type: str,
        name: str,
        state_change: ServiceStateChange,
    ) -> None:
        if state_change is ServiceStateChange.Removed:
            names.pop(name, None)
        elif len(names) < _MOST:
            names[name] = None

    with ServiceBrowser(
        network, SERVICE_TYPE, handlers=[note], question_type=ANSWERED_TO_ALL
    ):
        sleep(wait)
    return list(names)


def _look_at(network: Zeroconf, name: str, ends: float) -> Iterator[FoundHub]:
    """Give the hub behind a name, if what it says makes one."""
    info = ServiceInfo(SERVICE_TYPE, name)
    left = max(1, int(1000 * (ends - monotonic())))
    if not (
        info.load_from_cache(network) or info.request(network, left, ANSWERED_TO_ALL)
    ):
        return
    addresses = _sorted(info.parsed_scoped_addresses(IPVersion.All))
    if not (addresses and info.port):
        return
    text = ServiceText.read(info.decoded_properties)
    yield FoundHub(
        shown_name(name),
        addresses,
        info.port,
        text.version,
        text.tls,
        text.fingerprint,
    )


def _sorted(addresses: Sequence[str]) -> tuple[str, ...]:
    networks = [interface.network for interface in _own_interfaces()]

    def distance(text: str) -> tuple[bool, bool, bool]:
        address = ip_address(text.partition("%")[0])
        near = any(address in network for network in networks)
        return (not near, address.is_link_local, address.version == 6)

    return tuple(sorted(dict.fromkeys(addresses), key=distance))


def own_addresses() -> frozenset[str]:
    """Give the addresses of this machine, all of them."""
    return frozenset(str(interface.ip) for interface in _own_interfaces())


def _own_interfaces() -> list[IPv4Interface | IPv6Interface]:
    return [
        ip_interface(
            f"{ip.ip if isinstance(ip.ip, str) else ip.ip[0]}/{ip.network_prefix}"
        )
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
    ]
