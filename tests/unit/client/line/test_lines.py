"""Events as lines: the forms of the plain dialect, for one person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from hubbub.client import (
    Acknowledged,
    Event,
    GroupChanged,
    GroupInfo,
    GroupsListed,
    HistoryPage,
    Joined,
    Kicked,
    Left,
    MembersListed,
    Message,
    Missed,
    ProtocolError,
    Refused,
    Renamed,
    UsersListed,
)
from hubbub.fronts.line.lines import MENTION, Wording, color_of

# Two hours east of Greenwich, so that a time in UTC shows.
ZONE = timezone(timedelta(hours=2))
NOW = datetime(2026, 1, 2, 14, 30, 5, tzinfo=ZONE)
TIME = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)
TS = "[14:00:00]"


@pytest.fixture
def words() -> Wording:
    return Wording(lambda: NOW, "alice")


def said(text: str = "hi", to: str = "lobby", **changes: object) -> Message:
    fields = {"sender": "bob", "own": False, **changes}
    return Message(1, TIME, to=to, text=text, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (said(), "bob >> hi"),
        (said(sender="alice", own=True), "alice >> hi"),
        (said(to="@alice"), "(PM) bob >> hi"),
        (said(to="@bob", sender="alice", own=True), "(PM) to bob >> hi"),
        (said(to="#tea"), "#tea bob >> hi"),
        (said(sender="SERVER"), "SERVER: hi"),
        (Joined(1, TIME, "bob", "1.2.3.4:5", returned=False), "bob CONNECTED"),
        (Joined(1, TIME, "bob", None, returned=True), "bob CONNECTED"),
        (Left(1, TIME, "bob", "lost"), "bob DISCONNECTED"),
        (Renamed(1, TIME, "bob", "rob", own=False), "bob RENAMED rob"),
        (Renamed(1, TIME, "alice", "al", own=True), "You are now al"),
        (Kicked(1, TIME, "bob", "SERVER", None, own=False), "bob KICKED"),
        (Kicked(1, TIME, "bob", "SERVER", "noise", own=False), "bob KICKED: noise"),
        (
            Kicked(1, TIME, "alice", "SERVER", "noise", own=True),
            "You were kicked: noise",
        ),
        (GroupChanged(1, TIME, "created", "tea", "bob", own=False), "bob CREATED #tea"),
        (GroupChanged(1, TIME, "joined", "tea", "bob", own=False), "bob JOINED #tea"),
        (GroupChanged(1, TIME, "left", "tea", "bob", own=False), "bob LEFT #tea"),
        (
            GroupChanged(1, TIME, "created", "tea", "alice", own=True),
            "You created #tea",
        ),
        (GroupChanged(1, TIME, "ended", "tea", None, own=False), "#tea ENDED"),
    ],
)
def test_what_happened_has_its_own_time(
    words: Wording, event: Event, line: str
) -> None:
    assert [one.text for one in words.event(event)] == [f"{TS} {line}"]


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (UsersListed(None, ("alice", "bob")), "2 online: alice, bob"),
        (MembersListed(None, "tea", ("alice",)), "#tea has 1 member: alice"),
        (
            GroupsListed(None, (GroupInfo("tea", 2), GroupInfo("beer", 1))),
            "2 groups: #tea (2 members), #beer (1 member)",
        ),
        (
            GroupsListed(None, ()),
            "There are no groups; make one with :group create <name>",
        ),
        (HistoryPage(None, "#tea", (), more=False), "No messages yet in #tea"),
        (Refused("user_unknown", "who is that?"), "error: who is that?"),
        (ProtocolError("x"), "error: the hub sent what can't be read: x"),
        (Missed(1), "error: 1 event were missed"),
    ],
)
def test_answers_have_the_time_of_now(words: Wording, event: Event, line: str) -> None:
    assert [one.text for one in words.event(event)] == [f"[14:30:05] {line}"]


def test_what_is_no_news_has_no_line(words: Wording) -> None:
    assert words.event(Acknowledged("n", 1)) == []


def test_another_day_has_its_date(words: Wording) -> None:
    yesterday = Message(1, TIME - timedelta(days=1), "bob", "lobby", "hi")
    page = HistoryPage(None, "lobby", (yesterday, said()), more=True)
    assert [one.text for one in words.event(page)] == [
        "[14:30:05] History of lobby: 2 messages",
        "[2026-01-01 14:00:00] bob >> hi",
        f"{TS} bob >> hi",
    ]


def test_every_line_of_a_message_begins_with_the_whole_head(words: Wording) -> None:
    forged = f"hi\n{TS} carol >> I said that"
    assert [one.text for one in words.event(said(forged))] == [
        f"{TS} bob >> hi",
        f"{TS} bob >> {TS} carol >> I said that",
    ]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("alice, hello", ["alice"]),
        ("hello ALICE! Alice?", ["ALICE", "Alice"]),
        ("@alice:", ["alice"]),
        ("malice and alices", []),
        ("alice_", []),
    ],
)
def test_ones_name_is_heard_as_a_whole_word(
    words: Wording, text: str, marked: list[str]
) -> None:
    (line,) = words.event(said(text))
    assert [one.text for one in line.body if one.sgr == MENTION] == marked
    assert line.bell == bool(marked)
    assert line.text.endswith(text)


def test_the_bell_rings_once_for_a_message(words: Wording) -> None:
    lines = words.event(said("alice\nalice"))
    assert [line.bell for line in lines] == [True, False]


def test_no_bell_for_oneself_the_server_or_the_past(words: Wording) -> None:
    assert not words.event(said("alice", sender="alice", own=True))[0].bell
    assert not words.event(said("alice", sender="SERVER"))[0].bell
    assert not words.past([said("alice")])[0].bell
    assert not Wording(lambda: NOW).event(said("alice"))[0].bell


def test_a_persons_colour_is_stable_and_of_the_person() -> None:
    assert color_of("Bob") == color_of("bob")
    assert len({color_of(f"person{number}") for number in range(50)}) > 5


EVIL = "\x1b[2J\x1b]0;owned\x07\r\nx\u202e"


@pytest.mark.parametrize(
    "event",
    [
        said(EVIL, sender=EVIL),
        said(EVIL, to=f"@{EVIL}", own=True),
        said(EVIL, to=f"#{EVIL}"),
        Joined(1, TIME, EVIL, EVIL, returned=False),
        Left(1, TIME, EVIL, EVIL),
        Renamed(1, TIME, EVIL, EVIL, own=False),
        Renamed(1, TIME, EVIL, EVIL, own=True),
        Kicked(1, TIME, EVIL, EVIL, EVIL, own=False),
        GroupChanged(1, TIME, "created", EVIL, EVIL, own=False),
        UsersListed(None, (EVIL,)),
        GroupsListed(None, (GroupInfo(EVIL, 1),)),
        MembersListed(None, EVIL, (EVIL,)),
        HistoryPage(None, EVIL, (said(EVIL),), more=False),
        HistoryPage(None, EVIL, (), more=False),
        Refused(EVIL, EVIL),
        ProtocolError(EVIL),
    ],
)
def test_nothing_from_the_hub_drives_the_terminal(words: Wording, event: Event) -> None:
    for line in words.event(event):
        assert line.text.isprintable()
        assert "owned" not in line.text


def test_help(words: Wording) -> None:
    lines = words.help("", "Tab completes.")
    assert lines[0].text.startswith("[14:30:05] A line is a message")
    assert lines[-1].text == "Tab completes."
    about = words.help("pm", "Tab completes.")
    assert [line.text for line in about[:1]] == ["[14:30:05] Commands:"]
    assert len(about) == 2
    assert any(":talk" in line.text for line in lines)
