"""The journal as a turn uses it: all of the turn is stored, or none of it happened."""

from __future__ import annotations

from hubbub.hub import Hub, State, replay
from hubbub.journal import Journal, JournalError
from hubbub.journal.contract import read_all
from hubbub.model.events import Event
from hubbub.model.limits import Limits

# Events between snapshots: replaying this many at a start takes a fraction of a second.
SNAPSHOT_EVERY = 100_000


class Storage:
    """Stores events, and brings the hub back to the journal when that fails.

    Attributes:
        works: Whether the last attempt to write did. While it does not, nothing that
            would have to be stored may be decided.
        restored: Whether the hub is what the journal says.
    """

    def __init__(
        self, hub: Hub, journal: Journal, snapshot_every: int = SNAPSHOT_EVERY
    ) -> None:
        """Join a hub to the journal it came from."""
        self.works = True
        self._hub = hub
        self._journal = journal
        self._snapshot_every = snapshot_every
        newest = journal.snapshot()
        self._snapshot_seq = 0 if newest is None else newest[0]
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
            self._journal.append(events, snapshot)
        except JournalError:
            self.works = False
            self.restored = self._restore()
            return False
        if snapshot is not None:
            self._snapshot_seq = last
        return True

    def try_again(self) -> None:
        """Find out whether writing works again."""
        try:
            self._journal.probe()
        except JournalError:
            return
        self.restored = self.restored or self._restore()
        self.works = self.restored

    def _restore(self) -> bool:
        try:
            self._hub.state = load_state(self._journal, self._hub.limits)
        except JournalError:
            return False
        return True


def load_state(journal: Journal, limits: Limits) -> State:
    """Bring back the state a journal's events lead to.

    Raises:
        JournalError: The journal can't be read.
        ValueError: Its snapshot is of a version this code does not know.
    """
    newest = journal.snapshot()
    after, snapshot = (0, None) if newest is None else newest
    return replay(snapshot, read_all(journal, after), limits)
