"""Passwords that are typed at the terminal: asked one by one, and shown to nobody."""

from __future__ import annotations

from hubbub.dialects.json_lines.frames import AccountRequest
from hubbub.fronts.line.commands import SECRET_COMMANDS, Action, Ask, Wrong

_QUESTIONS: dict[str, tuple[str, ...]] = {
    "register": ("NEW PASSWORD : ", "THE SAME AGAIN : "),
    "passwd": ("OLD PASSWORD : ", "NEW PASSWORD : ", "THE SAME AGAIN : "),
    "unregister": ("PASSWORD : ",),
}


class SecretLines:
    """What is still to be asked for one command."""

    def __init__(self, action: str) -> None:
        """Begin with the first question.

        Args:
            action: `register`, `passwd` or `unregister`.
        """
        self._action = action
        self._answers: list[str] = []

    @property
    def prompt(self) -> str:
        """The question of the moment."""
        return _QUESTIONS[self._action][len(self._answers)]

    def answer(self, line: str) -> Action | None:
        """Take an answer; give what to do once it was the last, or one was empty."""
        if not line:
            return Wrong("nothing was changed")
        self._answers.append(line)
        if len(self._answers) < len(_QUESTIONS[self._action]):
            return None
        *first, last = self._answers
        if self._action == "unregister":
            return Ask(AccountRequest("unregister", last))
        if first[-1] != last:
            return Wrong("the two passwords differ; nothing was changed")
        if self._action == "passwd":
            return Ask(AccountRequest("passwd", first[0], last))
        return Ask(AccountRequest("register", last))


class ChosenPassword:
    """A password that is chosen for a new name: typed twice, so that it is known.

    Attributes:
        name: Whose it is to be.
    """

    def __init__(self, name: str) -> None:
        """Begin with the first time."""
        self.name = name
        self._first = ""

    @property
    def prompt(self) -> str:
        """The question of the moment."""
        return "THE SAME AGAIN : " if self._first else "NEW PASSWORD : "

    def answer(self, line: str) -> str | Wrong | None:
        """Take what was typed; give the password once it was typed twice."""
        first, self._first = self._first, "" if self._first else line
        if not first:
            return None
        return line if line == first else Wrong("the two passwords differ; once more")


def has_secret(line: str) -> bool:
    """Tell whether a typed line may hold a password, and is not to be kept."""
    word, *rest = line.lower().split()[:4] or [""]
    if word == ":group":
        # A group's own: `:group join tea PASSWORD`.
        return len(rest) > 2 and rest[0] in ("join", "private")
    return word.removeprefix(":") in SECRET_COMMANDS and word.startswith(":")
