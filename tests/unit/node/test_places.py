"""What is counted for each network address: docs/limits.md, "Of one address"."""

from __future__ import annotations

import pytest
from tests.unit.node.harness import Client, World, kinds
from tests.unit.node.test_observers import request

from hubbub.model.limits import Limits
from hubbub.node.places import Bucket, Places

NEAR, FAR = "10.0.0.7", "10.0.0.8"


def come_and_go(world: World, host: str, count: int) -> list[str]:
    """Open connections one after another; give what each was told."""
    told = []
    for _ in range(count):
        client = world.connect(host)
        world.run()
        told.append(client.text())
        client.drop()
    return told


def come_in(world: World, host: str, name: str) -> Client:
    client = world.connect(host)
    client.type(name)
    world.run()
    return client


def provoke(client: Client, count: int) -> str:
    """Say what has to be refused."""
    client.type(*[":nonsense"] * count)
    client.world.run()
    return client.text()


@pytest.mark.limit("connect_rate")
def test_connections_that_come_too_fast_are_refused() -> None:
    world = World(connections_per_address=3, connect_rate=2)
    *welcome, refused = come_and_go(world, NEAR, 4)
    assert welcome == ["", "", ""]
    assert "too many connections come from your address" in refused
    assert come_and_go(world, FAR, 1) == [""]
    world.wait(0.5)
    allowed, refused = come_and_go(world, NEAR, 2)
    assert not allowed
    assert refused


@pytest.mark.limit("join_rate")
def test_guests_who_come_in_too_fast_are_refused() -> None:
    world = World(connections_per_address=2, connect_rate=0, join_rate=1)
    for name in ("ann", "bob"):
        come_in(world, NEAR, name).drop()
    carol = come_in(world, NEAR, "carol")
    assert "too many come in" in carol.text()
    assert "Welcome" in come_in(world, FAR, "dave").text()
    world.wait(1)
    carol.type("carol")
    world.run()
    assert "Welcome" in carol.text()


@pytest.mark.limit("address_rate")
@pytest.mark.limit("address_burst")
def test_what_one_address_asks_for_is_counted_together() -> None:
    """It is slowed, and loses nothing; nobody else is slowed."""
    world = World(address_rate=10, address_burst=8)
    ann, bob = come_in(world, NEAR, "ann"), come_in(world, NEAR, "bob")
    eve = come_in(world, FAR, "eve")
    world.clear()
    ann.type(*(f"a{n}" for n in range(4)))
    bob.type(*(f"b{n}" for n in range(4)))
    eve.type("e0")
    world.run()
    heard = eve.lines()
    assert len(heard) == 6  # two of eight were spent on the names
    assert any("e0" in line for line in ann.lines())
    assert ann.session.paused or bob.session.paused
    world.wait(1)
    assert len(heard + eve.lines()) == 8


def test_another_connection_gives_no_new_burst() -> None:
    """Of a user on several connections, or one after another."""
    world = World(rate=1, burst=4)
    ann = world.json("ann")
    ann.put("ping", id="1")
    ann.put("ping", id="2")
    ann.put("ping", id="3")
    world.run()
    assert kinds(ann.take()) == ["pong"] * 3
    ann.drop()
    again = world.connect()
    (welcome,) = again.send(
        "hello", name="ann", resume={"token": ann.token, "after": 0}
    )
    assert welcome["resumed"]
    again.put("ping", id="4")
    world.run()
    assert again.take() == []
    world.wait(5)
    assert kinds(again.take()) == ["pong"]


def test_what_a_user_may_ask_for_is_forgotten_with_them() -> None:
    world = World()
    for number in range(5):
        come_in(world, NEAR, f"guest-{number}").drop()
    world.wait(10)
    assert world.node._sessions._buckets == {}
    world.wait(600)
    assert len(world.node._sessions._places) == 0


@pytest.mark.limit("refusals")
def test_who_is_refused_again_and_again_is_slowed_and_then_closed() -> None:
    world = World(refusals=10, rate=50, burst=20)
    ann = come_in(world, NEAR, "ann")
    ann.text()
    assert provoke(ann, 5).count("error") == 5
    # From the half on each costs a quarter of a second.
    assert provoke(ann, 20).count("error") == 2
    world.wait(0.2)
    assert ann.text() == ""
    world.wait(60)
    assert "too much of what you asked for had to be refused" in ann.text()
    assert not ann.session.is_open


def test_who_errs_now_and_then_is_not_slowed() -> None:
    world = World(refusals=4)
    ann = come_in(world, NEAR, "ann")
    ann.text()
    for _ in range(30):
        assert "error" in provoke(ann, 1)
        world.wait(1)
    assert ann.session.is_open


@pytest.mark.limit("address_refusals")
@pytest.mark.limit("bar_seconds")
def test_an_address_that_is_refused_too_much_is_kept_out_for_a_while() -> None:
    world = World(address_refusals=6, bar_seconds=20)
    bystander = come_in(world, NEAR, "bystander")
    for name in ("ann", "bob"):
        provoke(come_in(world, NEAR, name), 4)
    (told,) = come_and_go(world, NEAR, 1)
    assert "try again in 20 seconds" in told
    assert come_and_go(world, FAR, 1) == [""]
    # Who is in stays in, and trying does not make it longer.
    assert bystander.session.is_open
    world.wait(19.5)
    assert come_and_go(world, NEAR, 1) != [""]
    world.wait(0.6)
    assert come_and_go(world, NEAR, 1) == [""]


