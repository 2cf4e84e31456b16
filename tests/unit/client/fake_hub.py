"""A hub of a few lines, without I/O: what docs/protocol.md promises a JSON client."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import msgspec

from hubbub.dialects.json_lines import frames, order_frames

if TYPE_CHECKING:
    from collections.abc import Callable

_decode = msgspec.json.Decoder(frames.ClientFrame).decode
_encode = msgspec.json.Encoder().encode

NOON = "2026-01-02T12:00:00.000Z"
SERVER = frames.ServerInfo("hubbub", "0.0.0", 1)


@dataclass(eq=False)
class User:
    """Somebody who holds a name, connected or not."""

    id: int
    name: str
    token: str
    link: Link | None
    groups: set[str] = field(default_factory=set)
    nonces: dict[str, int] = field(default_factory=dict)


@dataclass(eq=False)
class Link:
    """The hub's end of one connection."""

    hub: FakeHub
    user: User | None = None
    written: bytearray = field(default_factory=bytearray)
    closed: bool = False
    _rest: bytes = b""

    def receive(self, data: bytes) -> None:
        """Serve what a client sent."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if not self.closed:
                self.hub.serve(self, _decode(line))

    def write(self, *out: msgspec.Struct) -> None:
        """Send frames."""
        for frame in out:
            self.written += _encode(frame) + b"\n"

    def take(self) -> bytes:
        """Give what was written since the last time."""
        data = bytes(self.written)
        self.written.clear()
        return data

    def lose(self) -> None:
        """Drop the connection; the seat is kept."""
        self.closed = True
        if self.user is not None and self.user.link is self:
            self.user.link = None
            name = self.user.name
            self.hub.tell(lambda seq: frames.Left(seq, NOON, name, "lost"))

    def end(self, code: str, reason: str) -> None:
        """Say goodbye and close."""
        self.write(frames.Bye(code, reason))
        self.closed = True


Event = (
    frames.Message
    | frames.Joined
    | frames.Left
    | frames.Group
    | frames.RoleChanged
    | order_frames.Act
)


class FakeHub:
    """Serves links. `events` is the journal, with who may see each (None: all)."""

    def __init__(self, journal: str = "j1", nonces: int = 128) -> None:
        self.journal = journal
        self.limits = frames.LimitsInfo(4096, 65536, nonces, 100)
        self.users: list[User] = []
        self.events: list[tuple[Event, frozenset[int] | None, int]] = []
        self.refuse: Callable[[frames.ClientFrame], frames.Error | None] = (
            lambda _frame: None
        )

    # --- for tests -----------------------------------------------------------------

    @property
    def said(self) -> list[str]:
        """Every text in the journal, in order."""
        return [e.text for e, _, _ in self.events if isinstance(e, frames.Message)]

    def connect(self) -> Link:
        """Open a connection."""
        return Link(self)

    def forget_seats(self) -> None:
        """Let the time for coming back be over."""
        self.users = [user for user in self.users if user.link is not None]

    def say(self, name: str, text: str, to: str = "lobby") -> None:
        """Have somebody who needs no connection say something."""
        self.post(0, frames.Send(to, text), name)

    # --- serving -------------------------------------------------------------------

    def serve(self, link: Link, frame: frames.ClientFrame) -> None:
        """Do what a frame asks."""
        refusal = self.refuse(frame)
        if refusal is not None:
            link.write(refusal)
        elif isinstance(frame, frames.Hello):
            self._hello(link, frame)
        elif isinstance(frame, frames.Ping):
            link.write(frames.Pong(frame.id))
        elif link.user is None:
            link.write(frames.Error("not_joined", "say who you are first"))
        else:
            self._serve_user(link, link.user, frame)

    def _serve_user(self, link: Link, user: User, frame: frames.ClientFrame) -> None:
        match frame:
            case frames.Send():
                self.post(user.id, frame, user.name, user)
            case order_frames.GroupRequest():
                self._group(link, user, frame)
            case frames.UsersRequest():
                link.write(frames.UserList(self._present()))
            case frames.HistoryRequest():
                self._history(link, user, frame)
            case frames.ByeRequest():
                self.users.remove(user)
                link.end("quit", "goodbye")
            case _:
                pass

    def _present(self) -> tuple[str, ...]:
        return tuple(sorted(user.name for user in self.users if user.link is not None))

    def _hello(self, link: Link, frame: frames.Hello) -> None:
        resume = frame.resume
        same = resume is not None and resume.token.startswith(f"{self.journal}.")
        after = resume.after if resume is not None and same else len(self.events)
        shown = None if resume is None else resume.token
        holder = next((u for u in self.users if u.token == shown), None)
        resumed = holder is not None
        made = f"{self.journal}.{frame.key or f'secret{len(self.events) + 1}'}"
        holder = holder or next((u for u in self.users if u.token == made), None)
        if holder is None and any(user.name == frame.name for user in self.users):
            link.write(frames.Error("name_taken", "choose another name", "hello"))
            return
        returned = holder is not None
        if holder is None:
            id_ = len(self.events) + 1
            holder = User(id_, frame.name, made, None)
            self.users.append(holder)
        catches_up = same or returned
        if returned and not same:
            after = holder.id
        if holder.link is not None:
            holder.link.end("replaced", "you came back on another connection")
        name = holder.name
        holder.link, link.user = None, holder
        self.tell(lambda seq: frames.Joined(seq, NOON, name, returned=returned))
        holder.link = link
        link.write(
            frames.Welcome(
                holder.name,
                holder.id,
                holder.token,
                after if catches_up else len(self.events),
                SERVER,
                self._present(),
                tuple(sorted(holder.groups)),
                self.limits,
                resumed,
            )
        )
        if catches_up:
            self._catch_up(link, holder, after)

    def _catch_up(self, link: Link, user: User, after: int) -> None:
        for event, audience, author in self.events[after:]:
            if audience is None or user.id in audience:
                link.write(_for(event, own=author == user.id))

    def tell(
        self,
        make: Callable[[int], Event],
        audience: frozenset[int] | None = None,
        author: int = 0,
        *,
        own: bool = False,
    ) -> Event:
        """Journal an event and show it to those who may see it."""
        event = make(len(self.events) + 1)
        self.events.append((event, audience, author))
        for user in self.users:
            if user.link is not None and (audience is None or user.id in audience):
                mine = own or user.id == author
                user.link.write(_for(event, own=mine and user.id == author))
        return event

    def post(
        self, author: int, frame: frames.Send, name: str, user: User | None = None
    ) -> None:
        """Say something, once for each nonce."""
        if user is not None and frame.nonce is not None and frame.nonce in user.nonces:
            assert user.link is not None
            again = self.events[user.nonces[frame.nonce] - 1][0]
            user.link.write(again)
            return
        audience = None
        if frame.to.startswith("#"):
            group = frame.to[1:]
            if user is not None and user.link is not None and group not in user.groups:
                re = frame.nonce or "send"
                error = frames.Error("not_a_member", f"you are not in #{group}", re)
                user.link.write(error)
                return
            audience = frozenset(one.id for one in self.users if group in one.groups)
        elif frame.to.startswith("@"):
            other = {one.id for one in self.users if one.name == frame.to[1:]}
            audience = frozenset(other | {author})
        event = self.tell(
            lambda seq: frames.Message(
                seq, NOON, name, frame.to, frame.text, frame.nonce
            ),
            audience,
            author,
        )
        if user is not None and frame.nonce is not None:
            user.nonces[frame.nonce] = event.seq

    def _group(self, link: Link, user: User, frame: order_frames.GroupRequest) -> None:
        name = frame.name or ""
        names = {group for one in self.users for group in one.groups}
        match frame.action:
            case "create" if name not in names:
                user.groups.add(name)
                self._tell_group("created", user, name)
            case "join" if name in names and name not in user.groups:
                user.groups.add(name)
                self._tell_group("joined", user, name)
            case "leave" if name in user.groups:
                self._tell_group("left", user, name)
                user.groups.discard(name)
            case "members":
                members = tuple(u.name for u in self.users if name in u.groups)
                link.write(frames.MemberList(name, members))
            case "list":
                sizes = {n: sum(n in u.groups for u in self.users) for n in names}
                link.write(
                    frames.GroupList(
                        tuple(
                            frames.GroupInfo(n, sizes[n], n in user.groups)
                            for n in sorted(names)
                        )
                    )
                )
            case _:
                link.write(frames.Error("group_unknown", "no such group", "group"))

    def _tell_group(self, action: str, user: User, name: str) -> None:
        def make(seq: int) -> Event:
            fields = {"seq": seq, "time": NOON, "action": action, "group": name}
            return msgspec.convert(
                {**fields, "name": user.name, "type": "group"}, frames.Group
            )

        members = frozenset(one.id for one in self.users if name in one.groups)
        self.tell(make, None if action == "created" else members, user.id)

    def _history(self, link: Link, user: User, frame: frames.HistoryRequest) -> None:
        messages = [
            cast("frames.Message", _for(event, own=author == user.id))
            for event, audience, author in self.events
            if isinstance(event, frames.Message)
            and event.to == frame.of
            and (audience is None or user.id in audience)
            and (frame.before is None or event.seq < frame.before)
        ]
        page = messages[-(frame.limit or 100) :]
        link.write(frames.HistoryPage(frame.of, tuple(page), len(page) < len(messages)))


def _for(event: Event, *, own: bool) -> Event:
    """Give an event as its author or as anybody else sees it."""
    match event:
        case frames.Message() if not own:
            return msgspec.structs.replace(event, nonce=None)
        case frames.Group() if own:
            return msgspec.structs.replace(event, you=True)
        case _:
            return event
