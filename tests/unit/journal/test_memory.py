"""What is special about the journal in memory: its bound."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hubbub.journal.contract import read_all
from hubbub.journal.memory import MemoryJournal
from hubbub.model.event import group_room
from hubbub.model.events import Event, GroupJoined, GroupPosted, LobbyPosted


def make(seq: int, kind: int) -> Event:
    """Make an event of one of three kinds."""
    if kind == 0:
        return LobbyPosted(seq, 0, 1, "ann", "hi")
    if kind == 1:
        return GroupPosted(seq, 0, 1, "ann", 9, "tea", "hi")
    return GroupJoined(seq, 0, 9, "tea", 1, "ann")


@given(st.lists(st.integers(0, 2), max_size=30), st.integers(1, 8), st.integers(0, 31))
def test_keeps_the_newest(kinds: list[int], keep: int, after: int) -> None:
    """It reads like a list of the newest `keep` events, seqs going on."""
    journal = MemoryJournal(keep)
    events = [make(seq, kind) for seq, kind in enumerate(kinds, start=1)]
    for event in events:
        journal.append([event])
    kept = events[-keep:]
    assert journal.last_seq == len(events)
    assert list(read_all(journal, after, 3)) == [e for e in kept if e.seq > after]
    for event in events:
        assert journal.find(event.seq) == (event if event in kept else None)
    lobby = [e for e in kept if isinstance(e, LobbyPosted)]
    group = [e for e in kept if isinstance(e, GroupPosted)]
    assert journal.messages("lobby", None, 99) == lobby
    assert journal.messages(group_room(9), None, 99) == group
    members = [e for e in kept if isinstance(e, GroupJoined) and e.seq > after]
    assert journal.memberships(1, after) == members
