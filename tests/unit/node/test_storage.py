"""When the disk fails: nothing of the turn happened, and all goes on afterwards."""

from __future__ import annotations

from tests.unit.node.harness import FailingJournal, World, codes, kinds, texts

from hubbub.model.commands import Join
from hubbub.model.events import SERVER_ID

UNSTORED = "storage_unavailable"


def test_nobody_is_told_what_is_not_on_disk() -> None:
    """Senders get `storage_unavailable`; nobody sees the message; the state is old."""
    world = World()
    ann, bob = world.json("ann"), world.json("bob")
    before = world.hub.state.dump()
    world.journal.writes = False
    bob.put("group", action="create", name="tea")
    assert codes(ann.send("send", to="lobby", text="hi", nonce="n1")) == [
        (UNSTORED, "n1")
    ]
    assert codes(bob.take()) == [(UNSTORED, "group")]
    assert world.hub.state.dump() == before
    # And while it is known to be broken, without a try at the disk:
    assert codes(ann.send("send", to="lobby", text="hi", nonce="n1")) == [
        (UNSTORED, "n1")
    ]


def test_writing_works_again() -> None:
    """Half a second after the disk does; the refused nonce was not remembered."""
    world = World()
    ann, bob = world.json("ann"), world.json("bob")
    world.journal.writes = False
    ann.send("send", to="lobby", text="one", nonce="n1")
    world.wait(5)
    assert codes(ann.send("send", to="lobby", text="two")) == [(UNSTORED, "send")]
    world.journal.writes = True
    world.wait(0.6)
    assert texts(ann.send("send", to="lobby", text="one", nonce="n1")) == ["one"]
    assert texts(bob.take()) == ["one"]
    assert world.journal.last_seq == 3


def test_reads_go_on() -> None:
    """Queries are answered from what is on disk."""
    world = World()
    ann = world.json("ann")
    ann.send("send", to="lobby", text="kept")
    world.journal.writes = False
    ann.send("send", to="lobby", text="lost")
    (page,) = ann.send("history", of="lobby")
    assert [message["text"] for message in page["messages"]] == ["kept"]
    assert ann.send("users") == [{"type": "users", "users": ["ann"]}]
    assert kinds(ann.send("ping")) == ["pong"]


def test_joins_are_undone_and_can_be_tried_again() -> None:
    """A join that was not stored leaves the name free and the connection nameless."""
    world = World()
    ann = world.json("ann")
    world.journal.writes = False
    bob, carl = world.connect(), world.connect()
    bob.put("hello", name="bob")
    carl.type("carl", "hello")
    world.run()
    assert codes(bob.take()) == [(UNSTORED, "hello")]
    assert all(line.startswith("error: ") for line in carl.lines())
    assert ann.take() == []
    assert bob.session.user is None
    assert codes(bob.send("send", to="lobby", text="x")) == [("not_joined", "send")]
    world.journal.writes = True
    world.wait(0.6)
    assert kinds(bob.send("hello", name="bob")) == ["welcome"]
    carl.type("carl")
    world.run()
    assert carl.lines() == ["Welcome carl. Type :help for the commands."]


def test_departures_are_told_later() -> None:
    """Who leaves while nothing can be written is seen to leave when it can."""
    world = World()
    ann, bob, carl = world.json("ann"), world.json("bob"), world.plain("carl")
    ann.take()
    world.journal.writes = False
    ann.put("send", to="lobby", text="x")
    bob.drop()
    world.run()
    carl.drop()
    assert kinds(ann.take()) == ["error"]
    world.journal.writes = True
    world.wait(0.6)
    left = [frame["name"] for frame in ann.take() if frame["type"] == "left"]
    assert sorted(left) == ["bob", "carl"]
    assert ann.send("users")[0]["users"] == ["ann"]


def test_who_falls_silent_in_the_failing_turn_is_not_lost() -> None:
    """A departure decided in the very turn that fails is decided again."""
    world = World()
    ann, bob = world.json("ann"), world.plain("bob")
    world.journal.writes = False
    bob.type(":quit")
    world.run()
    assert bob.lines() == ["Goodbye"]
    assert ann.take() == []
    world.journal.writes = True
    world.wait(0.6)
    assert [(f["type"], f["name"]) for f in ann.take()] == [("left", "bob")]


def test_kick_that_is_not_stored_puts_nobody_out() -> None:
    """A kick in a failing turn did not happen; the console is told."""
    world = World()
    ann, console = world.json("ann"), world.console()
    world.journal.writes = False
    console.type(":kick ann")
    world.run()
    assert ann.take() == []
    assert "can't write" in console.text()
    world.journal.writes = True
    world.wait(0.6)
    assert texts(ann.send("send", to="lobby", text="still here")) == ["still here"]


