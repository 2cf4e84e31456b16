"""Accounts through a node: what belongs to a person, and what to a name."""

from __future__ import annotations

from tests.unit.node.harness import World, codes, texts

from hubbub.model.commands import CreateAccount
from hubbub.model.events import SERVER_ID
from hubbub.model.roles import Role


def test_the_next_guest_of_a_name_reads_nothing_of_the_last() -> None:
    """Private history goes by the user's id, and that is never given out again."""
    world = World()
    ann, bob = world.json("ann"), world.plain("bob")
    ann.send("send", to="@bob", text="secret")
    bob.drop()
    again = world.json("bob")
    (page,) = again.send("history", of="@ann")
    assert page["messages"] == []
    again.send("send", to="@ann", text="who was here before?")
    assert texts(again.take()) == []
    (page,) = ann.send("history", of="@bob")[-1:]
    assert [one["text"] for one in page["messages"]] == ["who was here before?"]


def test_the_name_of_an_account_is_nobodys_guest_name() -> None:
    """Not in another case, and not in letters that look alike."""
    world = World()
    world.hub.execute(SERVER_ID, CreateAccount("Bill", Role.MEMBER), 1)
    for name in ("Bill", "bill", "BiIl", "B\u0456ll"):
        refused = world.connect().send("hello", name=name)
        assert codes(refused)[0][1] == "hello", name
