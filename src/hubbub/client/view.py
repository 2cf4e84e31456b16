"""What the hub has told so far: who one is, who is here, which groups one is in."""

from __future__ import annotations

from collections.abc import Iterable

from hubbub.client.rooms import Rooms
from hubbub.dialects.json_lines import frames, order_frames
from hubbub.model.names import MAX_LENGTH

# Whatever the hub tells, the memory for it is bounded. It is five times what a hub
# takes in by itself; who comes beyond it is heard, and not listed.
_MOST_PEOPLE = 100_000

_ROLES = {"register": "member", "unregister": "guest"}


class View:
    """A small copy of the hub's state, as far as this client may know it.

    Attributes:
        name: This client's name; before the first welcome the one wished for.
        seq: The last `seq` seen of the journal.
        token: What the last welcome gave to come back with.
        role: What this client is to the hub: `owner`, `moderator`, `member`, `guest`.
        rooms: How the lobby and this client's own groups stand.
    """

    def __init__(self, name: str) -> None:
        """Begin with nothing known."""
        self.name = name
        self.seq = 0
        self.token: str | None = None
        self.role = "guest"
        self.rooms = Rooms()
        self._people: set[str] = set()

    @property
    def people(self) -> tuple[str, ...]:
        """The names present, in alphabetical order."""
        return tuple(sorted(self._people, key=str.casefold))

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups this client is in, in alphabetical order, without `#`."""
        return self.rooms.groups

    def resume(self) -> frames.ResumeFrom | None:
        """Say what to come back with, if there is anything."""
        return None if self.token is None else frames.ResumeFrom(self.token, self.seq)

    def welcome(self, frame: frames.Welcome) -> None:
        """Begin anew from a welcome.

        On the same journal `seq` never goes back: what was seen is not news again.
        """
        same = _journal(self.token) == _journal(frame.token)
        self.name = frame.name
        self.token = frame.token
        self.seq = max(self.seq, frame.seq) if same else frame.seq
        self.role = frame.role or "guest"
        self._list_people(frame.users)
        self.rooms.begin(frame.groups, frame.rooms)

    def see(self, frame: frames.ServerFrame) -> None:
        """Take an event in.

        Welcome's lists may be a little later than the events that follow it, so each
        event is applied as a set operation, which does no harm twice.
        """
        own = self._is_own(frame)
        match frame:
            case frames.Group():
                self.rooms.change(frame, own=own)
            case frames.Room():
                self.rooms.describe(frame)
            case order_frames.Act():
                self.rooms.act(frame, own=own)
            case frames.GroupList():
                self.rooms.list_groups(frame.groups)
            case frames.RoleChanged():
                self.role = frame.role if own else self.role
            case frames.Done():
                self.role = _ROLES.get(frame.action, self.role)
            case _:
                self._see_people(frame)
        seq = getattr(frame, "seq", None)
        if seq is not None:
            self.seq = seq

    def _see_people(self, frame: frames.ServerFrame) -> None:
        match frame:
            case frames.Joined():
                self._list(frame.name)
            case frames.Left() | frames.Kicked():
                self._people.discard(frame.name)
            case frames.Renamed():
                self._people.discard(frame.from_)
                self._list(frame.to)
                if frame.you or frame.from_ == self.name:
                    self.name = frame.to
            case frames.UserList():
                self._list_people(frame.users)
            case _:
                pass

    def _is_own(self, frame: frames.ServerFrame) -> bool:
        """Tell whether a change is this client's own, or was done to it."""
        match frame:
            case frames.Group() | frames.RoleChanged() | order_frames.Act():
                return frame.you or frame.name == self.name
            case _:
                return False

    def _list_people(self, names: Iterable[str]) -> None:
        self._people = set()
        for name in names:
            self._list(name)

    def _list(self, name: str) -> None:
        # What is longer is nobody's name.
        if len(self._people) < _MOST_PEOPLE and len(name) <= MAX_LENGTH:
            self._people.add(name)


def _journal(token: str | None) -> str | None:
    """Give the journal that a token belongs to: `<journal id>.<secret>`."""
    return None if token is None else token.partition(".")[0]
