"""What a typed line means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.dialects.json_lines.frames import HistoryRequest, UsersRequest
from hubbub.dialects.json_lines.order_frames import GroupRequest
from hubbub.fronts.line.commands import (
    Action,
    Ask,
    Help,
    Quit,
    Say,
    Talk,
    Wrong,
    chat_help,
    read_line,
    read_name,
)


@pytest.mark.parametrize(
    ("line", "action"),
    [
        ("hello", Say("lobby", "hello")),
        ("two\nlines", Say("lobby", "two\nlines")),
        (" :quit", Say("lobby", " :quit")),
        (":)", Say("lobby", ":)")),
        (":D", Say("lobby", ":D")),
        (":D so funny", Say("lobby", ":D so funny")),
        (":-) hi", Say("lobby", ":-) hi")),
        (":1st", Say("lobby", ":1st")),
        (":", Say("lobby", ":")),
        (":pm bob psst", Say("@bob", "psst")),
        (":pm @bob psst", Say("@bob", "psst")),
        (":PM bob  two  spaces ", Say("@bob", "two  spaces")),
        (":pm bob one\ntwo", Say("@bob", "one\ntwo")),
        (":group send tea hot", Say("#tea", "hot")),
        (":group send #tea hot", Say("#tea", "hot")),
        (":group create tea", Ask(GroupRequest("create", "tea"))),
        (":group join #tea", Ask(GroupRequest("join", "tea"))),
        (":group leave tea", Ask(GroupRequest("leave", "tea"))),
        (":group members tea", Ask(GroupRequest("members", "tea"))),
        (":group list", Ask(GroupRequest("list"))),
        (":users", Ask(UsersRequest())),
        (":users ", Ask(UsersRequest())),
        (":history", Ask(HistoryRequest("lobby"))),
        (":history 5", Ask(HistoryRequest("lobby", limit=5))),
        (":history #tea", Ask(HistoryRequest("#tea"))),
        (":history 7 @bob", Ask(HistoryRequest("@bob", limit=7))),
        (":talk #tea", Talk("#tea")),
        (":talk lobby", Talk("lobby")),
        (":help", Help()),
        (":quit", Quit()),
    ],
)
def test_a_line_that_is_understood(line: str, action: Action) -> None:
    assert read_line(line) == action


@pytest.mark.parametrize("line", ["", " ", "\n", "\t \n"])
def test_a_line_with_nothing_to_say(line: str) -> None:
    assert read_line(line) is None


def test_plain_lines_go_where_one_talks() -> None:
    assert read_line("hot", "#tea") == Say("#tea", "hot")
    assert read_line(":history 3", "#tea") == Ask(HistoryRequest("#tea", limit=3))
    assert read_line(":history lobby", "#tea") == Ask(HistoryRequest("lobby"))


@pytest.mark.parametrize(
    ("line", "usage"),
    [
        (":pm", ":pm <user> <message>"),
        (":pm bob", ":pm <user> <message>"),
        (":group send tea", ":group send <name> <message>"),
        (":group send", ":group send <name> <message>"),
        (":group", ":group create|join|leave|send|members|list …"),
        (":group create", ":group create <name> [private]"),
        (":group create two words", ":group create <name> [private]"),
        (":group list x", ":group list"),
        (":users x", ":users"),
        (":history bob", ":history [#group|@user|lobby] [n]"),
        (":history 0", ":history [#group|@user|lobby] [n]"),
        (":history 1 2", ":history [#group|@user|lobby] [n]"),
        (":talk", ":talk #group|@user|lobby"),
        (":talk bob", ":talk #group|@user|lobby"),
        (":talk #a b", ":talk #group|@user|lobby"),
        (":quit now", ":quit"),
    ],
)
def test_missing_words_show_the_form(line: str, usage: str) -> None:
    assert read_line(line) == Wrong(f"write it as {usage}")


@pytest.mark.parametrize(
    ("line", "near"),
    [
        (":usres", ":users"),
        (":hlep", ":help"),
        (":histroy 5", ":history"),
        (":group jion tea", ":group join"),
        (":msg bob hi", ":pm"),
        (":join tea", ":group join"),
        (":exit", ":quit"),
        (":help hlep", ":help"),
    ],
)
def test_an_unknown_command_names_the_nearest(line: str, near: str) -> None:
    action = read_line(line)
    assert isinstance(action, Wrong)
    assert f"did you mean {near}? :help lists them" in action.text


def test_a_command_near_to_none() -> None:
    assert read_line(":xyzzy") == Wrong("there is no command :xyzzy; :help lists them")


def test_shutdown_is_the_consoles() -> None:
    action = read_line(":shutdown")
    assert isinstance(action, Wrong)
    assert "the terminal in which the hub was started" in action.text


@pytest.mark.parametrize("line", ["/quit", "/QUIT now", "/exit"])
def test_a_command_of_another_chat_is_not_said(line: str) -> None:
    action = read_line(line)
    assert isinstance(action, Wrong)
    assert ": write :quit, or a space before the line to say it" in action.text


@pytest.mark.parametrize(
    "line", ["/etc/passwd", "/usr", "/", " /quit", "a /quit", "/1"]
)
def test_other_slashes_are_text(line: str) -> None:
    assert read_line(line) == Say("lobby", line)


def test_help_is_short_at_first_and_names_the_rest() -> None:
    first = chat_help("", staff=False)
    assert len(first) <= 12
    for word in (":pm", ":talk", ":users", ":history", ":group create", ":quit"):
        assert any(line.startswith(f"  {word}") for line in first)
    *_, more = first
    assert more.startswith("More: :group ")
    assert ":delete" in more.split()
    assert ":ban" not in more.split()
    assert ":ban" in chat_help("", staff=True)[-1].split()


def test_help_about_one_and_about_all() -> None:
    (line,) = chat_help("pm", staff=False)
    assert line == "  :pm <user> <message>  say something to one person"
    assert "(moderators)" in chat_help("ban", staff=False)[0]
    groups = "\n".join(chat_help("group", staff=False))
    for word in ("create", "join", "leave", "send", "members", "list", "kick"):
        assert f":group {word}" in groups
    everything = "\n".join(chat_help("all", staff=True))
    for word in ("talk", "numbers", "ban", "delete", "group mod", "help"):
        assert f":{word}" in everything
    assert ":ban" not in "\n".join(chat_help("all", staff=False))


@pytest.mark.parametrize(
    ("line", "about"),
    [
        (":help", ""),
        (":help all", "all"),
        (":help :PM", "pm"),
        (":help group  ban", "group ban"),
    ],
)
def test_what_help_is_asked_about(line: str, about: str) -> None:
    assert read_line(line) == Help(about)


def test_a_name_is_no_command() -> None:
    assert read_name("  ann ") == "ann"
    assert read_name("  ") == ""
    assert read_name(":QUIT ") == Quit()
    for line in (":help", ":x", ":pm a b", ":"):
        assert isinstance(read_name(line), Wrong)


@given(st.text(max_size=40), st.sampled_from(["lobby", "#tea", "@bob"]))
def test_any_line_has_a_meaning(line: str, talk: str) -> None:
    for typed in (line, f":{line}", f":group {line}", f":history {line}"):
        read_line(typed, talk)
