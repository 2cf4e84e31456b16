"""Old events are removed while people talk, and nobody notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.node.harness import FailingJournal, World, codes, texts

from hubbub.journal.sqlite import SqliteJournal
from hubbub.node.storage import load_state

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hubbub.journal import Journal

# Seconds that events are kept; old ones are looked for every tenth of it.
KEEP = 60.0


def make_world(journal: Journal, keep: float | None = KEEP, **limits: Any) -> World:
    """Make a node that keeps events for a minute and lets everybody be silent."""
    return World(journal, keep_seconds=keep, idle_seconds=1e9, **limits)


@pytest.fixture(params=["memory", "sqlite"])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    """Give a journal of each kind."""
    made: Journal = FailingJournal()
    if request.param == "sqlite":
        made = SqliteJournal(tmp_path / "journal.sqlite3")
    yield made
    made.close()


def kept(world: World) -> list[int]:
    """List the seqs that are kept."""
    return [event.seq for event in world.journal.read(0, 100_000)]


def talk(world: World, client: Any, count: int) -> None:
    """Have somebody say `m0`, `m1` and so on."""
    for number in range(count):
        client.put("send", to="lobby", text=f"m{number}", nonce=f"n{number}")
    world.run()


def test_old_events_go_and_young_ones_stay(journal: Journal) -> None:
    """What is older than `keep` is removed soon; the rest is there."""
    world = make_world(journal, rate=0)
    ann = world.json("ann")
    talk(world, ann, 50)
    world.wait(KEEP - 10)
    assert kept(world)[0] == 1
    ann.send("send", to="lobby", text="young")
    world.wait(18)
    assert kept(world) == [52]
    (page,) = [f for f in ann.send("history", of="lobby") if f["type"] == "history"]
    assert (texts(page["messages"]), page["more"]) == (["young"], False)
    world.wait(KEEP)
    assert kept(world) == []
    assert texts(ann.send("send", to="lobby", text="goes on"))[-1] == "goes on"
    assert kept(world) == [53]


def test_nothing_is_removed_unless_it_is_asked_for(journal: Journal) -> None:
    """Without `keep` the history is kept for ever."""
    world = make_world(journal, None, snapshot_every=1)
    talk(world, world.json("ann"), 5)
    world.wait(10 * KEEP)
    assert kept(world)[:3] == [1, 2, 3]


def test_a_round_is_made_of_small_steps(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No turn removes more than a step's worth; turns between are everybody's."""
    world = make_world(journal, rate=0)
    ann = world.json("ann")
    for _ in range(10):
        talk(world, ann, 256)
        ann.take()
    asked: list[int] = []
    compact = journal.compact

    def count(before: int, limit: int) -> Any:
        asked.append(limit)
        return compact(before, limit)

    monkeypatch.setattr(journal, "compact", count)
    world.wait(KEEP + 12)
    assert kept(world) == []
    assert set(asked) == {1_000}
    assert len(asked) >= 3


def test_the_state_is_rebuilt_exactly(journal: Journal) -> None:
    """Names, groups, seats, tokens and nonces do not depend on what was removed."""
    world = make_world(journal, seat_seconds=100 * KEEP)
    ann, bob = world.json("ann"), world.json("bob")
    ann.send("group", action="create", name="tea")
    bob.send("group", action="join", name="tea")
    talk(world, ann, 5)
    bob.drop()
    before = load_state(journal, world.limits)
    world.wait(2 * KEEP)
    assert kept(world) == []
    assert load_state(journal, world.limits) == before == world.hub.state


def test_a_nonce_is_remembered_longer_than_its_message(journal: Journal) -> None:
    """Sent again it is acknowledged with the first seq, and shown to nobody."""
    world = make_world(journal, seat_seconds=10.0)
    ann, bob = world.json("ann"), world.json("bob")
    ann.send("group", action="create", name="tea")
    first = [
        ann.send("send", to=to, text="one\x1b", nonce=to)[-1]
        for to in ("lobby", "#tea", "@bob")
    ]
    world.wait(2 * KEEP)
    assert kept(world) == []
    bob.drop()
    world.wait(world.limits.seat_seconds + 5)
    world.clear()
    again = [
        ann.send("send", to=to, text="one\x1b", nonce=to)[-1]
        for to in ("lobby", "#tea", "@bob")
    ]
    for frame in (*first, *again):
        del frame["time"]
    assert again == first
    assert bob.take() == []


