"""What the person at the terminal sees, event by event."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from hubbub.client import (
    Acknowledged,
    Connected,
    Disconnected,
    Ended,
    Event,
    GroupChanged,
    GroupInfo,
    GroupsListed,
    HistoryPage,
    Joined,
    Kicked,
    LimitsInfo,
    Message,
    NameRefused,
    Reconnected,
    Refused,
    Renamed,
    Retrying,
    RoomDescribed,
    RoomInfo,
    Unconfirmed,
)
from hubbub.fronts.line import conversation as conversation_module
from hubbub.fronts.line.conversation import Conversation
from hubbub.fronts.line.lines import Wording
from hubbub.fronts.line.standing import standing_in

TIME = datetime(2026, 1, 2, 12, tzinfo=UTC)
TS = "[12:00:00]"
HERE = (
    f"{TS} Welcome alice. Type :help for the commands.",
    f"{TS} 2 online: alice, bob",
)
CONNECTED = Connected("alice", ("alice", "bob"), ("tea",), LimitsInfo(4096, 1, 2, 3))
LOST: list[Event] = [
    Disconnected("cut", will_retry=True),
    Retrying(1, 5.0, 120.0, "cut"),
]
BACK = Reconnected("alice", ("alice",), (), resumed=True)


def said(seq: int, text: str = "hi", nonce: str | None = None) -> Message:
    own = nonce is not None
    sender = "alice" if own else "bob"
    return Message(seq, TIME, sender, "lobby", text, own=own, nonce=nonce)


class Seen:
    """A conversation, and what it prints."""

    def __init__(self) -> None:
        self.words = Wording(lambda: TIME)
        self.talk = Conversation(self.words)

    def gets(self, *events: Event, now: float = 0.0) -> list[str]:
        """Give the lines that the events print."""
        lines = [line for one in events for line in self.talk.receive(one, now)]
        return [line.text for line in lines]

    def says(self, nonce: str, text: str, to: str = "lobby") -> list[str]:
        return [line.text for line in self.talk.said(nonce, to, text)]


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def inside(seen: Seen) -> Seen:
    seen.talk.named("alice")
    seen.gets(CONNECTED)
    seen.talk.history_asked("r1")
    seen.gets(HistoryPage("r1", "lobby", (), more=False))
    return seen


# --- coming in -----------------------------------------------------------------------


def test_at_first_a_name_is_asked_for(seen: Seen) -> None:
    assert seen.talk.ready
    assert seen.talk.prompt == "NAME : "
    seen.talk.named("alice")
    assert not seen.talk.ready


def test_history_comes_first_then_people_then_what_came_meanwhile(seen: Seen) -> None:
    seen.talk.named("alice")
    assert seen.gets(CONNECTED) == []
    seen.talk.history_asked("r1")
    assert not seen.talk.ready
    carol = Joined(8, TIME, "carol", None, returned=False)
    assert seen.gets(said(7, "newest"), carol, said(9, "live")) == []
    page = HistoryPage("r1", "lobby", (said(6, "old"), said(7, "newest")), more=True)
    assert seen.gets(page) == [
        f"{TS} bob >> old",
        f"{TS} bob >> newest",
        *HERE,
        f"{TS} carol CONNECTED",
        f"{TS} bob >> live",
    ]
    assert seen.talk.ready
    assert seen.talk.prompt == "YOU >> "


@pytest.mark.parametrize("end", [Refused("storage_unavailable", "no", "r1"), *LOST[:1]])
def test_without_history_nothing_is_held_back(seen: Seen, end: Event) -> None:
    seen.talk.named("alice")
    seen.gets(CONNECTED)
    seen.talk.history_asked("r1")
    seen.gets(said(5, "held"))
    lines = seen.gets(end)
    assert lines[:3] == [*HERE, f"{TS} bob >> held"]
    assert len(lines) == 4
    assert seen.talk.ready


def test_what_was_said_before_the_first_page_is_not_shown_twice(seen: Seen) -> None:
    seen.talk.named("alice")
    assert seen.says("n1", "early") == ["(waiting) early"]
    seen.gets(CONNECTED)
    seen.talk.history_asked("r1")
    seen.gets(said(5, "early", "n1"), Acknowledged("n1", 5))
    page = HistoryPage("r1", "lobby", (said(5, "early", "n1"),), more=False)
    assert seen.gets(page) == [f"{TS} alice >> early", *HERE]
    assert seen.talk.unsent() == []


def test_a_refused_name_asks_again(seen: Seen) -> None:
    seen.talk.named("alice")
    refused = NameRefused("alice", "name_taken", "the name alice is taken")
    assert seen.gets(refused) == [f"{TS} error: the name alice is taken"]
    assert seen.talk.prompt == "NAME : "
    assert seen.talk.ready


def test_a_first_connection_that_fails(seen: Seen) -> None:
    seen.talk.named("alice")
    assert seen.gets(Retrying(1, 5.0, 120.0, "Connection refused"), now=10.0) == [
        f"{TS} Can't connect: Connection refused"
    ]
    assert seen.talk.ready
    countdown = seen.talk.countdown
    assert countdown(11.5) == "Not connected: trying again in 4 s, giving up in 119 s"
    assert countdown(15.0) == "Not connected: trying now, giving up in 115 s"
    assert seen.gets(Retrying(2, 5.0, 115.0, "Connection refused"), now=15.0) == []
    seen.gets(CONNECTED)
    assert countdown(16.0) == ""


# --- losing and coming back ----------------------------------------------------------


def test_losing_and_coming_back(inside: Seen) -> None:
    assert inside.gets(*LOST, now=50.0) == [f"{TS} Disconnected from server: cut"]
    assert not inside.talk.connected
    assert inside.talk.countdown(50.0).startswith("Not connected: trying again in 5 s")
    assert inside.gets(BACK, said(9, "missed")) == [
        f"{TS} Reconnected successfully!",
        f"{TS} bob >> missed",
    ]
    assert inside.talk.connected
    assert inside.talk.countdown(56.0) == ""


def test_what_is_typed_meanwhile_waits_and_is_confirmed(inside: Seen) -> None:
    inside.gets(*LOST)
    assert inside.says("n1", "one\ntwo", "#tea") == [
        "(waiting) → #tea: one",
        "(waiting) → #tea: two",
    ]
    lines = inside.gets(BACK, said(9, "one\ntwo", "n1"), Acknowledged("n1", 9))
    assert lines[1:] == [f"{TS} (sent) → #tea: one", f"{TS} (sent) → #tea: two"]


def test_what_was_on_its_way_is_shown_as_waiting(inside: Seen) -> None:
    assert inside.says("n1", "hello") == []
    assert inside.gets(*LOST) == [
        f"{TS} Disconnected from server: cut",
        "(waiting) hello",
    ]
    # Acknowledged by a message that had been seen.
    assert inside.gets(BACK, Acknowledged("n1", 5))[1:] == ["(sent) hello"]


def test_a_second_loss_does_not_repeat_what_waits(inside: Seen) -> None:
    inside.gets(*LOST)
    inside.says("n1", "hello")
    inside.gets(BACK)
    assert inside.gets(*LOST) == [f"{TS} Disconnected from server: cut"]


def test_ones_own_line_stands_as_typed(inside: Seen) -> None:
    assert inside.says("n1", "hello") == []
    assert inside.gets(said(9, "hello", "n1"), Acknowledged("n1", 9)) == []


def test_ones_own_line_from_elsewhere_is_shown(inside: Seen) -> None:
    assert inside.gets(said(9, "hello", "other")) == [f"{TS} alice >> hello"]


def test_a_refused_line_is_named(inside: Seen) -> None:
    inside.says("n1", "x" * 60, "@nobody")
    assert inside.gets(Refused("user_unknown", "who?", "n1")) == [
        f"{TS} error: who? (not sent: {'x' * 39}…)"
    ]
    assert inside.gets(Refused("bad_frame", "what?")) == [f"{TS} error: what?"]


def test_a_line_of_unknown_fate_is_named(inside: Seen) -> None:
    inside.says("n1", "hello")
    assert inside.gets(Unconfirmed("n1", "lobby", "hello")) == [
        f"{TS} error: this may have arrived or not: hello"
    ]
    assert inside.talk.unsent() == []


def test_without_the_seat_one_talks_to_the_lobby(inside: Seen) -> None:
    inside.talk.talk = "#tea"
    inside.gets(*LOST)
    assert inside.gets(Reconnected("alice", ("alice",), (), resumed=False)) == [
        f"{TS} Reconnected successfully!",
        f"{TS} Your place was not kept: you are in no group now",
        f"{TS} You talk to the lobby again",
    ]
    assert inside.talk.talk == "lobby"


# --- whom one talks to ---------------------------------------------------------------


def test_the_prompt_shows_whom_one_talks_to(inside: Seen) -> None:
    inside.talk.talk = "#tea"
    assert inside.talk.prompt == "YOU → #tea >> "
    left = GroupChanged(5, TIME, "left", "tea", "alice", own=True)
    assert inside.gets(left) == [
        f"{TS} You left #tea",
        f"{TS} You talk to the lobby again",
    ]
    assert inside.talk.prompt == "YOU >> "


def test_another_leaving_changes_nothing(inside: Seen) -> None:
    inside.talk.talk = "#tea"
    inside.gets(GroupChanged(5, TIME, "left", "tea", "bob", own=False))
    inside.gets(GroupChanged(6, TIME, "ended", "beer", None, own=False))
    assert inside.talk.talk == "#tea"
    inside.gets(GroupChanged(7, TIME, "ended", "tea", None, own=False))
    assert inside.talk.talk == "lobby"


def test_whom_one_talks_to_may_be_renamed(inside: Seen) -> None:
    inside.talk.talk = "@bob"
    inside.gets(Renamed(5, TIME, "bob", "rob", own=False))
    assert inside.talk.talk == "@rob"
    inside.gets(Renamed(6, TIME, "alice", "al", own=True))
    assert inside.words.me == "al"


def test_groups_are_remembered_for_completion(inside: Seen) -> None:
    assert inside.talk.groups == {"tea"}
    inside.gets(GroupChanged(5, TIME, "created", "beer", "bob", own=False))
    assert inside.talk.groups == {"tea", "beer"}
    inside.gets(GroupChanged(6, TIME, "ended", "tea", None, own=False))
    assert inside.talk.groups == {"beer"}
    inside.gets(GroupsListed(None, (GroupInfo("wine", 1),)))
    assert inside.talk.groups == {"wine"}


# --- the end -------------------------------------------------------------------------


def test_leaving(inside: Seen) -> None:
    inside.gets(*LOST)
    inside.says("n1", "hello")
    inside.talk.leave()
    assert inside.gets(Ended("quit", "goodbye")) == [f"{TS} Goodbye"]
    assert [line.text for line in inside.talk.unsent()] == ["(not sent) hello"]
    assert inside.talk.exit_code == 0


def test_being_kicked_is_said_once(inside: Seen) -> None:
    kicked = Kicked(5, TIME, "alice", "SERVER", "noise", own=True)
    ended = Ended("kicked", "you were kicked: noise")
    assert inside.gets(kicked, ended) == [f"{TS} You were kicked: noise"]
    assert inside.talk.exit_code == 1


@pytest.mark.parametrize("code", ["kicked", "unreachable", "replaced", "name_taken"])
def test_any_other_end_says_why(inside: Seen, code: str) -> None:
    assert inside.gets(Ended(code, "the reason")) == [f"{TS} Disconnected: the reason"]
    assert inside.talk.exit_code == 1
    inside.talk.leave()
    assert inside.talk.exit_code == 1


# --- how one stands ------------------------------------------------------------------


def test_what_is_special_is_said_after_who_is_here(seen: Seen) -> None:
    rooms = (
        RoomInfo("lobby", frozen=True, slow=10),
        RoomInfo("#tea", private=True, topic="Assam", rank="owner"),
        RoomInfo("#rum", rank="owner"),
    )
    seen.talk.named("alice")
    connected = msgspec.structs.replace(CONNECTED, role="moderator", rooms=rooms)
    assert seen.gets(connected) == []
    seen.talk.history_asked("r1")
    assert seen.gets(HistoryPage("r1", "lobby", (), more=False)) == [
        *HERE,
        f"{TS} You are moderator here",
        (
            f"{TS} The lobby is frozen (moderators write, everybody reads), "
            "slow (each writes once in 10 s)"
        ),
        f"{TS} #tea is private, about: Assam",
    ]


def test_coming_back_says_it_to_a_new_user_alone(inside: Seen) -> None:
    """Who comes back to a kept seat is shown what changed, as it happened."""
    frozen = (RoomInfo("lobby", frozen=True),)
    inside.gets(*LOST)
    back = msgspec.structs.replace(BACK, rooms=frozen)
    assert inside.gets(back) == [f"{TS} Reconnected successfully!"]
    inside.gets(*LOST)
    lines = inside.gets(msgspec.structs.replace(back, resumed=False))
    assert lines[-1].startswith(f"{TS} The lobby is frozen")


def test_a_group_that_is_joined_is_described(inside: Seen) -> None:
    room = RoomInfo("#tea", topic="\x1b[31mAssam\nnow")
    assert inside.gets(RoomDescribed(room)) == [f"{TS} #tea is about: Assam now"]


@pytest.mark.parametrize(
    ("room", "role", "words"),
    [
        (RoomInfo("lobby"), "guest", ""),
        (RoomInfo("lobby"), "member", ""),
        (RoomInfo("lobby"), "moderator", "moderator"),
        (RoomInfo("lobby", frozen=True, slow=10), "guest", "frozen, slow 10 s"),
        (RoomInfo("#tea", slow=5, rank="owner"), "moderator", "owner, slow 5 s"),
        (RoomInfo("#tea", private=True, topic="Assam"), "guest", ""),
    ],
)
def test_the_prompt_says_how_one_stands(
    inside: Seen, room: RoomInfo, role: str, words: str
) -> None:
    inside.talk.standing = lambda _to: standing_in(room, role)
    assert inside.talk.prompt == (f"YOU [{words}] >> " if words else "YOU >> ")
    inside.talk.talk = "#tea"
    mark = f" [{words}]" if words else ""
    assert inside.talk.prompt == f"YOU → #tea{mark} >> "


def test_names_of_groups_are_bounded(
    inside: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation_module, "_MOST_GROUPS", 5)
    for seq in range(20):
        inside.gets(GroupChanged(seq, TIME, "created", f"g{seq}", "bob", own=False))
    assert len(inside.talk.groups) == 5
