"""The counts of wrong passwords: waits that double, and never for somebody else."""

from __future__ import annotations

import pytest

from hubbub.model.network import network_of
from hubbub.node.tries import Tries


def fail(tries: Tries, host: str, name: str, times: int, now: float = 0.0) -> None:
    for _ in range(times):
        tries.begin(host, name, now)


def test_the_wait_doubles_and_has_an_end() -> None:
    tries = Tries()
    waits = []
    for _ in range(20):
        fail(tries, "a", "ann", 1)
        waits.append(tries.wait("a", "ann", 0.0))
    assert waits[:8] == [0, 0, 0, 0, 1, 2, 4, 8]
    assert max(waits) == 300
    assert tries.wait("a", "ann", 299.0) == 1
    assert tries.wait("a", "ann", 301.0) == 0


def test_another_name_and_another_address_do_not_wait() -> None:
    tries = Tries()
    fail(tries, "a", "ann", 30)
    assert tries.wait("a", "bob", 0.0) == 0
    assert tries.wait("b", "ann", 0.0) == 0
    fail(tries, "a", "bob", 30)
    assert tries.wait("a", "carol", 0.0) > 0, "many names from one address"


def test_success_takes_the_try_back() -> None:
    tries = Tries()
    fail(tries, "a", "ann", 5)
    tries.succeed("a", "ann")
    assert tries.wait("a", "ann", 0.0) == 0
    tries.succeed("x", "never tried")


def test_what_is_long_ago_is_forgotten() -> None:
    tries = Tries()
    fail(tries, "a", "ann", 100)
    assert tries.delay("ann", 0.0) > 0
    assert tries.delay("ann", 1_000.0) == 0
    assert tries.wait("a", "ann", 1_000.0) == 0
    fail(tries, "a", "ann", 1, 1_000.0)
    assert tries.wait("a", "ann", 1_000.0) == 0


def test_the_delay_of_a_name_has_an_end() -> None:
    tries = Tries()
    assert tries.delay("ann", 0.0) == 0
    for number in range(1_000):
        tries.begin(f"10.0.{number // 200}.{number % 200}", "ann", 0.0)
    assert tries.delay("ann", 0.0) == 2.0


def test_the_memory_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hubbub.node.tries._KEPT", 9)
    tries = Tries()
    for number in range(50):
        fail(tries, f"h{number}", "ann", 1)
    assert len(tries._counts) == 9
    assert tries._failures(("", "ann"), 0.0) == 50


@pytest.mark.parametrize(
    ("host", "network"),
    [("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"),
     ("2001:db8:1:2:3::4", "2001:db8:1:2::"), ("fe80::1%eth0", "fe80::"),
     ("somewhere", "somewhere")],
)  # fmt: skip
def test_what_counts_as_one_address(host: str, network: str) -> None:
    """One customer has a whole /64 of IPv6."""
    assert network_of(host) == network


def test_what_nobody_guesses_is_counted_by_itself() -> None:
    """A program with a token that is over keeps nobody else from signing in."""
    tries = Tries()
    for _ in range(100):
        tries.begin("a", "access token", 0.0, alone=True)
    assert tries.wait("a", "access token", 0.0) > 0
    assert tries.wait("a", "ann", 0.0) == 0
    assert tries.delay("access token", 0.0) == 0
