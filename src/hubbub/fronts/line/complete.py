"""Completion of commands, people and groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from hubbub.fronts.line.commands import COMMANDS, GROUP_COMMANDS, Table
from hubbub.fronts.line.lines import one_line

Names = Callable[[], Iterable[str]]
Candidates = Iterable[tuple[str, str]]

_ABOUT_ONE_GROUP = frozenset(GROUP_COMMANDS) - {"create", "list"}

_ABOUT_ONE_PERSON = frozenset(
    {
        ":pm",
        ":kick",
        ":rename",
        ":role",
        ":ban",
        ":unban",
        ":mute",
        ":unmute",
        ":report",
    }
)

_ABOUT_A_MEMBER = frozenset({"invite", "kick", "ban", "unban", "mod", "unmod"})

_ABOUT_A_ROOM = frozenset({":freeze", ":unfreeze"})


_FIXED: dict[tuple[str, ...], Candidates] = {
    (":invite",): [("new", "make a code"), ("revoke", "end one")],
    (":invite", "new"): [("for", "for anybody, as long: 2h, 7d")],
}


class ChatCompleter(Completer):
    """Knows what may stand where the cursor is."""

    def __init__(self, people: Names, groups: Names) -> None:
        """Know whom to ask.

        Args:
            people: Gives the names present.
            groups: Gives the names of groups, without `#`.
        """
        self._people = people
        self._groups = groups

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterator[Completion]:
        """Give what the word at the cursor may become."""
        *before, word = _words(document.text_before_cursor)
        candidates = self._candidates(before, word)
        if candidates is None:
            # Among words of a message, names only when they are asked for.
            asked = complete_event.completion_requested and word
            candidates = self._names("", self._people) if asked else ()
        for text, meaning in candidates:
            if text.casefold().startswith(word.casefold()):
                yield Completion(text, -len(word), display_meta=meaning)

    def _candidates(self, before: list[str], word: str) -> Candidates | None:
        """Give what a command may go on with, or None within text."""
        match before:
            case [] if word.startswith(":"):
                return _commands(COMMANDS, ":")
            case [":group"]:
                return _commands(GROUP_COMMANDS, "")
            case [":group", action] if action in _ABOUT_ONE_GROUP:
                return self._names("", self._groups)
            case [word_before] if word_before in _ABOUT_ONE_PERSON:
                return self._names("", self._people)
            case [":group", action, _] if action in _ABOUT_A_MEMBER:
                return self._names("", self._people)
            case [word_before] if word_before in _ABOUT_A_ROOM:
                return self._names("#", self._groups)
            case [":slow", _]:
                return self._names("#", self._groups)
            case [":talk" | ":history"]:
                groups = self._names("#", self._groups)
                people = self._names("@", self._people)
                return [("lobby", "everyone"), *groups, *people]
            case _:
                return _FIXED.get(tuple(before))

    def _names(self, sign: str, names: Names) -> Candidates:
        shown = {one_line(name) for name in names()}
        return [(sign + name, "") for name in sorted(shown, key=str.casefold)]


def _words(text: str) -> list[str]:
    """Split text, with an empty last word after a space."""
    words = text.split()
    return words if words and not text[-1].isspace() else [*words, ""]


def _commands(table: Table, prefix: str) -> Candidates:
    return [(prefix + word, form.meaning) for word, form in table.items()]
