"""What the hub has told so far: who one is, who is here, which groups one is in."""

from __future__ import annotations

from hubbub.dialects.json_lines import frames, order_frames


class View:
    """A small copy of the hub's state, as far as this client may know it.

    Attributes:
        name: This client's name; before the first welcome the one wished for.
        seq: The last `seq` seen of the journal.
        token: What the last welcome gave to come back with.
    """

    def __init__(self, name: str) -> None:
        """Begin with nothing known."""
        self.name = name
        self.seq = 0
        self.token: str | None = None
        self._people: set[str] = set()
        self._groups: set[str] = set()

    @property
    def people(self) -> tuple[str, ...]:
        """The names present, in alphabetical order."""
        return tuple(sorted(self._people, key=str.casefold))

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups this client is in, in alphabetical order, without `#`."""
        return tuple(sorted(self._groups, key=str.casefold))

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
        self._people = set(frame.users)
        self._groups = set(frame.groups)

    def see(self, frame: frames.ServerFrame) -> None:
        """Take an event in.

        Welcome's lists may be a little later than the events that follow it, so each
        event is applied as a set operation, which does no harm twice.
        """
        match frame:
            case frames.Joined():
                self._people.add(frame.name)
            case frames.Left() | frames.Kicked():
                self._people.discard(frame.name)
            case frames.Renamed():
                self._people.discard(frame.from_)
                self._people.add(frame.to)
                if frame.you or frame.from_ == self.name:
                    self.name = frame.to
            case frames.Group():
                self._see_group(frame)
            case order_frames.Act():
                self._see_act(frame)
            case frames.UserList():
                self._people = set(frame.users)
            case frames.GroupList():
                self._groups = {one.name for one in frame.groups if one.joined}
            case _:
                pass
        seq = getattr(frame, "seq", None)
        if seq is not None:
            self.seq = seq

    def _see_act(self, frame: order_frames.Act) -> None:
        group = (frame.room or "").removeprefix("#")
        if frame.action == "group_renamed" and group in self._groups:
            self._groups.discard(group)
            self._groups.add(frame.text or "")

    def _see_group(self, frame: frames.Group) -> None:
        own = frame.you or frame.name == self.name
        match frame.action:
            case "created" | "joined":
                if own:
                    self._groups.add(frame.group)
            case "left":
                if own:
                    self._groups.discard(frame.group)
            case "ended":
                self._groups.discard(frame.group)


def _journal(token: str | None) -> str | None:
    """Give the journal that a token belongs to: `<journal id>.<secret>`."""
    return None if token is None else token.partition(".")[0]
