"""The addresses of this machine, in the order in which others are told them."""

from __future__ import annotations

import ifaddr
import pytest

from hubbub.app.addresses import reachable_addresses


def adapter(name: str, *ips: str) -> ifaddr.Adapter:
    """Make a network interface; IPv6 addresses come as tuples, as the system's do."""
    return ifaddr.Adapter(
        name,
        name,
        [ifaddr.IP((ip, 0, 0) if ":" in ip else ip, 24, name) for ip in ips],
    )


MACHINE = [
    adapter("lo", "127.0.0.1", "::1"),
    adapter("docker0", "172.17.0.1"),
    adapter("usb0", "169.254.7.7"),
    adapter("wlan0", "2a00:1::5", "2a00:1::6", "fe80::5", "192.168.1.5"),
    adapter("eth0", "203.0.113.9"),
]


def test_the_likeliest_comes_first() -> None:
    assert reachable_addresses("::", MACHINE) == (
        "192.168.1.5",
        "203.0.113.9",
        "2a00:1::5",
        "169.254.7.7",
        "172.17.0.1",
    )


def test_ipv4_alone_is_reached_by_ipv4_alone() -> None:
    assert "2a00:1::5" not in reachable_addresses("0.0.0.0", MACHINE)


@pytest.mark.parametrize("host", ["127.0.0.1", "10.1.2.3", "2a00:1::5", "fe80::1%eth0"])
def test_one_that_was_chosen_is_the_one(host: str) -> None:
    assert reachable_addresses(host, MACHINE) == (host,)


@pytest.mark.parametrize("listening", ["::", "0.0.0.0"])
def test_without_a_network_it_is_this_machine(listening: str) -> None:
    assert reachable_addresses(listening, MACHINE[:1]) == ("127.0.0.1",)


def test_the_system_is_asked() -> None:
    assert reachable_addresses("::")
