"""One suite for every journal: what `hubbub.journal.Journal` promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.journal.breaking import said

from hubbub.journal.contract import Journal, read_all
from hubbub.journal.memory import MemoryJournal
from hubbub.journal.rooms import INDEX_EVERY
from hubbub.journal.sqlite import SqliteJournal
from hubbub.model.acts import MessageDeleted, Reported
from hubbub.model.event import direct_room, group_room
from hubbub.model.events import (
    DirectPosted,
    Event,
    GroupCreated,
    GroupEnded,
    GroupJoined,
    GroupLeft,
    GroupPosted,
    LobbyPosted,
    SeatEnded,
    UserJoined,
    UserKicked,
    UserLeft,
    UserRenamed,
    UserReturned,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EVERY_KIND: list[Event] = [
    UserJoined(1, 10, "ann", "127.0.0.1:1", "json", "hash"),
    UserJoined(2, 11, "zoë"),
    GroupCreated(3, 12, "tea", 1, "ann"),
    GroupJoined(4, 13, 3, "tea", 2, "zoë"),
    LobbyPosted(5, 14, 1, "ann", "one\ntwo\t✓", "n1"),
    GroupPosted(6, 15, 2, "zoë", 3, "tea", "in tea"),
    DirectPosted(7, 16, 2, "zoë", 1, "ann", "psst", "n2"),
    UserRenamed(8, 17, 2, "zoë", "zoe"),
    DirectPosted(9, 18, 1, "ann", 2, "zoe", "what?"),
    LobbyPosted(10, 9, 0, "SERVER", "the clock went back"),
    GroupLeft(11, 19, 3, "tea", 2, "zoe"),
    UserLeft(12, 20, 2, "zoe", "lost", seat_kept=True),
    UserReturned(13, 21, 2, "zoe", "127.0.0.1:2", "json"),
    UserLeft(14, 22, 2, "zoe", "lost", seat_kept=True),
    SeatEnded(15, 23, 2, "zoe"),
    GroupLeft(16, 24, 3, "tea", 1, "ann"),
    GroupEnded(17, 24, 3, "tea"),
    UserKicked(18, 24, 1, "ann", "SERVER", "bye"),
]


@pytest.fixture(params=["memory", "sqlite", "sqlite indexed at once"])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    """Give an empty journal of each kind."""
    made: Journal = MemoryJournal()
    if request.param != "memory":
        # As it is, all that is said here waits in memory to be indexed.
        every = INDEX_EVERY if request.param == "sqlite" else 2
        made = SqliteJournal(tmp_path / "journal.sqlite3", index_every=every)
    yield made
    made.close()


def test_begins_empty(journal: Journal) -> None:
    """A new journal has an id, seq 0, no events, no snapshot."""
    assert journal.id
    assert journal.last_seq == 0
    assert journal.read(0, 10) == []
    assert journal.find(1) is None
    assert journal.messages("lobby", None, 10) == []
    assert journal.memberships(1, 0) == []
    assert journal.snapshot() is None


def test_gives_back_every_kind_of_event(journal: Journal) -> None:
    """What is appended is read back equal, whatever kind it is."""
    journal.append(EVERY_KIND)
    assert journal.last_seq == len(EVERY_KIND)
    assert journal.read(0, 100) == EVERY_KIND
    assert [journal.find(event.seq) for event in EVERY_KIND] == EVERY_KIND


def test_reads_after_a_seq_up_to_a_limit(journal: Journal) -> None:
    """`read` begins right after `after` and gives at most `limit` events."""
    journal.append(said(1, 4))
    journal.append(said(5, 10))
    assert [event.seq for event in journal.read(3, 4)] == [4, 5, 6, 7]
    assert [event.seq for event in journal.read(8, 100)] == [9, 10]
    assert journal.read(10, 5) == []
    assert journal.read(99, 5) == []


def test_read_all_pages_without_gap_or_repeat(journal: Journal) -> None:
    """`read_all` gives every event once, whatever the page."""
    journal.append(said(1, 10))
    for page in (1, 3, 10, 11):
        assert [event.seq for event in read_all(journal, 2, page)] == list(range(3, 11))


def test_find_outside_is_none(journal: Journal) -> None:
    """`find` gives None for a seq that is not there."""
    journal.append(said(1, 3))
    assert journal.find(0) is None
    assert journal.find(4) is None
    assert journal.find(-1) is None


def test_messages_of_each_room(journal: Journal) -> None:
    """A room's messages are its own, oldest first; nothing but messages."""
    journal.append(EVERY_KIND)
    assert [event.seq for event in journal.messages("lobby", None, 10)] == [5, 10]
    assert [event.seq for event in journal.messages(group_room(3), None, 10)] == [6]
    room = direct_room(2, 1)
    assert [event.seq for event in journal.messages(room, None, 10)] == [7, 9]
    assert journal.messages(direct_room(1, 3), None, 10) == []


