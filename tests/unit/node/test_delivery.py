"""Live delivery, slow readers and coming back: every reader gets the same journal."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.node.account_holders import register, sign_in
from tests.unit.node.harness import Client, World, codes, kinds, texts

from hubbub.hub import View
from hubbub.node.session import Phase


def seqs(client: Client) -> list[int]:
    """List the seqs of the events a client got."""
    return [frame["seq"] for frame in client.take() if "time" in frame]


def phase_of(client: Client) -> Phase:
    """Give where a client's session stands now."""
    return client.session.phase


def test_own_message_comes_back_with_its_nonce() -> None:
    """The sender's nonce acknowledges; nobody else sees it (protocol: From the hub)."""
    world = World()
    ann, bob = world.json("ann"), world.json("bob")
    (own,) = ann.send("send", to="lobby", text="hi", nonce="n1")
    (other,) = bob.take()
    assert own.pop("nonce") == "n1"
    assert own == other


def test_repeated_nonce_is_acknowledged_again() -> None:
    """The same nonce gives the same message with the first seq, to its sender only."""
    world = World()
    ann, bob = world.json("ann"), world.json("bob")
    first = ann.send("send", to="lobby", text="hi", nonce="n1")
    assert ann.send("send", to="lobby", text="changed", nonce="n1") == first
    ann.put("send", to="lobby", text="again", nonce="n2")
    ann.put("send", to="lobby", text="again", nonce="n2")
    world.run()
    assert texts(ann.take()) == ["again"]
    assert texts(bob.take()) == ["hi", "again"]


def test_private_messages_reach_two() -> None:
    """A direct message is for its two ends; a plain sender is told it was sent."""
    world = World()
    ann, bob, carl = world.json("ann"), world.plain("bob"), world.json("carl")
    bob.type(":pm ann psst")
    world.run()
    assert texts(ann.take()) == ["psst"]
    assert bob.lines() == ["(PM) to ann >> psst"]
    assert carl.take() == []


def test_joined_in_the_middle_of_a_turn() -> None:
    """Who joins sees what comes after their joining, and nothing before it."""
    world = World()
    ann = world.json("ann")
    bob = world.connect()
    ann.put("send", to="lobby", text="before")
    bob.put("hello", name="bob")
    world.now = type(world.now)(world.now.wall + 1, world.now.monotonic)
    carl = world.connect()
    carl.put("hello", name="carl")
    world.run()
    got = bob.take()
    assert kinds(got) == ["welcome", "joined"]
    assert got[1]["name"] == "carl"
    assert kinds(ann.take()) == ["message", "joined", "joined"]


def test_joined_in_a_turn_too_large_for_the_outbox() -> None:
    """`welcome.seq` says from where: what was said before it never follows."""
    world = World(outbox=400)
    ann = world.json("ann")
    ann.put("send", to="lobby", text="before")
    bob = world.connect()
    bob.put("hello", name="bob")
    for number in range(5):
        ann.put("send", to="lobby", text=f"m{number}")
    carl = world.connect()
    carl.put("hello", name="carl")
    for number in range(5):
        carl.put("send", to="lobby", text=f"c{number}")
    world.run()
    welcome, *rest = bob.take()
    assert [frame["seq"] for frame in rest if frame["seq"] <= welcome["seq"]] == []


def test_kicked_get_the_event_and_a_goodbye() -> None:
    """The one kicked sees `kicked`, then `bye` with the reason; the rest `kicked`."""
    world = World()
    ann, bob, carl = world.json("ann"), world.json("bob"), world.plain("carl")
    console = world.console()
    console.type(":kick bob too loud")
    world.run()
    assert kinds(ann.take()) == ["kicked"]
    kicked, bye = bob.take()
    assert (kicked["name"], kicked["reason"]) == ("bob", "too loud")
    assert (bye["type"], bye["code"]) == ("bye", "kicked")
    assert bob.session.phase is Phase.ENDING
    console.type(":kick carl")
    world.run()
    assert carl.lines() == ["bob KICKED: too loud", "You were kicked"]
    assert kinds(ann.send("send", to="@bob", text="there?")) == ["kicked", "error"]