def test_the_console_is_told_whom_the_limits_keep_out() -> None:
    """One line in a round of two seconds, however many there are; all are counted."""
    world = World(address_refusals=1, bar_seconds=20)
    console = world.console()
    hosts = [f"10.0.0.{number}" for number in range(5)]
    for number, host in enumerate(hosts):
        provoke(come_in(world, host, f"guest-{number}"), 3)
    console.text()
    world.wait(2)
    (line,) = [one for one in console.lines() if "kept out" in one]
    assert "10.0.0.0, 10.0.0.1, 10.0.0.2, 2 more are kept out for 20 seconds" in line
    world.wait(2)
    assert "kept out" not in console.text()
    assert world.node._sessions.bars == len(hosts)
    metrics = request(world, "GET /metrics").text()
    assert "hubbub_addresses_kept_out_total 5" in metrics


def test_who_is_kept_out_is_remembered_without_a_connection() -> None:
    """Though nothing else is left to remember of the address."""
    world = World(address_refusals=3, bar_seconds=100)
    rude = come_in(world, NEAR, "rude")
    assert provoke(rude, 4).count("error") == 4
    rude.drop()
    world.wait(90)
    (told,) = come_and_go(world, NEAR, 1)
    assert "try again in 10 seconds" in told


def test_after_that_everything_is_allowed_again() -> None:
    """docs/limits.md, `bar_seconds`: with all that is allowed, however short it was."""
    world = World(address_refusals=20, refusals=1000, bar_seconds=0.1)
    provoke(come_in(world, NEAR, "rude"), 21)
    world.wait(0.2)
    again = come_in(world, NEAR, "again")
    assert provoke(again, 19).count("error") == 19
    assert again.session.is_open


def test_connecting_again_and_again_keeps_an_address_out() -> None:
    """Each connection that came too fast was refused, and is counted as that."""
    world = World(connections_per_address=1, connect_rate=0.1, address_refusals=5)
    told = come_and_go(world, NEAR, 8)
    assert told[0] == ""
    assert all("too many connections" in one for one in told[1:7])
    assert "had to be refused" in told[7]


def test_the_hubs_own_fault_is_held_against_nobody() -> None:
    """docs/limits.md, "Of one address": `storage_unavailable` is never counted."""
    world = World(refusals=3, address_refusals=3)
    ann = come_in(world, NEAR, "ann")
    world.journal.writes = False
    for _ in range(10):
        ann.type("hello")
        world.run()
    assert ann.text().count("error") == 10
    assert ann.session.is_open
    assert come_and_go(world, NEAR, 1) == [""]


def test_a_proxy_that_has_not_told_is_nobody() -> None:
    """What comes from it is counted for its own connection alone."""
    world = World(address_refusals=2, address_rate=1, address_burst=1)
    session = world.node.connect(NEAR, 1, None, world.now, proxied=True)
    client = Client(world, session)
    world.clients.append(client)
    client.type("ann")
    world.run()
    assert provoke(client, 9).count("error") == 9
    assert session.is_open


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_neither_slowed_nor_kept_out(host: str) -> None:
    """Behind it there may be a proxy that nobody named, or a tunnel."""
    world = World(
        connect_rate=1,
        join_rate=1,
        address_rate=1,
        address_burst=1,
        address_refusals=1,
        connections_per_address=2,
    )
    for number in range(4):
        client = come_in(world, host, f"guest-{number}")
        assert "Welcome" in client.text()
        assert provoke(client, 5).count("error") == 5
        client.drop()
    assert come_and_go(world, host, 5) == [""] * 5


def test_neither_is_a_named_proxy_but_those_for_whom_it_asks_are() -> None:
    world = World(address_refusals=3, connections_per_address=1)
    for number in range(3):
        session = world.node.connect(NEAR, 1, None, world.now, proxied=True)
        client = Client(world, session)
        world.clients.append(client)
        assert session.is_open
        world.node.move(session, FAR, 1, world.now)
        client.type(f"guest-{number}")
        world.run()
        told = provoke(client, 4)
        # Once the address is kept out, the proxy can't bring it in any more.
        assert ("of what you asked for" in told) == (number == 0)
        assert not session.is_open
        client.drop()
    assert come_and_go(world, NEAR, 1) == [""]
    assert "try again in" in come_and_go(world, FAR, 1)[0]


def test_of_ipv6_a_customers_network_is_one_address() -> None:
    world = World(connections_per_address=1)
    world.connect("2001:db8:0:1::7")
    assert "too many connections" in come_and_go(world, "2001:db8:0:1::8", 1)[0]
    assert come_and_go(world, "2001:db8:0:2::8", 1) == [""]


def test_memory_for_places_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hubbub.node.places._KEPT", 3)
    places = Places(Limits())
    standing = places.enter("10.1.0.0", 0.0)
    gone = [places.enter(f"10.0.0.{number}", 0.0) for number in range(10)]
    for place in gone:
        places.leave(place)
    assert len(places) == 4
    assert places.enter("10.1.0.0", 0.0) is standing
    # Those that have been without a connection for longest are forgotten.
    kept = [places.enter(f"10.0.0.{number}", 0.0) is gone[number] for number in (6, 9)]
    assert kept == [False, True]


def test_a_place_is_remembered_while_there_is_something_to_remember() -> None:
    places = Places(Limits(connect_rate=1))
    place = places.enter(NEAR, 0.0)
    place.connects.take(0.0)
    places.leave(place)
    places.forget(0.5)
    assert len(places) == 1
    places.forget(1.0)
    assert len(places) == 0


def test_a_bucket_without_a_rate_is_never_empty() -> None:
    bucket = Bucket(0, 1, 0.0)
    assert all(bucket.take(0.0) for _ in range(5))
    assert bucket.is_full(0.0)
