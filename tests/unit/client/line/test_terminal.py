"""At the terminal: typing, reading and being called."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import pytest
from tests.unit.client.fake_hub import NOON, FakeHub
from tests.unit.client.line.at_terminal import AtTerminal
from tests.unit.client.loopback import LoopbackHub

from hubbub.dialects.json_lines import frames
from hubbub.dialects.json_lines.order_frames import Act

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.client.fake_hub import Event


def test_whoever_gives_no_name_may_leave(at: AtTerminal, hub: LoopbackHub) -> None:
    def script() -> None:
        at.waits_for("^NAME :")
        at.types(":quit\r")

    assert at.run(script, name=None) == 0
    assert not any("Connecting" in line for line in at.screen.lines)
    assert hub.hub.users == []


def test_coming_in_talking_and_leaving(at: AtTerminal, hub: LoopbackHub) -> None:
    hub.do(partial(FakeHub.say, name="bob", text="before you came"))

    def script() -> None:
        at.waits_for("^NAME :")
        at.types("\r")
        at.types(":help\r")
        at.waits_for("error: first give your name")
        at.types("alice\r")
        at.waits_for("^YOU >>")
        at.types("half a ")
        at.waits_for("YOU >> half a")
        hub.do(partial(FakeHub.say, name="bob", text="I interrupt"))
        at.waits_for("bob >> I interrupt")
        at.types("line\r")
        at.waits_for("YOU >> half a line")
        at.types(":quit\r")

    assert at.run(script, name=None) == 0
    assert hub.hub.said == ["before you came", "I interrupt", "half a line"]
    assert hub.hub.users == []
    host = f"Connecting to 127.0.0.1:{hub.port}..."
    lines = at.screen.lines
    assert lines[lines.index("NAME : alice") :] == [
        "NAME : alice",
        host,
        "bob >> before you came",
        "Welcome alice. Type :help for the commands.",
        "1 online: alice",
        "bob >> I interrupt",
        "YOU >> half a line",
        "YOU >> :quit",
        "Goodbye",
    ]


def test_the_prompt_follows_what_changes(at: AtTerminal, hub: LoopbackHub) -> None:
    """A frozen lobby, and one's own role, as soon as they are told."""

    def tell(make: Callable[[int], Event]) -> None:
        def told(fake: FakeHub) -> None:
            fake.tell(make)

        hub.do(told)

    def script() -> None:
        at.waits_for("^YOU >>")
        tell(lambda seq: Act(seq, NOON, "frozen", "bob", room="lobby"))
        at.waits_for(r"^YOU \[frozen] >>")
        tell(lambda seq: frames.RoleChanged(seq, NOON, "alice", "owner", "bob", True))
        at.waits_for(r"^YOU \[owner, frozen] >>")
        tell(lambda seq: Act(seq, NOON, "unfrozen", "bob", room="lobby"))
        at.waits_for(r"^YOU \[owner] >>")
        at.types("\x04")

    assert at.run(script) == 0


def test_every_command(at: AtTerminal, hub: LoopbackHub) -> None:
    def script() -> None:
        at.waits_for("^YOU >>")
        at.types(":group create tea\r")
        at.waits_for("You created #tea")
        at.types(":talk #tea\r")
        at.waits_for("YOU → #tea \\[owner] >>")
        at.types("hot\r:pm alice psst\r:users\r")
        at.waits_for("^1 online: alice")
        at.types(":group members tea\r")
        at.waits_for("#tea has 1 member: alice")
        at.types(":history 5\r")
        at.waits_for("#tea alice >> hot")
        at.types(":usres\r")
        at.waits_for("did you mean :users")
        at.types(":pm\r")
        at.waits_for("write it as :pm <user> <message>")
        at.types(":help\r")
        at.waits_for("choose where plain lines go")
        at.waits_for("Alt-Enter begins a new line")
        at.types(":)\r   \r")
        at.pastes("x" * 5000)
        at.types("\r")
        at.waits_for("error: the message has 5000 bytes")
        at.types("\x04")

    assert at.run(script) == 0
    assert hub.hub.said == ["hot", "psst", ":)"]


def test_several_lines_with_alt_enter(at: AtTerminal, hub: LoopbackHub) -> None:
    def script() -> None:
        at.waits_for("^YOU >>")
        at.types("one\x1b\rtwo\r")
        at.waits_for("^ +two")
        at.types("\x03")

    assert at.run(script) == 0
    assert hub.hub.said == ["one\ntwo"]


def test_what_is_pasted_is_one_message(at: AtTerminal, hub: LoopbackHub) -> None:
    """Its line breaks send nothing: the person reads it first."""

    def script() -> None:
        at.waits_for("^YOU >>")
        at.types("look: ")
        at.pastes("one\r\ntwo\nthree\r")
        at.waits_for("^ +three$")
        assert hub.hub.said == []
        at.types("\r\x03")

    assert at.run(script) == 0
    assert hub.hub.said == ["look: one\ntwo\nthree"]