def test_own_doings_are_marked_own() -> None:
    """Group events say `you` to who did them; one's own joining is not repeated."""
    world = World()
    ann, bob = world.json("ann"), world.json("bob")
    (created,) = ann.send("group", action="create", name="tea")
    assert created["you"] is True
    assert "you" not in bob.take()[0]
    (joined,) = bob.send("group", action="join", name="TEA")
    assert (joined["group"], joined["you"]) == ("tea", True)
    assert [frame.get("you") for frame in ann.take()] == [None]


def test_rate_limit_loses_nothing() -> None:
    """Over the rate a connection is read no more; all it said is said in time."""
    world = World(rate=10, burst=5)
    ann, bob = world.json("ann"), world.json("bob")
    for number in range(30):
        ann.put("send", to="lobby", text=f"m{number}")
    world.turn()
    assert ann.session.paused
    said = len(texts(bob.take()))
    assert said < 6
    world.wait(1)
    # Ten a second, and no more.
    assert len(texts(ann.take())) in range(said + 8, said + 12)
    world.wait(4)
    assert not ann.session.paused
    assert texts(bob.take())[-1] == "m29"
    assert world.journal.last_seq == 32


def test_full_outbox_stops_the_reading() -> None:
    """Who does not read their answers is not served more of them, and loses none."""
    world = World(outbox=500, rate=0)
    ann = world.json("ann")
    ann.reads = False
    for number in range(200):
        ann.put("ping", id=f"{number}")
    world.turn()
    assert ann.session.outbox.size < 500 + 256 * 40
    ann.reads = True
    world.run()
    world.wait(1)
    assert [frame["id"] for frame in ann.take()] == [f"{n}" for n in range(200)]


def test_slow_reader_catches_up() -> None:
    """A reader whose outbox was full gets all it missed, once and in order."""
    world = World(outbox=600)
    ann, bob = world.json("ann"), world.json("bob")
    bob.reads = False
    ann.send("group", action="create", name="tea")
    bob.put("group", action="join", name="tea")
    world.run()
    for number in range(30):
        ann.send("send", to="#tea" if number % 2 else "lobby", text=f"m{number}")
        if number == 20:
            bob.put("group", action="leave", name="tea")
            world.run()
    assert phase_of(bob) is Phase.BEHIND
    assert bob.session.outbox.size <= 600
    bob.reads = True
    world.turn()
    world.run()
    assert phase_of(bob) is Phase.LIVE
    got = bob.take()
    seen = [n for n in range(30) if n <= 20 or n % 2 == 0]
    assert texts(got) == [f"m{number}" for number in seen]
    assert [f["seq"] for f in got] == sorted({f["seq"] for f in got})
    assert [frame.get("you") for frame in got if frame["type"] == "group"][1:] == [
        True,
        True,
    ]