def test_messages_page_back_with_before(journal: Journal) -> None:
    """Pages from the newest back, each before the first of the last, give them all."""
    journal.append(said(1, 10))
    pages: list[list[int]] = []
    before: int | None = None
    while found := journal.messages("lobby", before, 3):
        pages.append([event.seq for event in found])
        before = found[0].seq
    assert pages == [[8, 9, 10], [5, 6, 7], [2, 3, 4], [1]]
    assert journal.messages("lobby", 10**30, 1)[0].seq == 10


def test_messages_page_forward_after_a_seq(journal: Journal) -> None:
    """Pages from a seq on, each after the last of the one before, give them all."""
    journal.append(said(1, 10))
    pages: list[list[int]] = []
    after = 2
    while found := journal.messages_after("lobby", after, 3):
        pages.append([event.seq for event in found])
        after = found[-1].seq
    assert pages == [[3, 4, 5], [6, 7, 8], [9, 10]]
    assert journal.messages_after("lobby", 10**30, 1) == []
    assert journal.messages_after(group_room(3), 0, 1) == []


def test_memberships_are_the_users_own(journal: Journal) -> None:
    """Making, joining and leaving groups, by this user, after a seq."""
    journal.append(EVERY_KIND)
    assert [event.seq for event in journal.memberships(1, 0)] == [3, 16]
    assert [event.seq for event in journal.memberships(2, 0)] == [4, 11]
    assert [event.seq for event in journal.memberships(2, 4)] == [11]
    assert journal.memberships(2, 11) == []


def test_newest_snapshot_counts(journal: Journal) -> None:
    """A snapshot stands with the seq of the last event it came with."""
    journal.append(said(1, 2), b"two")
    journal.append(said(3, 3))
    assert journal.snapshot() == (2, b"two")
    journal.append(said(4, 4), b"four\x00\xff")
    assert journal.snapshot() == (4, b"four\x00\xff")


def test_an_older_snapshot_does_not_replace_a_newer(journal: Journal) -> None:
    """`put_snapshot` keeps the state of the later event, whoever comes last."""
    journal.append(said(1, 9), b"nine")
    journal.put_snapshot(5, b"five")
    assert journal.snapshot() == (9, b"nine")
    journal.append(said(10, 10))
    journal.put_snapshot(10, b"ten")
    assert journal.snapshot() == (10, b"ten")


def test_nothing_is_removed_without_a_snapshot(journal: Journal) -> None:
    """Without a snapshot the events are the only way to the state."""
    journal.append(said(1, 5))
    assert journal.compact(1000, 10) == (0, False)
    assert len(journal.read(0, 10)) == 5


def test_removes_what_is_old_and_covered(journal: Journal) -> None:
    """Up to the snapshot, and only what is older; `time` is the `seq` here."""
    journal.append(said(1, 6), b"six")
    journal.append(said(7, 9))
    assert journal.compact(4, 100) == (3, False)
    assert [event.seq for event in journal.read(0, 10)] == [4, 5, 6, 7, 8, 9]
    assert journal.compact(100, 100) == (3, False)
    assert [event.seq for event in journal.read(0, 10)] == [7, 8, 9]
    assert journal.find(6) is None
    assert [event.seq for event in journal.messages("lobby", None, 10)] == [7, 8, 9]
    assert journal.messages("lobby", 7, 10) == []
    assert journal.last_seq == 9