def test_reader_who_is_behind_waits_for_the_disk() -> None:
    """Catching up from a journal that can't be read is tried again, nothing lost."""
    world = World(outbox=400)
    ann, bob = world.json("ann"), world.json("bob")
    bob.reads = False
    for number in range(20):
        ann.send("send", to="lobby", text=f"m{number}")
    world.journal.reads = world.journal.writes = False
    bob.reads = True
    world.turn()
    world.run()
    ann.send("send", to="lobby", text="refused")
    world.journal.reads = world.journal.writes = True
    world.wait(3)
    assert texts(bob.take()) == [f"m{number}" for number in range(20)]


def test_a_restart_ends_those_who_were_connected() -> None:
    """A hub that comes back says of all who were there that they left, by `restart`."""
    first = World()
    first.json("ann")
    first.plain("bob")
    second = World(first.journal)
    carl = second.json("carl")
    events = second.journal.read(2, 10)
    assert [getattr(event, "reason", None) for event in events] == [
        "restart",
        "restart",
        None,
    ]
    second.wait(second.limits.seat_seconds + 1)
    assert set(second.hub.state.name_keys) == {"carl"}
    assert kinds(carl.take()) == []


def seat_of_bob(world: World) -> str:
    """Have bob drop and keep his seat; give his token."""
    bob = world.json("bob")
    bob.drop()
    world.clear()
    return bob.token


def test_seat_ends_after_a_resume_that_was_not_stored() -> None:
    """A seat that could not be taken back is still given up when its time is over."""
    world = World()
    world.json("ann")
    token = seat_of_bob(world)
    world.journal.writes = False
    again = world.connect()
    resume = {"token": token, "after": 0}
    assert codes(again.send("hello", name="bob", resume=resume))[0][0] == UNSTORED
    world.journal.writes = True
    world.wait(world.limits.seat_seconds * 3)
    assert "bob" not in world.hub.state.name_keys


def test_seat_ends_though_its_end_was_not_stored() -> None:
    """The end of a seat that fails on the disk is tried again."""
    world = World()
    world.json("ann")
    seat_of_bob(world)
    world.journal.writes = False
    world.wait(world.limits.seat_seconds + 1)
    world.journal.writes = True
    world.wait(world.limits.seat_seconds * 3)
    assert "bob" not in world.hub.state.name_keys


def test_departure_survives_a_disk_that_is_gone_altogether() -> None:
    """Neither written nor read: when the disk is back, who left is seen to leave."""
    world = World()
    ann, bob = world.json("ann"), world.plain("bob")
    world.journal.writes = world.journal.reads = False
    bob.drop()
    world.journal.writes = world.journal.reads = True
    world.wait(2)
    assert ann.send("users")[-1]["users"] == ["ann"]


def test_goodbye_gives_the_seat_up_though_it_was_not_stored() -> None:
    """`bye` leaves and gives the seat up, even if it is on disk only later."""
    world = World()
    ann, bob = world.json("ann"), world.json("bob")
    world.journal.writes = False
    bob.send("bye")
    world.journal.writes = True
    world.wait(1)
    assert [frame["reason"] for frame in ann.take()] == ["quit"]
    assert "bob" not in world.hub.state.name_keys


def test_restored_state_is_the_journals() -> None:
    """After a failure the hub's state is what the journal replays to."""
    journal = FailingJournal()
    world = World(journal)
    world.json("ann")
    world.hub.execute(SERVER_ID, Join("ghost"), 1)
    journal.writes = False
    world.connect().send("hello", name="bob")
    assert set(world.hub.state.name_keys) == {"ann"}
    assert world.hub.state.seq == journal.last_seq


def test_acts_that_are_not_stored_did_not_happen() -> None:
    """Registering, banning and deleting on a full disk: refused, and none by halves."""
    world = World()
    ann, console = world.json("ann"), world.console()
    (said,) = ann.send("send", to="lobby", text="a word")
    before = world.hub.state.dump()
    world.journal.writes = False
    registered = ann.send("account", action="register", password="correct-horse")
    assert codes(registered) == [(UNSTORED, "account")]
    console.type(":ban 198.51.100.7", f":delete {said['seq']}", ":bans")
    world.run()
    told = console.text()
    assert told.count("can't write to its disk") == 2
    assert "Nobody is banned" in told
    assert world.hub.state.dump() == before
    world.journal.writes = True
    world.wait(0.6)
    assert world.journal.last_seq == said["seq"]
    (page,) = ann.send("history", of="lobby")
    assert [message["text"] for message in page["messages"]] == ["a word"]
    done = ann.send("account", action="register", password="correct-horse")
    assert kinds(done)[-1] == "done"
