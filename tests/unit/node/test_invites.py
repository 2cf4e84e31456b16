"""Coming in with a code: at once with others, where others listen, on full disks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.node.account_holders import PASSWORD, refused, sign_in
from tests.unit.node.harness import Client, World, codes, kinds

from hubbub.hub.rights import role_of
from hubbub.model.policy import Policy
from hubbub.model.roles import Role

if TYPE_CHECKING:
    from tests.unit.node.harness import Frame

CLOSED = Policy(members_only=True)


def code_of(world: World, command: str = ":invite new") -> str:
    """Have the console make a code."""
    console = world.console()
    console.type(command)
    world.run()
    code = console.text().splitlines()[1].strip()
    console.drop()
    return code


def shows(code: str, name: str = "ann", password: str = PASSWORD) -> Frame:
    return {"name": name, "invite": code, "password": password}


def test_two_who_show_it_in_one_turn() -> None:
    """One is in, and the other is told so: neither was first by the clock."""
    world = World(policy=CLOSED)
    code = code_of(world)
    ann, bob = world.connect(), world.connect()
    ann.put("hello", **shows(code))
    bob.put("hello", **shows(code, "bob"))
    world.run()
    assert kinds(ann.take()) == ["welcome"]
    assert codes(bob.take()) == [("invite_invalid", "hello")]
    assert world.hub.find_user("bob") is None


def test_what_changes_while_the_password_is_hashed() -> None:
    """The code is revoked, or the name is taken: it is looked at anew."""
    world = World()
    code = code_of(world, ":invite new for 1h")
    world.works_at_once = False
    ann = world.connect()
    ann.put("hello", **shows(code))
    world.run()
    assert ann.take() == []
    guest = world.json("ann")
    world.work()
    world.run()
    assert codes(ann.take()) == [("name_taken", "hello")]
    assert role_of(world.hub.state, guest.session.user or 0) is Role.GUEST
    ann.put("hello", **shows(code, "anna"))
    world.run()
    console = world.console()
    (invite,) = world.hub.state.invites
    console.type(f":invite revoke {invite}")
    world.run()
    world.work()
    world.run()
    assert codes(ann.take()) == [("invite_invalid", "hello")]


def test_only_where_nobody_listens() -> None:
    """It is refused before a password is asked for, and nothing is used up."""
    world = World(policy=CLOSED)
    code = code_of(world)
    far = world.connect("198.51.100.7")
    assert codes(far.send("hello", name="ann", invite=code)) == [
        ("not_secure", "hello")
    ]
    plain = world.connect("198.51.100.7")
    plain.type(f":invite {code}")
    world.run()
    assert "use TLS" in plain.text()
    (welcome,) = world.connect().send("hello", **shows(code))
    assert welcome["role"] == "member"


def test_a_disk_that_is_full_uses_nothing_up() -> None:
    """Nobody is in and no code is used; the same line works when the disk does."""
    world = World(policy=CLOSED)
    code = code_of(world)
    ann = world.connect()
    ann.type(f":invite {code}", "ann")
    world.run()
    world.journal.writes = False
    ann.type(PASSWORD)
    world.run()
    assert "can't write to its disk" in ann.text()
    world.journal.writes = True
    world.wait(1)
    ann.type("ann")
    world.run()
    assert "choose a password" in ann.text()
    ann.type(PASSWORD)
    world.run()
    assert "Welcome ann" in ann.text()
    sign_in(world, "ann")


def test_a_code_that_can_not_be_stored_is_not_told() -> None:
    world = World()
    console = world.console()
    world.journal.writes = False
    console.type(":invite new")
    world.run()
    assert "--invite" not in (told := console.text())
    assert "Invitation" not in told


def test_a_good_code_is_taken_however_many_were_wrong() -> None:
    """Behind one address may be a school; whoever guesses has to wait."""
    world = World(policy=CLOSED)
    code = code_of(world)
    for number in range(40):
        assert refused(world, name="eve", invite=f"wrong-{number}")[0] == (
            "invite_invalid"
        )
    assert refused(world, name="eve", invite="wrong")[0] == "too_many_tries"
    assert kinds(world.connect().send("hello", **shows(code))) == ["welcome"]


def test_a_dead_code_is_let_go_of() -> None:
    """At netcat the next name is one without it: asked as on any other day."""
    world = World()
    code = code_of(world)
    ann, bob = world.connect(), world.connect()
    for one in (ann, bob):
        one.type(f":invite {code}")
        world.run()
        assert "you are invited" in one.text()
    ann.type("ann", PASSWORD)
    world.run()
    assert "Welcome ann" in ann.text()
    bob.type("bob")
    world.run()
    assert "ask for another" in bob.text()
    bob.type("bob")
    world.run()
    assert "Welcome bob" in bob.text()
    ann.type(f":invite {code}")
    world.run()
    assert "write it as :invite new" in ann.text()


def test_what_stands_before_the_name() -> None:
    """Without a code it says how to write it; a maker's command has no maker yet."""
    world = World()
    somebody: Client = world.connect()
    for line, told in (
        (":invite", "write it as :invite <code>"),
        (":invite new", "say who you are first"),
        (":invites", "say who you are first"),
    ):
        somebody.type(line)
        world.run()
        assert told in somebody.text()


