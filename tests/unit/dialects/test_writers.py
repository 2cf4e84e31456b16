"""The playbook: each event and answer, and the very line it becomes."""

from __future__ import annotations

import re
import time
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.dialects.json_lines import frames
from hubbub.dialects.json_lines.writer import JsonWriter
from hubbub.dialects.plain.console import ConsoleWriter
from hubbub.dialects.plain.writer import PlainWriter
from hubbub.model.address import LOBBY, ToGroup
from hubbub.model.answers import (
    Answer,
    AreYouThere,
    Bye,
    Done,
    Groups,
    GroupSummary,
    HelpText,
    History,
    Members,
    PasswordWanted,
    Pinged,
    Sessions,
    SessionSummary,
    Users,
    Waiting,
    Welcome,
)
from hubbub.model.commands import (
    Hello,
    JoinGroup,
    ListUsers,
    LogOutOthers,
    Post,
    ReadHistory,
    Register,
)
from hubbub.model.events import (
    HIDDEN,
    AccountClosed,
    AccountCreated,
    AccountOpened,
    DeviceAdded,
    DeviceRemoved,
    DirectPosted,
    Event,
    GroupCreated,
    GroupEnded,
    GroupJoined,
    GroupLeft,
    GroupPosted,
    LobbyPosted,
    OthersLoggedOut,
    PasswordChanged,
    RoleChanged,
    SeatEnded,
    UserJoined,
    UserKicked,
    UserLeft,
    UserRenamed,
    UserReturned,
)
from hubbub.model.invites import Invites, RevokeInvite
from hubbub.model.moderation import Kick
from hubbub.model.refusals import Code, Refusal
from hubbub.model.roles import Role