steps = st.lists(
    st.tuples(st.sampled_from(["lobby", "dm", "tea", "cup", "in", "out", "read"]),
              st.integers(0, 2), st.integers(1, 900)),
    max_size=40,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(steps)
def test_any_pace_of_reading_gives_the_same(script: list[tuple[str, int, int]]) -> None:
    """However slowly people read, each gets what the journal has for them, once."""
    world = World(outbox=300)
    people = [world.json(name) for name in ("ann", "bob", "carl")]
    people[0].send("group", action="create", name="tea")
    people[1].send("group", action="create", name="cup")
    world.clear()
    begin = world.journal.last_seq
    for person in people:
        person.reads = False
    for what, who, count in script:
        act(people, what, who, count)
        world.run()
    for person in people:
        person.reads = True
    world.turn()
    world.wait(1)
    for person in people:
        assert person.session.user is not None
        view = View(person.session.user, (), staff=False)
        events = world.journal.read(0, 1000)
        seen = [event.seq for event in events if view.sees(event)]
        assert seqs(person) == [seq for seq in seen if seq > begin]


def act(people: list[Client], what: str, who: int, count: int) -> None:
    """Do one step of a script."""
    one = people[who]
    match what:
        case "lobby":
            one.put("send", to="lobby", text="x" * 50)
        case "dm":
            other = ("ann", "bob", "carl")[count % 3]
            one.put("send", to=f"@{other}", text="x" * 50)
        case "tea" | "cup":
            one.put("send", to=f"#{what}", text="x" * 50)
        case "in" | "out":
            action = "join" if what == "in" else "leave"
            one.put("group", action=action, name="tea" if count % 2 else "cup")
        case _:
            one.drain(count)


def test_too_many_from_one_address() -> None:
    """Over the limit a connection is refused with a reason, and others are not."""
    world = World(connections_per_address=1)
    world.json("ann")
    second, other = world.connect(), world.connect("10.0.0.2")
    world.run()
    assert "too many connections" in second.text()
    assert second.session.phase is Phase.ENDING
    assert kinds(other.send("hello", name="bob")) == ["welcome"]


def test_console_alone_stops_the_hub() -> None:
    """`:shutdown` at the console says goodbye to all; a plain user's is no command."""
    world = World()
    ann, bob, console = world.json("ann"), world.plain("bob"), world.console()
    bob.type(":shutdown")
    world.run()
    assert not world.stopped
    assert "there is no command" in bob.text()
    console.type(":shutdown")
    world.run()
    assert world.stopped
    assert ann.take()[-1]["code"] == "shutdown"
    assert bob.lines() == ["Disconnected: the hub is shutting down"]


def test_second_hello_and_requests_without_a_name() -> None:
    """`already_joined` after the name, `not_joined` before it."""
    world = World()
    ann, new = world.json("ann"), world.connect()
    assert codes(ann.send("hello", name="eve")) == [("already_joined", "hello")]
    for frame, re in (("users", "users"), ("send", "send")):
        fields = {"to": "lobby", "text": "x"} if frame == "send" else {}
        assert codes(new.send(frame, **fields)) == [("not_joined", re)]


def test_last_words_before_the_end_of_input_are_said() -> None:
    """What came before the end of input is served, and then the user leaves."""
    world = World()
    ann, bob = world.json("ann"), world.plain("bob")
    bob.type("bye all")
    world.node.end_of_input(bob.session)
    world.run()
    assert kinds(ann.take()) == ["message", "left"]


def test_what_a_refusal_repeats_is_short_and_on_one_line() -> None:
    """No such user and no such group: cleaned and cut before it comes back."""
    world = World()
    ann, bob = world.json("ann"), world.plain("bob")
    (said,) = ann.send("send", to="@x\n\x1b[2Jy" + "z" * 5000, text="hi")
    assert said["text"].isprintable()
    assert len(said["text"]) < 200
    (said,) = ann.send("group", action="join", name="x\ny\u202e" + "z" * 5000)
    assert said["text"].isprintable()
    assert len(said["text"]) < 200
    bob.type(":group join x\u2028[12:00:00] ann >> hi")
    bob.type(":group join x\u2028[12:00:00]")
    world.run()
    assert [line.partition(":")[0] for line in bob.lines()] == ["error", "error"]


def test_a_reason_has_a_limit() -> None:
    """`text` bounds what the administrator gives as a reason, too."""
    world = World(text=10)
    console, ann = world.console(), world.json("ann")
    console.type(f":kick ann {'x' * 11}")
    world.run()
    assert console.lines()[-1].startswith("error: a reason has at most 10 bytes")
    console.type(f":kick ann {'x' * 10}")
    world.run()
    assert kinds(ann.take()) == ["kicked", "bye"]


def test_a_slow_device_is_told_of_a_room_after_the_joining() -> None:
    """Who reads their own joining from the journal is told how the room stands by now.

    Not before it: a client begins anew with what it knows of a room when it joins.
    """
    world = World(outbox=400)
    ann, bob = world.json("ann"), world.json("bob")
    bob.send("group", action="create", name="tea")
    bob.send("group", action="topic", name="tea", text="Assam")
    world.clear()
    register(ann)
    phone = sign_in(world, "ann")
    phone.reads = False
    for _ in range(9):
        bob.send("send", to="lobby", text="x" * 50)
    assert phone.session.phase is Phase.BEHIND
    ann.send("group", action="join", name="tea")
    bob.send("group", action="topic", name="tea", text="Darjeeling")
    phone.reads = True
    world.run()
    told = phone.take()
    after = [
        frame["type"] for frame in told if frame["type"] in {"group", "room", "act"}
    ]
    assert after == ["group", "room", "act"]
    assert [one["topic"] for one in told if one["type"] == "room"] == ["Darjeeling"]
