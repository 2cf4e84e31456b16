"""Coming in, being refused, and leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.conformance.scene import Scene, each_kind
from tests.conformance.speakers.plain import PlainSpeaker

if TYPE_CHECKING:
    from tests.conformance.conftest import Launch

BAD_NAMES = {
    "33 characters": "x" * 33,
    "a space": "two words",
    "a tab": "two\twords",
    "starts like a command": ":alice",
    "starts like a group": "#alice",
    "starts like an address": "@alice",
    "starts like JSON": "{alice",
    "a bell": "ali\x07ce",
    "an escape sequence": "ali\x1b[31mce",
    "a C1 control": "ali\x9bce",
    "a bidirectional override": "ali\u202ece",
    "a zero width space": "ali\u200bce",
    "a symbol": "ali\N{SNOWMAN}ce",
    "reserved": "server",
    "reserved, in capitals": "HUBBUB",
    "reserved, a room": "Lobby",
    "reserved, a word for you": "You",
    "reserved, a look-alike": "err0r",
}

IMITATIONS = ("SERVER:", "error:", "Disconnected:", "(PM)", ">>", "Client")
"""Names with which a line of the plain dialect could be taken for the hub's own."""


def test_the_others_are_told_who_came_and_from_where(scene: Scene) -> None:
    """docs/protocol.md, "What is written": joins, with a loopback address."""
    alice = scene.person("alice")
    bob = scene.speaker()
    bob.join(scene.name("bob"))
    assert alice.await_joined(bob.name) == bob.wire.address
    scene.expect_nothing_more()


def test_the_others_are_told_who_quit(scene: Scene) -> None:
    """docs/protocol.md, "What is written" and the frame `left`."""
    alice, bob, carol = scene.people("alice", "bob", "carol")
    bob.quit()
    for other in (alice, carol):
        other.await_left(bob.name, "quit")
    scene.expect_nothing_more()


def test_the_others_are_told_whose_connection_was_lost(scene: Scene) -> None:
    """docs/protocol.md, the frame `left`."""
    alice, bob = scene.people("alice", "bob")
    bob.drop()
    alice.await_left(bob.name, "lost")
    alice.expect_nothing()


def test_a_crashed_machine_is_a_lost_connection(scene: Scene) -> None:
    """design.md, "Rules": any bytes at all lead to a clean close."""
    alice, bob = scene.people("alice", "bob")
    bob.wire.reset()
    alice.await_left(bob.name, "lost")
    alice.expect_nothing()


@pytest.mark.parametrize(
    ("name", "other"),
    [
        pytest.param("alice", "alice", id="same"),
        pytest.param("alice", "ALICE", id="case"),
        pytest.param("Bill", "BiIl", id="look-alike-l-I"),
        pytest.param("Bill", "Bi1l", id="look-alike-l-1"),
        pytest.param("bOb", "b0b", id="look-alike-O-0"),
        pytest.param("mona", "rnona", id="look-alike-m-rn"),
        pytest.param(
            "peter", "\N{CYRILLIC SMALL LETTER ER}eter", id="look-alike-script"
        ),
        pytest.param(
            "Ren\N{LATIN SMALL LETTER E WITH ACUTE}e", "Rene\u0301e", id="form"
        ),
        pytest.param("\N{GREEK CAPITAL LETTER OMEGA}", "\u03c9", id="case-greek"),
    ],
)
def test_a_taken_name_is_refused_and_the_next_one_counts(
    scene: Scene, name: str, other: str
) -> None:
    """docs/protocol.md, "Names": the same but for case, or alike to the eye."""
    alice = scene.person(name)
    bob = scene.speaker()
    bob.give_name(alice.name.replace(name, other))
    bob.await_refusal("name_taken")
    bob.join(scene.name("bob"))
    alice.await_joined(bob.name)
    scene.expect_nothing_more()