NOON = 1_700_000_000_123
TS = time.strftime("[%H:%M:%S]", time.localtime(NOON // 1000))

plain = PlainWriter(color=False)
colored = PlainWriter(color=True)
json_writer = JsonWriter(
    frames.ServerInfo("hubbub", "1", 1), frames.LimitsInfo(4096, 65536, 128, 100)
)

# An event; the line for its doer, and its colour; the line for the others.
PLAYBOOK: list[tuple[Event, str, int, str]] = [
    (UserJoined(1, NOON, "ann", "1.2.3.4:5"), "", 36,
     "Client 1.2.3.4:5 CONNECTED Name: ann"),
    (UserJoined(1, NOON, "ann"), "", 36, "Client CONNECTED Name: ann"),
    (UserReturned(9, NOON, 1, "ann"), "", 36, "Client CONNECTED Name: ann"),
    (UserLeft(9, NOON, 1, "ann", "quit"), "", 31, "ann DISCONNECTED"),
    (UserRenamed(9, NOON, 1, "ann", "eve"), "You are now eve", 36, "ann RENAMED eve"),
    (UserKicked(9, NOON, 1, "ann", "SERVER"), "You were kicked", 31, "ann KICKED"),
    (UserKicked(9, NOON, 1, "ann", "SERVER", "why"), "You were kicked: why", 31,
     "ann KICKED: why"),
    (GroupCreated(9, NOON, "tea", 1, "ann"), "You created #tea", 34,
     "ann CREATED #tea"),
    (GroupJoined(9, NOON, 3, "tea", 1, "ann"), "You joined #tea", 34,
     "ann JOINED #tea"),
    (GroupLeft(9, NOON, 3, "tea", 1, "ann"), "You left #tea", 34, "ann LEFT #tea"),
    (GroupEnded(9, NOON, 3, "tea"), "#tea ENDED", 34, "#tea ENDED"),
    (RoleChanged(9, NOON, 1, "ann", Role.OWNER, "SERVER"), "You are now owner", 36,
     "ann IS now owner"),
    (SeatEnded(9, NOON, 1, "ann"), "", 0, ""),
    (AccountOpened(9, NOON, 1, "ann", "secret"), "", 0, ""),
    (AccountCreated(9, NOON, "ann", Role.OWNER, "secret"), "", 0, ""),
    (PasswordChanged(9, NOON, 1, "ann", "secret"), "", 0, ""),
    (AccountClosed(9, NOON, 1, "ann"), "", 0, ""),
    (DeviceAdded(9, NOON, 1, "ann", "hash"), "", 0, ""),
    (DeviceRemoved(9, NOON, 1, "ann", "hash"), "", 0, ""),
    (OthersLoggedOut(9, NOON, 1, "ann"), "", 0, ""),
]  # fmt: skip
SAID: list[tuple[Event, str, int, str]] = [
    (LobbyPosted(9, NOON, 1, "ann", "hi", "n"), "", 33, "ann >> "),
    (GroupPosted(9, NOON, 1, "ann", 3, "tea", "hi"), "", 34, "#tea ann >> "),
    (DirectPosted(9, NOON, 1, "ann", 2, "bob", "hi"), "(PM) to bob >> ", 35,
     "(PM) ann >> "),
]  # fmt: skip


def stamped(line: str) -> str:
    """Put the time before a line, if there is one."""
    return f"{TS} {line}\n" if line else ""


@pytest.mark.parametrize(("event", "own", "color", "other"), PLAYBOOK)
def test_plain_events(event: Event, own: str, color: int, other: str) -> None:
    """The table `What is written`, for the doer and the others, with its colour."""
    assert plain.event(event, own=True).decode() == stamped(own)
    assert plain.event(event, own=False).decode() == stamped(other)
    expected = f"\x1b[{color}m{TS} {other}\x1b[0m\n" if other else ""
    assert colored.event(event, own=False).decode() == expected


@pytest.mark.parametrize(("event", "own", "color", "head"), SAID)
def test_plain_messages(event: Event, own: str, color: int, head: str) -> None:
    """The colour ends before the text; a sender has no echo but of a private one."""
    assert plain.event(event, own=False).decode() == stamped(f"{head}hi")
    assert plain.event(event, own=True).decode() == stamped(own and f"{own}hi")
    expected = f"\x1b[{color}m{TS} {head}\x1b[0mhi\n"
    assert colored.event(event, own=False).decode() == expected


def test_the_console_speaks_in_green() -> None:
    """What SERVER says, each line with the whole beginning."""
    event = LobbyPosted(9, NOON, 0, "SERVER", "one\ntwo")
    assert plain.event(event, own=False).decode() == stamped("SERVER: one") + stamped(
        "SERVER: two"
    )
    assert colored.event(event, own=False).startswith(b"\x1b[32m")


@given(
    st.lists(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=9))
)
def test_no_line_of_a_message_is_anothers(parts: list[str]) -> None:
    """Each line of a text with line breaks has the full beginning of its message."""
    text = "\n".join(parts)
    for event, _, _, head in SAID:
        data = plain.event(msgspec.structs.replace(event, text=text), own=False)
        lines = data.decode().split("\n")
        assert lines.pop() == ""
        assert lines == [f"{TS} {head}{line}" for line in text.split("\n")]


ANSWERS: list[tuple[Answer, str]] = [
    (Welcome(1, "ann", "", 1, False, (), ("ann",)),
     "Welcome ann. Type :help for the commands."),
    (Users(("ann", "bob")), "2 online: ann, bob"),
    (Users(()), "Nobody is online"),
    (Groups(()), "There are no groups; make one with :group create <name>"),
    (Groups((GroupSummary("a", 1, True), GroupSummary("b", 2, False))),
     "2 groups: #a (1 member), #b (2 members)"),
    (Members("tea", ("ann",)), "#tea has 1 member: ann"),
    (History(LOBBY, (), False, 1), "No messages yet in lobby"),
    (Done(LogOutOthers), "Your other devices are logged out"),
    (Done(Kick), ""),
    (Done(Register, "ann"),
     "The name ann is yours: from now on it needs your password"),
    (PasswordWanted("ann"),
     ("PASSWORD : ann is somebody's own name and needs its password "
      "(an empty line for another name)")),
    (PasswordWanted("ann", True),
     "PASSWORD : this hub needs a password (an empty line for another name)"),
    (PasswordWanted("ann", of_hub=True, members_only=True),
     ("PASSWORD : only members come in here, with the password of their name "
      "(an empty line for another name; :invite <code> with an invitation)")),
    (PasswordWanted("ann", of_hub=True, new=True, members_only=True),
     ("PASSWORD : choose a password for the name ann "
      "(an empty line for another name)")),
    (Done(RevokeInvite), "That invitation lets nobody in any more"),
    (Invites(()), "There are no invitations; make one with :invite new"),
    (Bye("quit", "goodbye"), "Goodbye"),
    (Bye("kicked", "you were"), ""),
    (Bye("idle", "you did not answer"), "Disconnected: you did not answer"),
    (Pinged("x"), ""),
    (AreYouThere(), ""),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "line"), ANSWERS)