def test_nobody_shows_a_code_who_is_in() -> None:
    world = World()
    code = code_of(world)
    ann = world.json("ann")
    assert codes(ann.send("hello", **shows(code, "anna"))) == [
        ("already_joined", "hello")
    ]


def test_many_who_are_invited_at_once_wait() -> None:
    """docs/limits.md: `join_rate`, as for guests; a code is not used up by it."""
    world = World(connections_per_address=2, connect_rate=0, join_rate=0.001)
    code = code_of(world, ":invite new for 1h")
    for name in ("a1", "b2"):
        client = world.connect("198.51.100.7")
        client.session.encrypted = True
        assert kinds(client.send("hello", **shows(code, name))) == ["welcome"]
        client.drop()
    late = world.connect("198.51.100.7")
    late.session.encrypted = True
    assert codes(late.send("hello", **shows(code, "c3"))) == [
        ("too_many_joins", "hello")
    ]


def test_a_code_where_a_password_is_asked_for() -> None:
    """Who gave the name first is told how, and may; a password is still a password."""
    world = World(policy=CLOSED)
    code = code_of(world)
    ann = world.connect()
    ann.type("ann")
    world.run()
    assert ":invite <code> with an invitation" in ann.text()
    ann.type(":invite me")
    world.run()
    assert "the name or the password is wrong" in ann.text()
    ann.type("ann", f":invite {code}", "ann")
    world.run()
    assert "choose a password" in ann.text()
    ann.type(PASSWORD)
    world.run()
    assert "Welcome ann" in ann.text()


def test_what_can_be_mended_at_the_door() -> None:
    """A name that is taken or none, a password that is none; nothing is used up."""
    world = World()
    code = code_of(world)
    world.json("bob")
    ann = world.connect()
    for fields, told in (
        (shows(code, "bob"), "name_taken"),
        (shows(code, "two words"), "name_invalid"),
        ({"name": "ann", "invite": code}, "new_password_needed"),
        (shows(code, password="short"), "password_invalid"),
    ):
        assert codes(ann.send("hello", **fields)) == [(told, "hello")]
    assert kinds(ann.send("hello", **shows(code))) == ["welcome"]


def test_hashing_that_fails_lets_nobody_in() -> None:
    world = World()
    code = code_of(world)
    world.works_at_once = False
    ann = world.connect()
    ann.put("hello", **shows(code))
    world.run()
    (work,) = world.works
    world.works.clear()
    world.node.done(work, None)
    world.run()
    assert world.hub.find_user("ann") is None
    world.works_at_once = True
    assert kinds(ann.send("hello", **shows(code))) == ["welcome"]
