"""What becomes of a text between two people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.conformance.scene import each_kind

if TYPE_CHECKING:
    from tests.conformance.scene import Scene

CLEANED = {
    "colours": ("a \x1b[1;31mred\x1b[0m rose", "a red rose"),
    "cursor movement": ("safe\x1b[2J\x1b[H text", "safe text"),
    "a window title": ("\x1b]0;owned\x07hello", "hello"),
    "a link": ("\x1b]8;;http://example.org\x1b\\here", "here"),
    "a device string": ("\x1bP1$r0m\x1b\\x", "x"),
    "another character set": ("\x1b(0lqk", "lqk"),
    "a lone escape": ("end\x1b", "end"),
    "a C1 sequence": ("\x9b31mred", "red"),
    "a C1 string": ("\x9dtitle\x9cx", "x"),
    "NUL": ("nu\x00ll", "null"),
    "a bell": ("ding\x07", "ding"),
    "backspaces": ("true\x08\x08\x08\x08lie", "truelie"),
    "DEL": ("a\x7fb", "ab"),
    "a bidi override": ("\u202egnp.exe", "gnp.exe"),
    "bidi isolates": ("a\u2066b\u2069c", "abc"),
    "bidi embedding": ("a\u202ab\u202cc", "abc"),
    "a tab, which stays": ("a\tb", "a\tb"),
    "letters of all kinds, which stay": (
        "na\u00efve e\u0301 日本語 العربية \U0001f469\u200d\U0001f469\u200d\U0001f467",
        "na\u00efve e\u0301 日本語 العربية \U0001f469\u200d\U0001f469\u200d\U0001f467",
    ),
    "something like a line of the hub": ("x >> y SERVER: z", "x >> y SERVER: z"),
    "leading and inner spaces": ("  a   b", "  a   b"),
}


@pytest.mark.parametrize(("text", "clean"), CLEANED.values(), ids=CLEANED)
def test_nobody_drives_another_terminal(scene: Scene, text: str, clean: str) -> None:
    """docs/protocol.md, "Text"; design.md, "Rules": control characters."""
    alice, bob = scene.people("alice", "bob")
    alice.post(text)
    bob.await_message(alice.name, "lobby", clean)
    bob.expect_nothing()


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\r"])
def test_every_kind_of_line_break_is_a_new_line(scene: Scene, sign: str) -> None:
    """design.md, "Rules": several lines, none to be taken for anyone else's."""
    alice, bob = scene.people("alice", "bob")
    alice.post(f"one{sign}[12:00:00] SERVER: two")
    bob.await_message(alice.name, "lobby", "one\n[12:00:00] SERVER: two")
    bob.expect_nothing()


@pytest.mark.parametrize("kinds", [("json", "plain"), ("json", "json")], ids="+".join)
@pytest.mark.parametrize(
    "text",
    [
        "one\ntwo",
        "one\n\n  three",
        "hi\n[12:00:00] eve >> I owe you\n[12:00:00] SERVER: bye\n:quit",
    ],
)
def test_several_lines_each_say_whose_they_are(scene: Scene, text: str) -> None:
    """docs/protocol.md, "What is written": several whole lines."""
    alice, bob = scene.people("alice", "bob")
    there = {
        "lobby": "lobby",
        f"@{bob.name}": f"@{alice.name}",
        (tea := f"#{scene.group_of(alice, bob)}"): tea,
    }
    for to in there:
        alice.say(text, to)
        bob.await_message(alice.name, to, text)
        read = [said.text for said in alice.history(to, 1)]
        assert read == alice.lines_of(text)
        read = [said.text for said in bob.history(there[to], 1)]
        assert read == bob.lines_of(text)
    bob.expect_nothing()


@pytest.mark.parametrize("kinds", [("json", "plain")], ids="+".join)
def test_line_breaks_at_the_ends_and_crlf(scene: Scene) -> None:
    """src/hubbub/model/text.py: a CRLF is one break, and none is at either end."""
    alice, bob = scene.people("alice", "bob")
    alice.post("\r\n\none\r\ntwo\n")
    bob.await_message(alice.name, "lobby", "one\ntwo")
    bob.expect_nothing()


@each_kind
@pytest.mark.parametrize("letter", ["x", "é", "\U0001f469"])
def test_a_text_of_the_limit_passes(scene: Scene, letter: str) -> None:
    """docs/protocol.md, "Text": at most 4,096 bytes of UTF-8."""
    alice, bob = scene.people("alice", "bob")
    text = letter * (4096 // len(letter.encode()))
    for to in ("lobby", f"@{bob.name}", f"#{scene.group_of(alice, bob)}"):
        alice.say(text, to)
        bob.await_message(alice.name, to, text)


@each_kind
@pytest.mark.parametrize("text", ["x" * 4097, "é" * 2049, "x" * 60_000])
def test_a_longer_text_is_refused(scene: Scene, text: str) -> None:
    """docs/protocol.md, "Refusals": `text_too_long`."""
    alice, bob = scene.people("alice", "bob")
    for to in ("lobby", f"@{bob.name}"):
        alice.post(text, to)
        alice.await_refusal("text_too_long")
    alice.say("shorter")
    bob.await_message(alice.name, "lobby", "shorter")
    scene.expect_nothing_more()


@each_kind
@pytest.mark.parametrize("text", ["\x1b[0m", "\u202e", "\x07\x00"])
def test_a_text_of_which_nothing_remains_is_refused(scene: Scene, text: str) -> None:
    """docs/protocol.md, "Refusals": `text_empty`."""
    alice, bob = scene.people("alice", "bob")
    alice.post(text)
    alice.await_refusal("text_empty")
    bob.expect_nothing()
    scene.expect_nothing_more()


@pytest.mark.parametrize("kinds", [("json",)], ids="+".join)
@pytest.mark.parametrize("text", ["", " ", "\t \u3000", "\n\r\n", "\u2028"])
def test_a_text_of_nothing_is_refused(scene: Scene, text: str) -> None:
    """docs/protocol.md, "Refusals": `text_empty`; a plain one is ignored."""
    alice = scene.person("alice")
    alice.post(text)
    alice.await_refusal("text_empty")
    alice.expect_nothing()
