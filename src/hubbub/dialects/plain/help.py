"""Help: a few commands at first, one or all when asked, and which was meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from hubbub.model.text import echo

# What other chats (IRC, ssh-chat, Slack) call it. The first that there is, is meant.
_ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    "commands": ("help",),
    "create": ("group create",),
    "exit": ("quit", "shutdown"),
    "group": ("groups",),
    "groups": ("group list",),
    "h": ("help",),
    "invite": ("group invite",),
    "join": ("group join",),
    "leave": ("group leave", "quit"),
    "mp": ("pm",),
    "msg": ("pm",),
    "names": ("users", "list"),
    "part": ("group leave",),
    "q": ("quit", "shutdown"),
    "query": ("pm",),
    "quit": ("shutdown",),
    "stop": ("shutdown",),
    "tell": ("pm",),
    "topic": ("group topic",),
    "whisper": ("pm",),
    "who": ("users", "list"),
}

_SLASHED = re.compile(r"/([a-z-]+)(?= |$)", re.IGNORECASE)


class Entry(NamedTuple):
    """A command as help shows it: how it is written, and a few words."""

    usage: str
    meaning: str


def help_lines(
    entries: Mapping[str, Entry], first: Sequence[str], about: str = ""
) -> list[str]:
    """List commands, a line each.

    A newcomer reads a few lines and not forty; the others are named, so that they can
    be asked for.

    Args:
        entries: By their words, such as `pm` and `group create`.
        first: Those that one needs at first.
        about: Whose, such as `group`; "all", or "" for the first ones.
    """
    if about == "all":
        chosen = list(entries)
    elif about:
        chosen = named(entries, about)
    else:
        chosen = [word for word in first if word in entries]
    width = max((len(entries[word].usage) for word in chosen), default=0)
    lines = [
        f"  {usage:<{width}}  {meaning}"
        for usage, meaning in map(entries.__getitem__, chosen)
    ]
    more = dict.fromkeys(
        f":{word.partition(' ')[0]}" for word in entries if word not in chosen
    )
    if not about and more:
        lines.append(f"More: {' '.join(more)}")
    return lines


def named(words: Collection[str], about: str) -> list[str]:
    """Give those of the words that a word is, or begins: `group` begins all of them."""
    return [word for word in words if f"{word} ".startswith(f"{about} ")]


def unknown_command(word: str, words: Collection[str], prefix: str = ":") -> str:
    """Say that there is no such command, and which one may be meant.

    Args:
        word: What was written for one.
        words: The commands there are.
        prefix: What stands before each.
    """
    near = _meant(word.lower(), words)
    guess = f"did you mean {prefix}{near}? " if near else ""
    return f"there is no command {prefix}{echo(word)}; {guess}:help lists them"


def slashed_command(text: str, words: Collection[str]) -> str | None:
    """Say how a command is written, if a text looks like one of another chat.

    Whoever types `/quit` does not want to say it to everyone.
    """
    found = _SLASHED.match(text)
    if found is None:
        return None
    word = found[1].lower()
    meant = word if word in words else _known_as(word, words)
    if not meant:
        return None
    return (
        f"there is no command /{word}: write :{meant}, or a space before the line to "
        "say it"
    )


def _known_as(word: str, words: Collection[str]) -> str:
    names = _ELSEWHERE.get(word, ())
    return next((name for name in names if name.partition(" ")[0] in words), "")


def _meant(word: str, words: Collection[str]) -> str:
    # Of short words few letters are left to be alike.
    cutoff = 0.6 if len(word) > 3 else 0.5
    near = get_close_matches(word, words, n=1, cutoff=cutoff)
    return _known_as(word, words) or (near[0] if near else "")
