"""A program at the hub: one JSON object a line, as docs/protocol.md fixes it."""

from __future__ import annotations

import itertools
import json
import re
from typing import TYPE_CHECKING, Any, ClassVar

from tests.conformance.speakers.speaker import Speaker
from tests.conformance.speakers.words import (
    Acted,
    ConnectionList,
    Done,
    Ended,
    Farewell,
    GroupChanged,
    GroupList,
    Happening,
    InviteList,
    InviteShown,
    Joined,
    Kicked,
    Left,
    MemberList,
    Page,
    PasswordAsked,
    Pinged,
    Ponged,
    Refused,
    Renamed,
    RoleChanged,
    RoomTold,
    Said,
    TextShown,
    Trail,
    UserList,
    Welcomed,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conformance.speakers.wire import Wire

Frame = dict[str, Any]

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


# What comes after the name in an `admin` frame.
_SECOND_FIELDS = {"kick": "reason", "rename": "to", "role": "role"}


class JsonSpeaker(Speaker):
    """Speaks and understands JSON frames, and watches over their `seq` and `time`."""

    kind: ClassVar[str] = "json"
    keeps_seat: ClassVar[bool] = True
    hears_itself: ClassVar[bool] = True

    def __init__(self, wire: Wire, is_stranger: Callable[[str], bool]) -> None:
        super().__init__(wire, is_stranger)
        self.welcome: Frame = {}
        self.last_seq = 0
        self.received: list[Frame] = []
        self.sent: list[object] = []
        # A user may have several connections, whose nonces must not be the same.
        self._nonces = (f"{wire.address} {number}" for number in itertools.count())
        self._acknowledged: dict[str, int | None] = {}

    @property
    def frame(self) -> Frame:
        """Give the frame read last."""
        return self.received[-1]

    @property
    def token(self) -> str:
        return str(self.welcome["token"])

    def give_name(self, name: str) -> None:
        self.write({"type": "hello", "name": name})

    def resume(self, name: str, token: str, after: int) -> None:
        """Ask for a seat back; `await_resumed` is the answer."""
        seat = {"token": token, "after": after}
        self.write({"type": "hello", "name": name, "resume": seat})

    def await_resumed(self, name: str) -> None:
        self.await_welcome(name)
        assert self.welcome.get("resumed") is True

    def post(self, text: str, to: str = "lobby") -> None:
        nonce = next(self._nonces)
        self._acknowledged[nonce] = None
        self.write({"type": "send", "to": to, "text": text, "nonce": nonce})

    def change_group(self, action: str, group: str) -> None:
        self.write({"type": "group", "action": action, "name": group})

    def ask_users(self) -> None:
        self.write({"type": "users"})

    def ask_groups(self) -> None:
        self.write({"type": "group", "action": "list"})

    def ask_history(self, of: str, limit: int | None = None) -> None:
        self.write(
            {"type": "history", "of": of} | ({} if limit is None else {"limit": limit})
        )

    def claim_name(self, name: str, password: str) -> None:
        self.write({"type": "hello", "name": name, "password": password})

    def show_code(self, code: str, name: str) -> None:
        self.write({"type": "hello", "name": name, "invite": code})

    def choose_password(self, code: str, name: str, password: str) -> None:
        fields = {"invite": code, "password": password}
        self.write({"type": "hello", "name": name} | fields)

    def make_invite(self, seconds: int | None = None) -> InviteShown:
        self.order("invite", **({} if seconds is None else {"seconds": seconds}))
        shown = self._take(InviteShown)
        assert ("until" in self.frame) == (seconds is not None)
        return shown

    def invites(self) -> list[int]:
        self.order("invites")
        return list(self._take(InviteList).ids)

    def change_account(self, action: str, *passwords: str) -> None:
        fields = zip(("password", "new"), passwords, strict=False)
        self.write({"type": "account", "action": action} | dict(fields))

    def await_done(self, action: str) -> None:
        self._expect(Done(action))

    def connections(self) -> dict[str, str]:
        self.write({"type": "admin", "action": "list"})
        return dict(self._take(ConnectionList).roles)

    def await_waiting(self) -> list[Said]:
        page = self._take(Page)
        assert page.messages is not None
        return list(page.messages)

    def administer(self, action: str, *words: str) -> None:
        fields = ("name", _SECOND_FIELDS.get(action, ""))
        self.write(
            {"type": "admin", "action": action} | dict(zip(fields, words, strict=False))
        )

    def order(self, action: str, **fields: object) -> None:
        self.write({"type": "admin", "action": action} | fields)

    def order_group(self, action: str, group: str, **fields: object) -> None:
        self.write({"type": "group", "action": action, "name": group} | fields)

    def change_token(self, action: str, **fields: object) -> None:
        self.write({"type": "token", "action": action} | fields)

    def audit(self, action: str = "audit") -> list[str]:
        self.order(action)
        return list(self._take(Trail).actions)

    def say_goodbye(self) -> None:
        self.write({"type": "bye"})

    def acknowledge(self, text: str, to: str) -> None:
        self._await_own(Said(self.name, to, text))

    def await_page(self, of: str) -> list[Said]:
        page = self._take(Page)
        assert page.of == of
        assert page.messages is not None
        return list(page.messages)

    def lines_of(self, text: str) -> list[str]:
        return [text]

    def write(self, frame: object) -> None:
        """Send a value as one line of JSON."""
        self.sent.append(frame)
        self.wire.send(json.dumps(frame).encode() + b"\n")

    def read(self) -> Frame:
        """Give the next frame as it is, past what concerns strangers."""
        assert not self._told, f"not awaited: {self._told}"
        while True:
            frame = self._read_frame()
            assert frame is not None, "the hub closed the connection"
            if not self._is_about_stranger(self._understand(frame)):
                return frame

    def ping(self) -> None:
        """Ask for a sign of life and get it."""
        self.write({"type": "ping", "id": "are you there"})
        assert self._take(Ponged) == Ponged("are you there")

    def _read_frame(self) -> Frame | None:
        line = self.wire.receive_line()
        if line is None:
            return None
        frame = json.loads(line)
        assert isinstance(frame, dict), line
        self.received.append(frame)
        return frame

    def _hear(self) -> list[Happening]:
        frame = self._read_frame()
        if frame is None:
            return [Ended()]
        happening = self._understand(frame)
        if frame["type"] == "welcome":
            self.welcome = frame
            self.last_seq = frame["seq"]
            rooms = [RoomTold(r["room"]) for r in frame.get("rooms", ()) if _special(r)]
            return [happening, *rooms]
        if "seq" in frame:
            self._watch_order(frame)
        return [happening]

    def _watch_order(self, frame: Frame) -> None:
        assert TIME.fullmatch(frame["time"]), frame
        nonce = frame.get("nonce")
        if nonce is not None and self._acknowledged.get(nonce) is not None:
            assert frame["seq"] == self._acknowledged[nonce], (
                "acknowledged with another seq"
            )
            return
        assert frame["seq"] > self.last_seq, f"{frame} came after {self.last_seq}"
        self.last_seq = frame["seq"]
        if nonce is not None:
            self._acknowledged[nonce] = frame["seq"]

    def knows_refusal(self, refused: Refused, code: str) -> bool:
        return refused.code == code

    def _understand(self, frame: Frame) -> Happening:
        meaning = _MEANINGS.get(frame["type"])
        assert meaning is not None, f"not a frame of the protocol: {frame}"
        return meaning(self.name, frame)


def _welcomed(_: str, frame: Frame) -> Welcomed:
    role = frame.get("role", "guest")
    return Welcomed(frame["name"], role if role in {"owner", "moderator"} else "")


def _special(room: Frame) -> bool:
    return not room.keys().isdisjoint({"private", "frozen", "slow", "topic"})


def _said(_: str, frame: Frame) -> Said:
    return Said(frame["from"], frame["to"], frame["text"])


def _group(me: str, frame: Frame) -> GroupChanged:
    you = frame.get("you", False)
    name = frame.get("name", me if you else None)
    return GroupChanged(frame["action"], frame["group"], name, you)


def _renamed(me: str, frame: Frame) -> Renamed:
    you = frame.get("you", False)
    assert you == (me in {frame["from"], frame["to"]})
    return Renamed(frame["from"], frame["to"], you)


def _page(me: str, frame: Frame) -> Page:
    return Page(frame["of"], tuple(_said(me, m) for m in frame["messages"]))


def _refused(_: str, frame: Frame) -> Refused | PasswordAsked:
    if frame["code"] == "new_password_needed":
        return PasswordAsked()
    return Refused(frame["text"], frame["code"])


_MEANINGS: dict[str, Callable[[str, Frame], Happening]] = {
    "welcome": _welcomed,
    "room": lambda _, frame: RoomTold(frame["room"]),
    "message": _said,
    "joined": lambda _, frame: Joined(frame["name"], frame.get("address")),
    "left": lambda _, frame: Left(frame["name"], frame["reason"]),
    "renamed": _renamed,
    "kicked": lambda me, frame: Kicked(
        frame["name"], frame.get("reason", ""), you=frame["name"] == me
    ),
    "group": _group,
    "role": lambda _, frame: RoleChanged(
        frame["name"], frame["role"], frame.get("you", False)
    ),
    "act": lambda _, frame: Acted(
        frame["action"], frame.get("name"), frame.get("room")
    ),
    "audit": lambda _, frame: Trail(tuple(act["action"] for act in frame["acts"])),
    "token": lambda _, frame: TextShown(frame["token"]),
    "tokens": lambda _, frame: Trail(tuple(one["name"] for one in frame["tokens"])),
    "bans": lambda _, frame: Trail(tuple(ban["name"] for ban in frame["bans"])),
    "done": lambda _, frame: Done(frame["action"]),
    "sessions": lambda _, frame: ConnectionList(
        tuple((one["name"], one["role"]) for one in frame["sessions"])
    ),
    "waiting": lambda me, frame: Page(
        "waiting", tuple(_said(me, m) for m in frame["messages"])
    ),
    "users": lambda _, frame: UserList(tuple(frame["users"])),
    "groups": lambda _, frame: GroupList(
        tuple((group["name"], group["members"]) for group in frame["groups"])
    ),
    "members": lambda _, frame: MemberList(frame["group"], tuple(frame["members"])),
    "history": _page,
    "error": _refused,
    "invite": lambda _, frame: InviteShown(
        frame["id"], frame["invite"], frame["link"], frame["command"]
    ),
    "invites": lambda _, frame: InviteList(
        tuple(one["id"] for one in frame["invites"])
    ),
    "ping": lambda _, __: Pinged(),
    "pong": lambda _, frame: Ponged(frame.get("id")),
    "bye": lambda _, frame: Farewell(frame["reason"], frame["code"]),
}
