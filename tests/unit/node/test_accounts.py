"""Accounts through a node: what belongs to a person, and what to a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.node.account_holders import (
    OTHER,
    PASSWORD,
    messages,
    refused,
    register,
    sign_in,
)
from tests.unit.node.harness import World, codes, kinds, texts

if TYPE_CHECKING:
    pass


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
    (page,) = ann.send("history", of="@bob")[-1:]
    assert [one["text"] for one in page["messages"]] == ["who was here before?"]


@pytest.mark.parametrize("name", ["Bill", "bill", "BiIl", "B\u0456ll"])
def test_the_name_of_an_account_is_nobodys_guest_name(name: str) -> None:
    """Not in another case, not in letters that look alike, not while one is away."""
    world = World()
    bill = world.json("Bill")
    register(bill)
    bill.send("bye")
    code, re = refused(world, name=name)
    same = name.casefold() == "bill"
    assert (code, re) == ("password_needed" if same else "name_taken", "hello")


def test_several_devices_each_see_everything() -> None:
    """Also what is said on another one, in private as well."""
    world = World()
    ann = world.json("ann")
    register(ann)
    second, bob = sign_in(world, "Ann"), world.json("bob")
    world.clear()
    bob.send("send", to="@ann", text="to you")
    assert texts(ann.take()) == texts(second.take()) == ["to you"]
    ann.send("send", to="lobby", text="to all", nonce="n1")
    assert texts(second.take()) == ["to all"]
    ann.send("send", to="@bob", text="to bob")
    (copy,) = messages(second.take())
    assert (copy["from"], copy["to"], copy["text"]) == ("ann", "@bob", "to bob")
    assert [m["text"] for m in messages(bob.take())] == ["to all", "to bob"]
    # The first to go is not the last: nobody is told.
    ann.send("bye")
    assert kinds(bob.take()) == []
    second.send("bye")
    assert kinds(bob.take()) == ["left"]


def test_groups_role_and_private_history_outlive_the_connection_and_the_hub() -> None:
    """What belongs to an account is there after a restart."""
    world = World()
    ann, bob = world.json("ann"), world.json("bob")
    register(ann)
    ann.send("group", action="create", name="tea")
    bob.send("send", to="@ann", text="remember this")
    ann.send("bye")
    world = World(world.journal)
    world.wait(1_000)
    client = world.connect()
    welcome, *_ = client.send("hello", name="ann", password=PASSWORD)
    assert welcome["groups"] == ["tea"]
    world.json("bob")
    (page,) = client.send("history", of="@bob")[-1:]
    assert page["messages"] == []  # another guest of that name


def test_each_device_has_a_token_of_its_own() -> None:
    """Both come back, after a restart as well, and neither replaces the other."""
    world = World()
    ann = world.json("ann")
    register(ann)
    second = sign_in(world, "ann")
    assert second.token != ann.token
    world = World(world.journal)
    world.run()
    clients = []
    for token in (ann.token, second.token):
        clients.append(world.connect())
        welcome, *_ = clients[-1].send(
            "hello", name="ann", resume={"token": token, "after": 0}
        )
        assert welcome["resumed"] is True
        assert welcome["token"] == token
    assert all(client.session.is_open for client in clients)


def test_messages_wait_for_an_account_and_are_shown_once() -> None:
    """docs/protocol.md, `waiting`: to whoever signs in first after them."""
    world = World()
    ann, bob = world.json("ann"), world.json("bob")
    register(ann)
    ann.send("bye")
    bob.send("send", to="@ann", text="one")
    bob.send("send", to="lobby", text="not for you alone")
    bob.send("send", to="@ann", text="two")
    client = world.connect()
    _, waiting = client.send("hello", name="ann", password=PASSWORD)
    assert waiting["type"] == "waiting"
    assert [one["text"] for one in waiting["messages"]] == ["one", "two"]
    assert kinds(sign_in(world, "ann").take()) == []
    client.send("bye")


def test_a_plain_person_is_asked_for_the_password() -> None:
    """`PASSWORD :`, the next line is it, and an empty line gives up."""
    world = World()
    register(world.json("ann"))
    eve = world.connect()
    eve.type("ann")
    world.run()
    (asked,) = eve.lines()
    assert asked.startswith("PASSWORD : ann is somebody's own name")
    eve.type("", "eve")
    world.run()
    assert eve.lines() == ["Welcome eve. Type :help for the commands."]
    both = world.connect()
    both.type("ann", PASSWORD, "hello")
    world.run()
    assert both.lines()[1:] == ["Welcome ann. Type :help for the commands."]
    assert "ann >> hello" in eve.lines()


def test_a_session_waits_for_its_own_check_and_nobody_else_does() -> None:
    """What it says meanwhile keeps its order; the others are served."""
    world = World()
    ann, bob = world.json("ann"), world.json("bob")
    world.works_at_once = False
    ann.put("account", action="register", password=PASSWORD)
    ann.put("send", to="lobby", text="after")
    bob.put("send", to="lobby", text="meanwhile")
    world.run()
    # What comes while the check goes on waits behind what came before it.
    ann.put("send", to="lobby", text="later")
    world.run()
    assert texts(ann.take()) == ["meanwhile"]
    assert not world.node.has_work
    world.work()
    world.run()
    assert kinds(ann.take()) == ["message", "message", "done"]
    assert texts(bob.take()) == ["meanwhile", "after", "later"]


def test_who_leaves_during_a_check_is_gone() -> None:
    """The result is for nobody, and nothing happens."""
    world = World()
    ann = world.json("ann")
    world.works_at_once = False
    ann.put("account", action="register", password=PASSWORD)
    world.run()
    ann.drop()
    world.work()
    world.run()
    assert world.hub.state.accounts == 0


def test_a_password_that_changed_during_the_check_is_wrong() -> None:
    """What was checked must be what stands."""
    world = World()
    ann = world.json("ann")
    register(ann)
    world.works_at_once = False
    late = world.connect()
    late.put("hello", name="ann", password=PASSWORD)
    world.run()
    (pending,) = world.works
    world.works.clear()
    world.works_at_once = True
    ann.send("account", action="passwd", password=PASSWORD, new=OTHER)
    world.node.done(pending, pending.run())
    world.run()
    assert codes(late.take()) == [("password_wrong", "hello")]


def test_changing_the_password_logs_the_other_devices_out() -> None:
    """Whoever knew the old one is out, and stays out."""
    world = World()
    ann = world.json("ann")
    register(ann)
    second = sign_in(world, "ann")
    world.clear()
    wrong = ann.send("account", action="passwd", password="no no no", new=OTHER)
    assert codes(wrong) == [("password_wrong", "account")]
    done = ann.send("account", action="passwd", password=PASSWORD, new=OTHER)
    assert kinds(done) == ["done"]
    (bye,) = second.take()
    assert (bye["type"], bye["code"]) == ("bye", "logged_out")
    assert refused(world, name="ann", password=PASSWORD)[0] == "password_wrong"
    resume = {"token": second.token, "after": 0}
    assert refused(world, name="ann", resume=resume)[0] == "password_needed"
    sign_in(world, "ann", OTHER)


def test_logging_out_the_others_and_unregistering() -> None:
    """The device that asks goes on; after `unregister` as a guest."""
    world = World()
    ann = world.json("ann")
    register(ann)
    second = sign_in(world, "ann")
    third = world.connect()
    third.type("ann", PASSWORD)
    world.run()
    world.clear()
    assert kinds(ann.send("account", action="logout-others")) == ["done"]
    assert kinds(second.take()) == ["bye"]
    assert "you were logged out" in third.text()
    wrong = ann.send("account", action="unregister", password=OTHER)
    assert codes(wrong) == [("password_wrong", "account")]
    done = ann.send("account", action="unregister", password=PASSWORD)
    assert kinds(done) == ["done"]
    assert codes(ann.send("account", action="logout-others")) == [
        ("not_allowed", "account")
    ]
    ann.send("bye")
    world.json("ann")
