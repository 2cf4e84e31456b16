"""Who is let in: passwords, checks beside the turn, guessing, and hubs with a door."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.unit.node.account_holders import (
    OTHER,
    PASSWORD,
    refused,
    register,
    sign_in,
)
from tests.unit.node.harness import World, codes, kinds

from hubbub.model.commands import CreateAccount
from hubbub.model.events import SERVER_ID
from hubbub.model.names import name_key
from hubbub.model.policy import Policy
from hubbub.model.roles import Role
from hubbub.model.secret import Secret
from hubbub.node.passwords import NOBODYS_HASH, hash_password, is_right

if TYPE_CHECKING:
    from tests.unit.node.harness import Frame


@pytest.mark.parametrize(
    ("password", "code"),
    [("short", "password_invalid"), ("x" * 257, "password_invalid"),
     ("bell\x07bell", "password_invalid")],
)  # fmt: skip
def test_passwords_that_nobody_should_have(password: str, code: str) -> None:
    """Refused with what would do instead."""
    world = World()
    ann = world.json("ann")
    refused = ann.send("account", action="register", password=password)
    assert codes(refused) == [(code, "account")]


def test_the_same_password_from_another_keyboard() -> None:
    """RFC 8265, OpaqueString: composed or decomposed, it is the same."""
    world = World()
    register(world.json("ann"), "caf\u00e9 au lait")
    sign_in(world, "ann", "cafe\u0301 au lait")


def test_passwords_only_where_nobody_listens() -> None:
    """Refused over a network in the clear, unless the operator wants it."""
    for policy, code in (
        (Policy(), "not_secure"),
        (Policy(plaintext_passwords=True), "password_wrong"),
    ):
        world = World(policy=policy)
        far = world.connect("198.51.100.7")
        assert codes(far.send("hello", name="ann", password=PASSWORD)) == [
            (code, "hello")
        ]
    world = World()
    far = world.connect("198.51.100.7")
    far.session.encrypted = True
    assert codes(far.send("hello", name="ann", password=PASSWORD)) == [
        ("password_wrong", "hello")
    ]
    mapped = world.connect("::ffff:127.0.0.1")
    assert mapped.session.is_secure
    assert not world.connect("somewhere").session.is_secure


def test_a_hub_with_a_password() -> None:
    """Guests need it, accounts their own, and it is asked for."""
    secret = hash_password(Secret("open sesame"))
    world = World(policy=Policy(password_hash=secret))
    assert refused(world, name="ann") == ("password_needed", "hello")
    assert refused(world, name="ann", password="wrong one")[0] == "password_wrong"
    ann = sign_in(world, "ann", "open sesame")
    register(ann)
    assert refused(world, name="ann", password="open sesame")[0] == "password_wrong"
    sign_in(world, "ann")
    plain = world.connect()
    plain.type("bob")
    world.run()
    assert "this hub needs a password" in plain.text()
    plain.type("open sesame")
    world.run()
    assert "Welcome bob" in plain.text()


def test_a_hub_for_members_alone() -> None:
    """Nobody is told which names there are, and a free one lets nobody in."""
    world = World(policy=Policy(members_only=True))
    world.hub.execute(
        SERVER_ID,
        CreateAccount("ann", Role.MEMBER, hash_password(Secret(PASSWORD))),
        1,
    )
    told = [world.connect().send("hello", name=name) for name in ("ann", "nobody")]
    assert told[0] == told[1]
    assert codes(told[0]) == [("password_needed", "hello")]
    assert refused(world, name="nobody", password=PASSWORD)[0] == "password_wrong"


_OVER_HTTP = (
    "GET /lobby HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET /lobby?follow HTTP/1.1\r\nHost: h\r\n\r\n",
    "POST /lobby HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi",
)


@pytest.mark.parametrize("request_", _OVER_HTTP)
@pytest.mark.parametrize(
    ("policy", "is_let_in"),
    [(Policy(), True), (Policy(members_only=True), False),
     (Policy(password_hash="a hash"), False)],
)  # fmt: skip
def test_a_closed_hub_is_closed_over_http(
    policy: Policy, is_let_in: bool, request_: str
) -> None:
    """Who has not come in hears nothing and says nothing."""
    world = World(policy=policy)
    client = world.connect()
    world.node.receive(client.session, request_.encode(), world.now)
    world.run()
    assert client.text().startswith("HTTP/1.1 2") is is_let_in
    assert is_let_in or world.journal.last_seq == 0


def test_a_wrong_name_costs_as_much_as_a_wrong_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both are checked, against a hash of the same cost."""
    world = World()
    register(world.json("ann"))
    world.works_at_once = False
    for name in ("ann", "nobody-has-this"):
        world.connect().put("hello", name=name, password="a wrong one")
    world.run()
    checks = [getattr(work.run, "func", None) for work in world.works]
    assert checks == [is_right, is_right]
    verified: list[str] = []

    class Hasher:
        def verify(self, expected: str, _password: str) -> bool:
            verified.append(expected)
            return True

    with monkeypatch.context() as patch:
        patch.setattr("hubbub.node.passwords._hasher", Hasher())
        assert [work.run() for work in world.works] == [True, False]
    assert verified == [world.hub.user(1).password_hash, NOBODYS_HASH]
    parameters = NOBODYS_HASH.split("$")[1:4]
    assert hash_password(Secret(PASSWORD)).split("$")[1:4] == parameters
    assert not is_right("", Secret(""))
    assert not is_right("no hash at all", Secret(PASSWORD))