def test_plain_answers(answer: Answer, line: str) -> None:
    """The table of commands: what comes back."""
    assert plain.answer(answer, NOON).decode() == stamped(line)


def test_history_has_the_times_of_its_messages() -> None:
    """With the date when it is not today; one's own private messages say `to`."""
    day = 86_400_000
    messages = (
        LobbyPosted(1, NOON - 3 * day, 1, "ann", "old"),
        DirectPosted(2, NOON, 1, "ann", 2, "bob", "mine"),
    )
    page = plain.answer(History(LOBBY, messages, False, 1), NOON).decode().splitlines()
    assert page[0] == f"{TS} History of lobby: 2 messages"
    assert re.fullmatch(r"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] ann >> old", page[1])
    assert page[2] == f"{TS} (PM) to bob >> mine"


def test_what_waited_is_shown_with_its_times() -> None:
    """The messages that came while one was away, as they would have been seen."""
    messages = (DirectPosted(2, NOON, 1, "ann", 2, "bob", "psst"),)
    page = plain.answer(Waiting(messages), NOON).decode().splitlines()
    assert page == [f"{TS} 1 message waited for you:", f"{TS} (PM) ann >> psst"]
    frame = frame_of(json_writer.answer(Waiting(messages), NOON))
    assert [one["text"] for one in frame["messages"]] == ["psst"]


def test_the_moderators_list_as_a_frame() -> None:
    """`sessions`: who is connected, with role and address."""
    one = SessionSummary("ann", "1.2.3.4:5", NOON, ("tea",), "json", Role.OWNER)
    assert frame_of(json_writer.answer(Sessions((one,)), NOON))["sessions"] == [
        {
            "name": "ann",
            "role": "owner",
            "address": "1.2.3.4:5",
            "since": "2023-11-14T22:13:20.123Z",
            "dialect": "json",
            "groups": ["tea"],
        }
    ]


def test_history_of_a_strange_address_drives_no_terminal() -> None:
    """What the reader asked for comes back clean."""
    page = plain.answer(History(ToGroup("\x1b[2Jx"), (), False, 1), NOON)
    assert b"\x1b" not in page


def test_help_and_sessions_are_whole_lines() -> None:
    """Help names every command; the console's list has a line for each connection."""
    text = plain.answer(HelpText(frozenset()), NOON).decode()
    for word in (":pm", ":group create", ":users", ":history", ":help", ":quit"):
        assert f"  {word}" in text
    assert ":kick" not in text
    assert ":kick" in plain.answer(HelpText(frozenset({Kick})), NOON).decode()
    console = ConsoleWriter(color=False)
    assert ":kick" in console.answer(HelpText(frozenset({Kick})), NOON).decode()
    one = SessionSummary("ann", "1.2.3.4:5", NOON, ("tea",), "json")
    lines = console.answer(Sessions((one,)), NOON).decode().splitlines()
    assert lines[0] == f"{TS} 1 connection"
    assert lines[2].split()[0::5] == ["ann", "json"]
    assert lines[2].split()[1] == "guest"
    assert console.answer(Bye("shutdown", "x"), NOON) == b""


