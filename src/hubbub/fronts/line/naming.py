"""What is typed before one is in: a name, its password, or one to be chosen."""

from __future__ import annotations

from hubbub.client import Chat
from hubbub.fronts.line.commands import Quit, Wrong, read_name
from hubbub.fronts.line.conversation import Conversation
from hubbub.fronts.line.lines import Wording
from hubbub.fronts.line.paint import Line
from hubbub.fronts.line.secret_lines import ChosenPassword


def take_name(talk: Conversation, words: Wording, chat: Chat, line: str) -> list[Line]:
    """Take a line that was typed where a name is asked for; give what to print."""
    claimed, talk.claiming = talk.claiming, ""
    if talk.choosing is not None:
        return _choose(talk, talk.choosing, words, chat, line)
    if claimed:
        if line:
            talk.named(claimed)
            chat.choose_name(claimed, line)
        return []
    name = read_name(line)
    if isinstance(name, Wrong):
        return [words.error(name.text)]
    if isinstance(name, Quit):
        talk.leave()
    elif name:
        talk.named(name)
        chat.choose_name(name)
    return []


def _choose(
    talk: Conversation, choosing: ChosenPassword, words: Wording, chat: Chat, line: str
) -> list[Line]:
    if not line:
        # As where a password is asked for: for another name.
        talk.choosing = None
        return []
    chosen = choosing.answer(line)
    if isinstance(chosen, Wrong):
        return [words.error(chosen.text)]
    if chosen is not None:
        talk.named(choosing.name)
        chat.choose_name(choosing.name, chosen)
    return []