def test_a_name_that_nobody_has_is_looked_up_at_the_same_price(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Names beyond ASCII are dear to look up, so each is, as often as any other."""
    looked_up: list[str] = []

    def counted(name: str) -> str | None:
        looked_up.append(name)
        return name_key(name)

    monkeypatch.setattr("hubbub.hub.find.name_key", counted)
    world = World(policy=Policy(members_only=True))
    world.node.hub.execute(SERVER_ID, CreateAccount("mémber", Role.MEMBER, ""), 1)
    looked_up.clear()
    prices = []
    for name in ("mémber", "nóbody"):
        person = world.connect()
        # For members alone: nothing is looked up before there is a password.
        person.type(name)
        world.run()
        assert "PASSWORD" in person.text()
        assert not looked_up
        person.type("wrong password")
        world.run()
        assert "wrong" in person.text()
        prices.append(len(looked_up))
        looked_up.clear()
    assert prices[0] == prices[1] > 0


def test_guessing_is_slowed_down_where_it_comes_from() -> None:
    """Another address gets in, with the right password, at once."""
    world = World(policy=Policy(plaintext_passwords=True))
    register(world.json("ann"))

    def guess(host: str, password: str) -> list[Frame]:
        return world.connect(host).send("hello", name="ann", password=password)

    tried = [codes(guess("203.0.113.9", f"guess {n}"))[0][0] for n in range(8)]
    assert tried == ["password_wrong"] * 5 + ["too_many_tries"] * 3
    assert codes(guess("203.0.113.9", PASSWORD)) == [("too_many_tries", "hello")]
    assert kinds(guess("203.0.113.10", PASSWORD)) == ["welcome"]
    world.wait(3)
    assert kinds(guess("203.0.113.9", PASSWORD)) == ["welcome"]


def test_many_guesses_at_one_name_are_answered_late_and_never_refused() -> None:
    """From a hundred addresses: the hundred-and-first still gets in."""
    world = World(policy=Policy(plaintext_passwords=True))
    register(world.json("ann"))
    for number in range(30):
        client = world.connect(f"203.0.113.{number}")
        client.put("hello", name="ann", password="guess guess")
        world.run()
        world.wait(0.5)
        assert codes(client.take()) == [("password_wrong", "hello")]
    late = world.connect("198.51.100.1")
    late.put("hello", name="ann", password=PASSWORD)
    world.run()
    assert late.take() == []
    world.wait(0.5)
    assert kinds(late.take())[0] == "welcome"


def test_only_so_many_checks_at_once() -> None:
    """The rest is told to come again; the queue has a bound."""
    world = World(policy=Policy(plaintext_passwords=True))
    world.works_at_once = False
    clients = [world.connect(f"203.0.113.{n}") for n in range(70)]
    for number, client in enumerate(clients):
        client.put("hello", name=f"n{number}", password="guess guess")
    world.run()
    assert len(world.works) == 64
    told = [codes(client.take()) for client in clients]
    assert told.count([("too_many_tries", "hello")]) == 6


def test_a_check_whose_outcome_can_not_be_stored() -> None:
    """Refused like everything else, and it works again with the disk."""
    world = World()
    ann = world.json("ann")
    world.journal.writes = False
    refused = ann.send("account", action="register", password=PASSWORD)
    assert codes(refused) == [("storage_unavailable", "account")]
    assert world.hub.state.accounts == 0
    world.journal.writes = True
    world.wait(1)
    register(ann)


def test_no_event_and_no_frame_has_the_password() -> None:
    """What is stored is a hash, and what is shown is nothing."""
    world = World()
    ann, bob, console = world.json("ann"), world.json("bob"), world.console()
    register(ann)
    ann.send("account", action="passwd", password=PASSWORD, new=OTHER)
    world.run()
    stored = " ".join(map(repr, world.journal.read(0, 100)))
    assert PASSWORD not in stored
    assert OTHER not in stored
    assert "$argon2id$" in stored
    seen = json.dumps(bob.take()) + console.text()
    assert "argon2" not in seen
    assert "account" not in seen
    assert repr(Secret(PASSWORD)) == "Secret(...)"