def test_plain_refusal() -> None:
    """`error:` and one sentence, in red."""
    refusal = Refusal(Code.NAME_TAKEN, "choose another")
    assert plain.refusal(refusal, None, NOON).decode() == stamped(
        "error: choose another"
    )
    assert colored.refusal(refusal, None, NOON).startswith(b"\x1b[31m")


def frame_of(data: bytes) -> dict[str, Any]:
    """Decode one line through the declared frames, and give it as an object."""
    assert data.endswith(b"\n")
    assert data.count(b"\n") == 1
    msgspec.json.decode(data, type=frames.ServerFrame)
    decoded: dict[str, Any] = msgspec.json.decode(data)
    return decoded


@pytest.mark.parametrize("event", [row[0] for row in PLAYBOOK + SAID])
@pytest.mark.parametrize("own", [True, False])
def test_json_events_are_declared_frames(event: Event, own: bool) -> None:
    """Every event is a frame of the schema with its seq and an RFC 3339 time."""
    data = json_writer.event(event, own=own)
    unshown = isinstance(event, (UserJoined, UserReturned, UserLeft)) and own
    if unshown or isinstance(event, HIDDEN):
        assert data == b""
        return
    frame = frame_of(data)
    assert frame["seq"] == event.seq
    assert frame["time"] == "2023-11-14T22:13:20.123Z"
    assert ("nonce" in frame) == (own and getattr(event, "nonce", None) is not None)


@pytest.mark.parametrize(
    ("event", "to"),
    [(SAID[0][0], "lobby"), (SAID[1][0], "#tea"), (SAID[2][0], "@bob")],
)
def test_json_messages(event: Event, to: str) -> None:
    """`from`, `to` and `text` of the three kinds of messages."""
    frame = frame_of(json_writer.event(event, own=False))
    assert (frame["type"], frame["from"], frame["to"], frame["text"]) == (
        "message",
        "ann",
        to,
        "hi",
    )


@given(st.text(), st.integers(0, 4_102_444_800_000))
def test_json_text_comes_back_whole(text: str, when: int) -> None:
    """Whatever the text, it is one line and is decoded as it was; times too."""
    text = text.encode(errors="replace").decode()
    frame = frame_of(json_writer.event(LobbyPosted(1, when, 1, "a", text), own=False))
    assert frame["text"] == text
    assert frame["time"].endswith(f".{when % 1000:03d}Z")


@pytest.mark.parametrize(
    "answer",
    [
        *(row[0] for row in ANSWERS),
        History(LOBBY, (LobbyPosted(1, 1, 1, "a", "x"),), True, 1),
    ],
)
def test_json_answers_are_declared_frames(answer: Answer) -> None:
    """Every answer that a frame asks for is a frame of the schema."""
    assert frame_of(json_writer.answer(answer, NOON))["type"]


def test_json_has_no_frame_for_the_console() -> None:
    """Nothing is written for what no frame asks."""
    assert json_writer.answer(HelpText(frozenset()), NOON) == b""


@pytest.mark.parametrize(
    ("command", "re_"),
    [(Post(LOBBY, "x", "n1"), "n1"), (Post(LOBBY, "x"), "send"),
     (Hello("a"), "hello"),
     (JoinGroup("t"), "group"), (ListUsers(), "users"),
     (ReadHistory(LOBBY), "history")],
)  # fmt: skip
def test_json_refusals_name_the_frame(command: Any, re_: str) -> None:
    """`re` is the nonce of a refused `send`, or the type of the frame."""
    data = json_writer.refusal(Refusal(Code.USAGE, "no"), command, NOON)
    assert frame_of(data) == {"type": "error", "code": "usage", "text": "no", "re": re_}