def test_a_client_that_comes_back_late_reads_from_the_oldest_kept(
    journal: Journal,
) -> None:
    """Once, in order, from the oldest that is kept on, and then live."""
    world = make_world(journal, seat_seconds=100 * KEEP, rate=0)
    ann, bob = world.json("ann"), world.json("bob")
    after = world.hub.state.seq
    bob.drop()
    talk(world, ann, 5)
    world.wait(2 * KEEP)
    talk(world, ann, 3)
    for number in range(3):
        ann.send("send", to="lobby", text=f"young{number}")
    again = world.connect()
    came = again.send("hello", name="bob", resume={"token": bob.token, "after": after})
    assert came[0]["resumed"]
    assert texts(came) == ["young0", "young1", "young2"]
    ann.send("send", to="lobby", text="live")
    assert texts(again.take()) == ["live"]


def test_a_client_that_comes_back_to_nothing_kept_is_live(journal: Journal) -> None:
    """With all that it missed removed it has caught up at once."""
    world = make_world(journal, seat_seconds=100 * KEEP)
    ann, bob = world.json("ann"), world.json("bob")
    bob.drop()
    talk(world, ann, 5)
    world.wait(2 * KEEP)
    stranger = world.connect()
    came = stranger.send(
        "hello", name="eve", resume={"token": bob.token[:9], "after": 1}
    )
    assert texts(came) == []
    again = world.connect()
    again.send("hello", name="bob", resume={"token": bob.token, "after": 1})
    ann.send("send", to="lobby", text="live")
    assert texts(again.take()) == ["live"]
    assert texts(stranger.take()) == ["live"]


def test_a_slow_reader_sees_no_more_than_it_may_across_what_is_removed(
    journal: Journal,
) -> None:
    """Its own leaving of a group was removed: the group's later words are not shown."""
    world = make_world(journal, None, outbox=400, rate=0, drain_seconds=100 * KEEP)
    ann, bob = world.json("ann"), world.json("bob")
    ann.send("group", action="create", name="tea")
    bob.send("group", action="join", name="tea")
    bob.take()
    bob.reads = False
    for number in range(10):
        ann.send("send", to="#tea", text=f"seen{number}")
    bob.put("group", action="leave", name="tea")
    world.run()
    left = world.hub.state.seq
    for number in range(10):
        ann.send("send", to="#tea", text=f"secret{number}")
    ann.send("send", to="lobby", text="for all")
    bob.reads = True
    world.turn()
    world.turn()
    assert bob.session.cursor < left
    assert bob.session.view is not None
    journal.put_snapshot(world.hub.state.seq, world.hub.state.dump())
    journal.compact(world.now.wall + 1, left + 3)
    assert kept(world)[0] > left
    world.run()
    got = texts(bob.take())
    assert not [text for text in got if text.startswith("secret")]
    assert got[-1] == "for all"


def test_a_disk_that_can_not_remove_is_no_reason_to_refuse(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Removing is tried again in the next round; meanwhile people talk."""
    from hubbub.journal import JournalError

    world = make_world(journal)
    ann = world.json("ann")
    talk(world, ann, 5)

    def fail(*_: object) -> None:
        raise JournalError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(journal, "compact", fail)
        world.wait(2 * KEEP)
        assert codes(ann.send("send", to="lobby", text="hi")) == []
    world.wait(2 * KEEP)
    assert kept(world) == []


def test_nothing_is_removed_while_the_disk_is_broken() -> None:
    """The state may be ahead of it then."""
    journal = FailingJournal()
    world = make_world(journal)
    ann = world.json("ann")
    talk(world, ann, 5)
    journal.writes = False
    ann.send("send", to="lobby", text="refused")
    world.wait(3 * KEEP)
    assert kept(world)[0] == 1
    journal.writes = True
    world.wait(12)
    assert kept(world) == []


@pytest.mark.parametrize("jump", [-KEEP, KEEP])
def test_a_clock_that_jumps_removes_nothing_too_early(
    journal: Journal, jump: float
) -> None:
    """By the clock that jumped, an event may stay longer; what is kept has no gap."""
    world = make_world(journal, 2 * KEEP)
    ann = world.json("ann")
    world.wait(10, wall=int(jump * 1000))
    ann.send("send", to="lobby", text="after the jump")
    world.wait(0.5 * KEEP)
    assert kept(world)[-1] == 2
