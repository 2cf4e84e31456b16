"""Where somebody comes from, as far as it counts: a network address, or a network."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from hubbub.model.network import network_of


def place_of(host: str) -> str:
    """Give the place that acts against somebody hold for, or "" for none.

    The hub's own machine is no place: whoever is at it, or comes through a proxy on it
    that does not say for whom, would be shut out together with its administrator.
    """
    network = network_of(host)
    try:
        return "" if ip_address(network).is_loopback or network == "::" else network
    except ValueError:
        return ""


def parse_place(text: str) -> str | None:
    """Read an address or a network as somebody writes it.

    Returns:
        The place; "" for one on the hub's own machine; None when it is no address.
    """
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return None
    if network.is_loopback or network.network_address.is_loopback:
        return ""
    if network.num_addresses == 1:
        return place_of(str(network.network_address))
    return str(network)


def is_network(place: str) -> bool:
    """Tell whether a place is more than what counts as one address."""
    return "/" in place


def covers(place: str, other: str) -> bool:
    """Tell whether a place is another one, or a network that it lies in."""
    if place == other:
        return True
    if not other or not is_network(place):
        return False
    return ip_address(other) in ip_network(place)
