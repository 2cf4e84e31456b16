"""At the terminal: passwords are asked for, and neither shown nor kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.client.line.at_terminal import AtTerminal
from tests.unit.client.loopback import LoopbackHub

from hubbub.dialects.json_lines import frames, order_frames
from hubbub.fronts.line.commands import Ask, AskSecrets, Wrong, read_line
from hubbub.fronts.line.secret_lines import SecretLines, has_secret

if TYPE_CHECKING:
    from collections.abc import Callable

PASSWORD = "correct horse"


def wants(password: str) -> Callable[[frames.ClientFrame], frames.Error | None]:
    """Refuse a hello that lacks a password, or has another one."""

    def refuse(frame: frames.ClientFrame) -> frames.Error | None:
        if not isinstance(frame, frames.Hello) or frame.name != "alice":
            return None
        if frame.password is None:
            return frames.Error("password_needed", "alice needs a password", "hello")
        if frame.password != password:
            return frames.Error("password_wrong", "that was wrong", "hello")
        return None

    return refuse


def test_a_name_with_a_password(at: AtTerminal, hub: LoopbackHub) -> None:
    """Asked for without echo, once more when it was wrong, and then one is in."""
    hub.hub.refuse = wants(PASSWORD)

    def script() -> None:
        at.waits_for("alice needs a password")
        at.waits_for("^PASSWORD :$")
        at.types("wrong one\r")
        at.waits_for("error: that was wrong")
        at.types(f"{PASSWORD}\r")
        at.waits_for("1 online: alice")
        at.waits_for("^YOU >>")
        at.types(":quit\r")

    assert at.run(script) == 0
    assert PASSWORD not in at.screen.raw
    assert "wrong one" not in at.screen.raw


def test_an_empty_password_is_for_another_name(
    at: AtTerminal, hub: LoopbackHub
) -> None:
    hub.hub.refuse = wants(PASSWORD)

    def script() -> None:
        at.waits_for("^PASSWORD :$")
        at.types("\r")
        at.waits_for("^NAME :$")
        at.types("carol\r")
        at.waits_for("1 online: carol")
        at.waits_for("^YOU >>")
        at.types(":quit\r")

    assert at.run(script) == 0


def test_registering_asks_twice(at: AtTerminal, hub: LoopbackHub) -> None:
    """Nothing that was typed is on the screen, and the hub gets it."""
    asked: list[frames.AccountRequest] = []

    def note(frame: frames.ClientFrame) -> None:
        if isinstance(frame, frames.AccountRequest):
            asked.append(frame)

    hub.hub.refuse = note

    def script() -> None:
        at.waits_for("^YOU >>")
        at.types(":register\r")
        at.waits_for("^NEW PASSWORD :$")
        at.types(f"{PASSWORD}\r")
        at.waits_for("^THE SAME AGAIN :$")
        at.types("another one\r")
        at.waits_for("the two passwords differ")
        at.types(f":register\r{PASSWORD}\r{PASSWORD}\r:users\r")
        at.waits_for("^1 online: alice")
        at.types(":quit\r")

    assert at.run(script) == 0
    assert asked == [frames.AccountRequest("register", PASSWORD)]
    assert PASSWORD not in at.screen.raw


@pytest.mark.parametrize(
    ("action", "answers", "request_"),
    [("register", ["a", "a"], frames.AccountRequest("register", "a")),
     ("passwd", ["a", "b", "b"], frames.AccountRequest("passwd", "a", "b")),
     ("unregister", ["a"], frames.AccountRequest("unregister", "a"))],
)  # fmt: skip
def test_the_questions(
    action: str, answers: list[str], request_: frames.AccountRequest
) -> None:
    """One after the other; an empty answer is a way out."""
    assert read_line(f":{action}") == AskSecrets(action)
    asking = SecretLines(action)
    *first, last = answers
    assert [asking.answer(one) for one in first] == [None] * len(first)
    assert asking.prompt.endswith(" : ")
    assert asking.answer(last) == Ask(request_)
    assert isinstance(SecretLines(action).answer(""), Wrong)


@pytest.mark.parametrize(
    ("line", "request_"),
    [(":register a b", frames.AccountRequest("register", "a b")),
     (":passwd a b", frames.AccountRequest("passwd", "a", "b")),
     (":unregister a", frames.AccountRequest("unregister", "a")),
     (":logout-others", frames.AccountRequest("logout-others")),
     (":list", order_frames.AdminRequest("list")),
     (":kick @bob be nice", order_frames.AdminRequest("kick", "bob", reason="be nice")),
     (":rename bob robert", order_frames.AdminRequest("rename", "bob", to="robert")),
     (":role bob OWNER", order_frames.AdminRequest("role", "bob", role="owner"))],
)  # fmt: skip
def test_commands_with_everything_on_the_line(
    line: str, request_: frames.AccountRequest | order_frames.AdminRequest
) -> None:
    assert read_line(line) == Ask(request_)


@pytest.mark.parametrize(
    "line", [":passwd a", ":kick", ":rename a", ":role a", ":role a king"]
)
def test_what_lacks_words(line: str) -> None:
    action = read_line(line)
    assert isinstance(action, Wrong)
    assert action.text.startswith("write it as :")


@pytest.mark.parametrize(
    ("line", "secret"),
    [(":register a", True), ("  :PASSWD a b", True), (":unregister", True),
     (":pm bob :register", False), ("register a", False), ("", False)],
)  # fmt: skip
def test_lines_that_are_not_kept(line: str, secret: bool) -> None:
    assert has_secret(line) is secret
