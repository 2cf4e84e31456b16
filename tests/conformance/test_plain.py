"""The plain dialect: its commands, and what people get wrong."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

import pytest
from tests.conformance.speakers.words import Said

if TYPE_CHECKING:
    from tests.conformance.scene import Scene


@pytest.fixture
def kinds() -> tuple[str, ...]:
    return ("plain",)


USAGES = {
    ":pm": ":pm <user> <message>",
    ":pm bob": ":pm <user> <message>",
    ":group": ":group",
    ":group create": ":group create <name>",
    ":group join": ":group join <name>",
    ":group leave": ":group leave <name>",
    ":group members": ":group members <name>",
    ":group send": ":group send <name> <message>",
    ":group send tea": ":group send <name> <message>",
    ":history lobby many": ":history",
    ":history lobby 0": ":history",
    ":history lobby -3": ":history",
}

MISSPELT = {
    ":usres": ":users",
    ":user": ":users",
    ":histroy": ":history",
    ":hlep": ":help",
    ":qiut": ":quit",
    ":mp bob hi": ":pm",
    ":gruop list": ":group",
    ":group craete tea": ":group create",
    ":group lsit": ":group list",
}


@pytest.mark.parametrize(("line", "form"), USAGES.items())
def test_missing_words_get_the_form(scene: Scene, line: str, form: str) -> None:
    """docs/protocol.md, "Commands": an error that shows its form."""
    alice = scene.plain("alice")
    alice.write(line)
    assert form in alice.await_refusal("usage")
    alice.expect_nothing()


@pytest.mark.parametrize(("line", "meant"), MISSPELT.items())
def test_a_misspelt_command_gets_the_nearest(
    scene: Scene, line: str, meant: str
) -> None:
    """docs/protocol.md, "Commands": an error that names the nearest one."""
    alice = scene.plain("alice")
    alice.write(line)
    assert f"did you mean {meant}?" in alice.await_refusal("command_unknown")
    alice.expect_nothing()


@pytest.mark.parametrize("line", [":xyzzy", ":x" * 2000, ":q\u00fc\u0131t"])
def test_a_command_like_no_other_points_to_the_help(scene: Scene, line: str) -> None:
    """docs/protocol.md, "Commands": an unknown command."""
    alice, bob = scene.plain("alice"), scene.plain("bob")
    alice.write(line)
    sentence = alice.await_refusal("command_unknown")
    assert ":help" in sentence
    assert len(sentence) < 300
    bob.expect_nothing()


@pytest.mark.parametrize("line", [":PM {} psst", ":pm   {}   psst", ":Pm {} psst"])
def test_commands_are_read_as_people_write_them(scene: Scene, line: str) -> None:
    """docs/protocol.md is silent: capitals and more spaces do no harm."""
    alice, bob = scene.plain("alice"), scene.plain("bob")
    alice.write(line.format(bob.name))
    bob.await_message(alice.name, f"@{bob.name}", "psst")


@pytest.mark.parametrize(
    "line",
    [":)", ":-(", ":", ": x", "::", ":1", " :users", " {", "{x}", "GET / HTTP/1.1"],
)
def test_what_is_no_command_is_a_message(scene: Scene, line: str) -> None:
    """docs/protocol.md, "The plain dialect": a command is `:` and a letter."""
    alice, bob = scene.plain("alice"), scene.plain("bob")
    alice.write(line)
    bob.await_message(alice.name, "lobby", line)
    scene.expect_nothing_more()


def test_a_smiling_letter_is_a_message(scene: Scene) -> None:
    """docs/protocol.md, "The plain dialect": `:)` and `:D` are messages."""
    alice, bob = scene.plain("alice"), scene.plain("bob")
    for smile in (":D", ":P", ":)"):
        alice.write(smile)
        bob.await_message(alice.name, "lobby", smile)
    scene.expect_nothing_more()


@pytest.mark.parametrize("line", ["", "\r", "  "])
def test_an_empty_line_is_ignored(scene: Scene, line: str) -> None:
    """docs/protocol.md, "The plain dialect": before the name and after it."""
    alice = scene.plain_speaker()
    alice.write(line)
    alice.join(scene.name("alice"))
    scene.plain("bob")
    alice.write(line)
    scene.expect_nothing_more()


@pytest.mark.parametrize(
    ("line", "told", "not_told"),
    [
        (":help", [":pm <user>", ":group create", ":quit", "More: "], [":group kick"]),
        (":help all", [":pm <user>", ":group kick", ":delete <number>"], [":kick"]),
        (":help group", [":group create", ":group kick"], [":pm", "More: "]),
        (":help :pm", [":pm <user> <message>"], [":group"]),
        (":help kick", [":kick <user> [reason]"], [":group"]),
    ],
)
def test_the_help(
    scene: Scene, line: str, told: list[str], not_told: list[str]
) -> None:
    """docs/protocol.md, "Commands": `:help`."""
    alice = scene.plain("alice")
    alice.write(line)
    alice.write(":users")
    lines = []
    while not re.search(r"\d+ online: ", answer := alice.read()):
        lines.append(answer)
    assert len(lines) < 20 or line == ":help all"
    for words in told:
        assert any(words in one for one in lines)
    for words in not_told:
        assert not any(one.lstrip().startswith(words) for one in lines)


@pytest.mark.parametrize("line", ["/quit", "/help", "/join tea", "/MSG {} psst"])
def test_commands_of_other_chats_are_not_said(scene: Scene, line: str) -> None:
    """docs/protocol.md, "The plain dialect": a slash is refused with the right form."""
    alice, bob = scene.plain("alice"), scene.plain("bob")
    alice.write(line.format(bob.name))
    assert ": write :" in alice.await_refusal("command_unknown")
    for text in ("/etc/motd", " /quit"):
        alice.write(text)
        bob.await_message(alice.name, "lobby", text)
    scene.expect_nothing_more()


def test_history_without_words_is_the_lobby(scene: Scene) -> None:
    """docs/protocol.md, "Commands": `:history [#group|@user|lobby] [n]`."""
    alice = scene.plain("alice")
    alice.say("one")
    alice.say("two")
    alice.write(":history 2")
    said = [Said(alice.name, "lobby", text) for text in ("one", "two")]
    assert alice.await_page("lobby") == said
    alice.write(":history")
    assert alice.await_page("lobby")[-2:] == said


def test_history_says_how_many_messages_follow(scene: Scene) -> None:
    """docs/protocol.md, "Commands": `History of lobby: 5 messages`."""
    alice = scene.plain("alice")
    alice.say("one")
    alice.say("two")
    alice.write(":history lobby 2")
    assert alice.read().endswith("] History of lobby: 2 messages")
    assert alice.read().endswith(f"] {alice.name} >> one")


def test_times_are_local_and_now(scene: Scene) -> None:
    """docs/protocol.md, "What is written": local `HH:MM:SS`."""
    alice, bob = scene.plain("alice"), scene.plain("bob")
    alice.settle()
    before = datetime.datetime.now()  # noqa: TID251
    alice.say("what time is it?")
    line = bob.read()
    after = datetime.datetime.now()  # noqa: TID251
    possible = {f"[{moment:%H:%M:%S}] " for moment in (before, after)}
    span = int((after - before).total_seconds())
    moments = (before + datetime.timedelta(seconds=n) for n in range(span + 1))
    possible |= {f"[{moment:%H:%M:%S}] " for moment in moments}
    assert line[: len("[12:00:00] ")] in possible


def test_no_colours_unless_asked(scene: Scene) -> None:
    """docs/protocol.md, "What is written": `--color never`."""
    alice, bob = scene.plain("alice"), scene.plain("bob")
    alice.say("plain")
    assert re.fullmatch(rf"\[\d\d:\d\d:\d\d\] {alice.name} >> plain", bob.read())
