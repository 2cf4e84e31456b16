"""What a command of the plain dialect is: its form, its meaning and its parser."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from hubbub.model.commands import Command
from hubbub.model.refusals import Refusal


class Form(msgspec.Struct, frozen=True):
    """One command.

    Attributes:
        arguments: As shown in help, such as `<user> <message>`.
        meaning: A few words for help.
        parse: Makes the command of what follows the word, or None when it lacks words.
        makes: The type of the command, when not everybody has the right to it: then
            help shows it only to those who have.
    """

    arguments: str
    meaning: str
    parse: Callable[[str], Command | Refusal | None]
    makes: type | None = None


Table = Mapping[str, Form]


def one_word(make: Callable[[str], Command]) -> Callable[[str], Command | None]:
    """Make a command of a single word."""

    def parse(rest: str) -> Command | None:
        return make(rest) if rest and " " not in rest else None

    return parse


def no_words(make: Callable[[], Command]) -> Callable[[str], Command | None]:
    """Make a command that nothing follows."""

    def parse(rest: str) -> Command | None:
        return None if rest else make()

    return parse
