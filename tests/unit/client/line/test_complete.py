"""What may stand where the cursor is."""

from __future__ import annotations

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from hubbub.fronts.line.commands import COMMANDS, GROUP_COMMANDS
from hubbub.fronts.line.complete import ChatCompleter


def completions(text: str, *, asked: bool = True) -> list[str]:
    completer = ChatCompleter(
        lambda: ["alice", "Bob", "b\x1b[31mad"], lambda: ["tea", "beer"]
    )
    event = CompleteEvent(completion_requested=asked, text_inserted=not asked)
    document = Document(text)
    return [
        text[: len(text) + one.start_position] + one.text
        for one in completer.get_completions(document, event)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (":us", [":users"]),
        (":unb", [":unban"]),
        (":mute b", [":mute bad", ":mute Bob"]),
        (":group kick tea a", [":group kick tea alice"]),
        (":freeze ", [":freeze #beer", ":freeze #tea"]),
        (":slow 10s #t", [":slow 10s #tea"]),
        (":h", [":history", ":help"]),
        (":x", []),
        (":pm ", [":pm alice", ":pm bad", ":pm Bob"]),
        (":pm b", [":pm bad", ":pm Bob"]),
        (":pm bob h", []),
        (":group j", [":group join"]),
        (":group join ", [":group join beer", ":group join tea"]),
        (":group send t", [":group send tea"]),
        (":group create t", []),
        (":talk #", [":talk #beer", ":talk #tea"]),
        (":talk @a", [":talk @alice"]),
        (":talk l", [":talk lobby"]),
        (":history #t", [":history #tea"]),
        (":users ", []),
        (":invite ", [":invite new", ":invite revoke"]),
        (":invite new ", [":invite new for"]),
        (":invite revoke ", []),
    ],
)
def test_commands_are_completed_while_typing(text: str, expected: list[str]) -> None:
    assert completions(text, asked=False) == expected


def test_names_in_a_message_only_when_asked_for() -> None:
    assert completions("hello al") == ["hello alice"]
    assert completions("hello al", asked=False) == []
    assert completions("hello ") == []
    assert completions("") == []


def test_every_command_is_offered() -> None:
    assert len(completions(":")) == len(COMMANDS)
    assert len(completions(":group ")) == len(GROUP_COMMANDS)
