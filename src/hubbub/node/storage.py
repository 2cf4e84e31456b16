"""The journal as a turn uses it: all of the turn is stored, or none of it happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

from hubbub.hub import Hub, State, replay
from hubbub.journal import Journal, JournalError
from hubbub.journal.contract import read_all
from hubbub.model.events import Event
from hubbub.model.limits import Limits

# Events between snapshots: replaying this many at a start takes a fraction of a second.
SNAPSHOT_EVERY = 100_000

# Events removed in one turn: a few milliseconds.
_REMOVED_A_STEP = 1_000


Commit = Callable[[Callable[[], None]], None]


def _do(work: Callable[[], None]) -> None:
    work()


class Storage:
    """Stores events, and brings the hub back to the journal when that fails.

    Attributes:
        works: Whether the last attempt to write did. While it does not, nothing that
            would have to be stored may be decided.
        restored: Whether the hub is what the journal says.
    """

    def __init__(
        self,
        hub: Hub,
        journal: Journal,
        snapshot_every: int = SNAPSHOT_EVERY,
        commit: Commit | None = None,
    ) -> None:
        """Join a hub to the journal it came from; `commit` may time each commit."""
        self._commit = commit or _do
        self.works = True
        self._hub = hub
        self._journal = journal
        self._snapshot_every = snapshot_every
        self._snapshot_seq = 0
        with suppress(JournalError):
            newest = journal.snapshot()
            self._snapshot_seq = 0 if newest is None else newest[0]
        self._told = 0
        self.restored = True

    def append(self, events: list[Event]) -> bool:
        """Put a turn's events on disk.

        Returns:
            Whether they are. If not, the hub is as it was before them.
        """
        snapshot = None
        last = events[-1].seq
        if last - self._snapshot_seq >= self._snapshot_every:
            snapshot = self._hub.state.dump()
        try:
            self._commit(lambda: self._journal.append(events, snapshot))
        except JournalError:
            self._told = events[0].seq - 1
            self.restored = self._restore()
            # What failed may have been the word that it had been done.
            stands = last == self._hub.state.seq == self._journal.last_seq
            self.works = self.restored and stands
            return self.works
        if snapshot is not None:
            self._snapshot_seq = last
        return True

    def try_again(self) -> int | None:
        """Find out whether writing works again.

        Returns:
            The `seq` after which events stand that nobody was told of, if there are
            any: the word that they were stored was what had failed.
        """
        try:
            self._journal.probe()
        except JournalError:
            return None
        if not self.restored or self._hub.state.seq != self._journal.last_seq:
            self.restored = self._restore()
        self.works = self.restored
        return self._told if self.works and self._told < self._hub.state.seq else None

    def retain(self, before: int, *, first: bool) -> bool:
        """Remove some events that are older than is to be kept.

        Args:
            before: Unix milliseconds.
            first: Whether this is the first step of a round. It makes sure that a
                snapshot stands for what is to be removed.

        Returns:
            Whether there is more to remove now.
        """
        if not self.works:
            return False
        journal, state = self._journal, self._hub.state
        try:
            if first:
                uncovered = journal.read(self._snapshot_seq, 1)
                if uncovered and uncovered[0].time < before:
                    journal.put_snapshot(state.seq, state.dump())
                    self._snapshot_seq = state.seq
            return journal.compact(before, _REMOVED_A_STEP).more
        except JournalError:
            # Nothing is lost by keeping it: the next round tries again.
            return False

    def _restore(self) -> bool:
        try:
            self._hub.state = load_state(self._journal, self._hub.limits)
        except JournalError:
            return False
        return True


def load_state(journal: Journal, limits: Limits) -> State:
    """Bring back the state a journal's events lead to.

    Raises:
        JournalError: The journal can't be read, or its events lead nowhere: one is
            missing or is no event, or its snapshot is none that this code knows.
    """
    newest = journal.snapshot()
    after, snapshot = (0, None) if newest is None else newest
    try:
        return replay(snapshot, _without_gap(read_all(journal, after), after), limits)
    except (ValueError, KeyError) as error:
        raise JournalError(f"what is stored does not fit together: {error}") from error


def _without_gap(events: Iterator[Event], after: int) -> Iterator[Event]:
    for event in events:
        if event.seq != after + 1:
            raise JournalError(f"events {after + 1} to {event.seq - 1} are missing")
        yield event
        after = event.seq