def test_tab_completes(at: AtTerminal, hub: LoopbackHub) -> None:
    def script() -> None:
        at.waits_for("^YOU >>")
        at.types(":us")
        at.waits_for("list who is here")
        at.types("\t")
        at.waits_for("YOU >> :users")
        # Not sent: the hub's answer would not have albert in it.
        at.types("\x15")
        hub.do(lambda hub: hub.tell(lambda seq: frames.Joined(seq, NOON, "albert")))
        at.waits_for("albert CONNECTED")
        # Not alice, who is oneself.
        at.types("hello al")
        at.waits_for("YOU >> hello al$")
        at.types("\t")
        at.waits_for("YOU >> hello albert")
        at.types("\r\x03")

    assert at.run(script) == 0
    assert hub.hub.said == ["hello albert"]


def test_typed_lines_are_remembered_and_names_are_not(
    at: AtTerminal, tmp_path: Path
) -> None:
    def script() -> None:
        at.waits_for("^NAME :")
        at.types("alice\r")
        at.waits_for("^YOU >>")
        at.types("hello\r")
        at.screen.wait_for_end("^YOU >> hello$", "^YOU >>$")
        at.types_until("\x1b[A", "^YOU >> hello$")
        at.types("\r\x03")

    assert at.run(script, name=None) == 0
    assert at.hub.hub.said == ["hello", "hello"]
    (file,) = tmp_path.rglob("typed_lines")
    assert "alice" not in file.read_text()


def test_typed_lines_are_there_the_next_time(hub: LoopbackHub, at: AtTerminal) -> None:
    def script() -> None:
        at.waits_for("^YOU >>")
        at.types("one\x1b\rtwo\r\x03")

    assert at.run(script) == 0

    def next_time() -> None:
        again.waits_for("^YOU >>")
        again.types_until("\x1b[A", "^ +two$")
        again.types("\r\x03")

    again = AtTerminal(hub)
    assert again.run(next_time) == 0
    assert hub.hub.said == ["one\ntwo", "one\ntwo"]


def test_ones_name_rings_the_bell_and_stands_out(
    at: AtTerminal, hub: LoopbackHub
) -> None:
    def script() -> None:
        at.waits_for("^YOU >>")
        assert "\a" not in at.screen.raw
        hub.do(partial(FakeHub.say, name="bob", text="Alice?"))
        at.waits_for("bob >> Alice")
        assert at.screen.raw.count("\a") == 1
        assert "\x1b[1;7mAlice\x1b[0m?" in at.screen.raw
        hub.do(partial(FakeHub.say, name="bob", text="what malice"))
        at.waits_for("malice")
        assert at.screen.raw.count("\a") == 1
        at.types(":quit\r")

    assert at.run(script, color=True) == 0


def test_wide_characters_do_not_tear_the_prompt(
    at: AtTerminal, hub: LoopbackHub
) -> None:
    def script() -> None:
        at.waits_for("^YOU >>")
        at.types("漢字 e\u0301 ")
        at.waits_for("漢")
        hub.do(partial(FakeHub.say, name="bob", text="漢" * 60))
        at.waits_for("^YOU >> 漢")
        # 29 cells of head leave 51, and half a character is none; below it goes on.
        at.waits_for("bob >> " + "漢" * 25 + "$")
        at.waits_for("^" + " " * 29 + "漢" * 25 + "$")
        at.waits_for("^" + " " * 29 + "漢" * 10 + "$")
        at.types("end\r")
        at.waits_for("end")
        at.types(":quit\r")

    assert at.run(script) == 0
    assert hub.hub.said[-1] == "漢字 e\u0301 end"


def test_a_flood_is_shown_whole_and_in_order(at: AtTerminal, hub: LoopbackHub) -> None:
    texts = [f"message {number} of many" for number in range(1000)]

    def script() -> None:
        at.waits_for("^YOU >>")
        for text in texts:
            hub.do(partial(FakeHub.say, name="bob", text=text))
        at.waits_for("message 999 of many")
        at.types(":quit\r")

    assert at.run(script) == 0
    assert re.findall(r"message \d+ of many", at.screen.raw) == texts


def test_a_full_backlog_is_a_sentence(
    at: AtTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hubbub.client.protocol.BACKLOG", 0)

    def script() -> None:
        # Not even for the first page of history, which then is left out.
        at.waits_for("1 online: alice")
        at.waits_for("^YOU >>")
        at.types("hello\r:users\r")
        at.waits_for("error: 0 requests wait")
        at.types(":quit\r")

    assert at.run(script) == 0
    assert sum("error: 0 requests" in line for line in at.screen.lines) == 2