@each_kind
@pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES)
def test_a_bad_name_is_refused_and_the_next_one_counts(scene: Scene, name: str) -> None:
    """docs/protocol.md, "Names"."""
    alice = scene.speaker()
    # The very first bytes decide the dialect, so the name in question is the second.
    alice.give_name("no name")
    alice.await_refusal("name_invalid")
    alice.give_name(name)
    # Where commands are lines it is one, though none that there is.
    is_command = name.startswith(":") and isinstance(alice, PlainSpeaker)
    alice.await_refusal("command_unknown" if is_command else "name_invalid")
    alice.join(scene.name("alice"))
    alice.expect_nothing()


@each_kind
@pytest.mark.parametrize("name", IMITATIONS)
def test_nobody_can_be_called_like_a_line_of_the_hub(scene: Scene, name: str) -> None:
    """docs/protocol.md, "Names": letters, digits and marks; no taking for the hub.

    `Client` is a word like any other, but shows that the rest is not refused blindly.
    """
    alice = scene.speaker()
    if name == "Client":
        alice.join(scene.know(name))
        alice.quit()
    else:
        alice.give_name(name)
        alice.await_refusal("name_invalid")


@each_kind
@pytest.mark.parametrize(
    "name", ["a", "用户", "Zoë", "żółw", "o_neil.2-x", "\N{GREEK SMALL LETTER OMEGA}"]
)
def test_a_name_may_be_of_any_script(scene: Scene, name: str) -> None:
    """docs/protocol.md, "Names": letters, digits and marks of any script."""
    alice, bob = scene.person(name), scene.person("bob")
    alice.say("hello")
    bob.await_message(alice.name, "lobby", "hello")
    assert alice.name in bob.users()


@each_kind
@pytest.mark.parametrize("letter", ["x", "\N{HIRAGANA LETTER NO}"])
def test_a_name_may_have_32_characters(scene: Scene, letter: str) -> None:
    """docs/protocol.md, "Names": 1 to 32 characters, whatever their bytes."""
    alice = scene.speaker()
    tag = scene.name("")
    alice.join(scene.know(letter * (32 - len(tag)) + tag))


def test_a_name_is_free_when_its_owner_has_left(scene: Scene) -> None:
    """docs/protocol.md, "Seats": after a goodbye no seat is kept."""
    alice, bob = scene.people("alice", "bob")
    bob.quit()
    alice.await_left(bob.name)
    carol = scene.speaker()
    carol.join(bob.name)
    alice.await_joined(bob.name)
    scene.expect_nothing_more()


def test_the_name_of_a_lost_connection_is_kept_with_the_seat(scene: Scene) -> None:
    """docs/protocol.md, "Seats": kept for JSON; a plain name is free at once."""
    alice, bob = scene.people("alice", "bob")
    bob.drop()
    alice.await_left(bob.name, "lost")
    carol = scene.speaker()
    carol.give_name(bob.name)
    if bob.keeps_seat:
        carol.await_refusal("name_taken")
    else:
        carol.await_welcome(bob.name)


def test_two_who_want_one_name_at_once_do_not_both_get_it(scene: Scene) -> None:
    """design.md, "Rules": names are unique."""
    name = scene.name("alice")
    rivals = [scene.speaker() for _ in range(6)]
    for rival in rivals:
        rival.give_name(name)
    answers = [type(rival.hear()).__name__ for rival in rivals]
    assert sorted(answers) == ["Refused"] * 5 + ["Welcomed"]


@each_kind
def test_who_has_no_name_hears_nothing(scene: Scene) -> None:
    """design.md, "The path of a message": delivered to those who may see it."""
    alice, bob = scene.person("alice"), scene.speaker()
    alice.say("before")
    bob.join(scene.name("bob"))
    bob.expect_nothing()


@each_kind
def test_the_address_of_an_ipv6_connection_is_shown(
    launch: Launch, kinds: tuple[str, ...]
) -> None:
    """IPv4 and IPv6."""
    try:
        hub = launch("--memory", host="::1")
    except AssertionError as problem:
        if "address" in str(problem):
            pytest.skip("this machine has no IPv6")
        raise
    scene = Scene(hub, kinds)
    alice, bob = scene.person("alice"), scene.speaker()
    bob.join(scene.name("bob"))
    assert alice.await_joined(bob.name) == bob.wire.address