def test_removes_in_steps(journal: Journal) -> None:
    """A step removes at most `limit`, and tells that there is more."""
    journal.append(said(1, 5), b"five")
    assert journal.compact(100, 2) == (2, True)
    assert journal.compact(100, 2) == (2, True)
    assert journal.compact(100, 2) == (1, False)
    assert journal.compact(100, 2) == (0, False)


def test_an_event_that_is_young_keeps_what_is_behind_it(journal: Journal) -> None:
    """Only the front is removed, so that what is kept has no gap; clocks do jump."""
    events: list[Event] = [
        LobbyPosted(seq, time, 1, "ann", "x") for seq, time in enumerate([1, 9, 2], 1)
    ]
    journal.append(events, b"three")
    assert journal.compact(5, 10) == (1, False)
    assert journal.read(0, 10) == events[1:]


def test_seq_goes_on_when_all_is_removed(journal: Journal) -> None:
    """An empty journal that was compacted is not a new one."""
    journal.append(EVERY_KIND, b"all")
    assert journal.compact(1000, 1000) == (len(EVERY_KIND), False)
    assert journal.read(0, 10) == []
    assert journal.memberships(1, 0) == []
    assert journal.last_seq == len(EVERY_KIND)
    following = said(len(EVERY_KIND) + 1, len(EVERY_KIND) + 1)
    journal.append(following)
    assert journal.read(0, 10) == following
    with pytest.raises(ValueError, match="does not follow"):
        journal.append(said(1, 1))


@pytest.mark.parametrize("first", [1, 2, 4])
def test_gap_before_the_batch_is_refused(journal: Journal, first: int) -> None:
    """A batch that does not follow `last_seq` is a ValueError and changes nothing."""
    journal.append(said(1, 2), b"two")
    with pytest.raises(ValueError, match="does not follow"):
        journal.append(said(first, 5), b"five")
    assert journal.last_seq == 2
    assert journal.snapshot() == (2, b"two")
    journal.append(said(3, 3))
    assert [event.seq for event in journal.read(0, 10)] == [1, 2, 3]


def test_gap_inside_the_batch_is_refused(journal: Journal) -> None:
    """A batch with a gap in it is a ValueError, and nothing of it stands."""
    with pytest.raises(ValueError, match="does not follow"):
        journal.append([*said(1, 1), *said(3, 3)])
    assert journal.last_seq == 0
    assert journal.read(0, 10) == []


def test_probe_appends_nothing(journal: Journal) -> None:
    """`probe` writes, and no event comes of it."""
    journal.append(said(1, 1))
    journal.probe()
    journal.probe()
    assert journal.last_seq == 1
    assert len(journal.read(0, 10)) == 1


def test_two_journals_have_two_ids(tmp_path: Path) -> None:
    """The id tells one journal from another."""
    one, two = SqliteJournal(tmp_path / "one"), SqliteJournal(tmp_path / "two")
    ids = {one.id, two.id, MemoryJournal().id, MemoryJournal().id}
    one.close()
    two.close()
    assert len(ids) == 4


def test_a_deleted_message_has_no_text_and_its_act_stays(journal: Journal) -> None:
    """The text is gone by every way of reading; acts outlive what is removed."""
    said = LobbyPosted(1, 1_000, 7, "ann", "a secret")
    other = LobbyPosted(2, 1_000, 7, "ann", "a word")
    journal.append([said, other])
    same_turn = LobbyPosted(3, 1_000, 7, "ann", "another secret")
    deleted = [
        MessageDeleted(4, 1_000, 1, 7, "ann", "mod", reason="why"),
        MessageDeleted(5, 1_000, 3, 7, "ann", "mod"),
    ]
    report = Reported(6, 1_000, 7, "ann", "it is loud")
    journal.append([same_turn, *deleted, report], b"state")
    texts = [one.text for one in journal.messages("lobby", None, 9)]
    assert texts == ["", "a word", ""]
    gone = journal.find(1)
    assert isinstance(gone, LobbyPosted)
    assert (gone.text, gone.deleted) == ("", "mod")
    journal.compact(2_000, 99)
    assert journal.read(0, 99) == []
    assert journal.acts(None, 9, reports=False) == [*deleted, report]
    assert journal.acts(None, 2, reports=False) == [deleted[1], report]
    assert journal.acts(5, 9, reports=False) == [deleted[0]]
    assert journal.acts(None, 9, reports=True) == [report]
