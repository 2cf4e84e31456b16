"""A person at netcat: lines of text as docs/protocol.md fixes them under "plain"."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, ClassVar

from tests.conformance.speakers.plain_forms import MEANINGS, action_of
from tests.conformance.speakers.plain_words import (
    GROUP_ORDER,
    ORDER,
    token_words,
    words_of,
)
from tests.conformance.speakers.speaker import Speaker
from tests.conformance.speakers.words import (
    Done,
    Ended,
    Happening,
    InviteShown,
    NameAsked,
    Page,
    PasswordAsked,
    Refused,
    Said,
    TextShown,
    UserList,
)

if TYPE_CHECKING:
    pass

_STAMP = re.compile(r"\[(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\] ")

_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# What a sentence has to speak of for a person to know which refusal it is. The protocol
# leaves the wording open, so these are as loose as they can be.
_REFUSAL_WORDS = {
    "address_invalid": "lobby|#|@",
    "already_member": "already",
    "banned": "banned",
    "frozen": "frozen",
    "message_unknown": "no message",
    "muted": "muted",
    "not_invited": "invite",
    "too_soon": "wait",
    "command_unknown": "no command",
    "group_exists": "exist|already|taken|there is",
    "group_full": "full",
    "group_unknown": "no group|unknown|there is no",
    "invite_invalid": "invitation",
    "line_too_long": "long",
    "name_invalid": "name",
    "name_taken": "taken",
    "not_a_member": "not in",
    "not_allowed": "only|stand above",
    "not_joined": "give a name",
    "not_secure": "listen",
    "password_invalid": "password has",
    "password_wrong": "wrong",
    "too_many_tries": "wait|soon",
    "not_utf8": "UTF-8",
    "text_empty": "empty|no text",
    "text_too_long": "long|at most",
    "too_many_invites": "invitations",
    "too_many_connections": "many|connections",
    "too_many_groups": "many|groups",
    "too_many_users": "many|full|users",
    "usage": ":",
    "user_unknown": "nobody|there is no|unknown",
}


class PlainSpeaker(Speaker):
    """Speaks and understands the plain dialect, framed by newlines."""

    kind: ClassVar[str] = "plain"
    keeps_seat: ClassVar[bool] = False
    hears_itself: ClassVar[bool] = False

    def give_name(self, name: str) -> None:
        # The hub leaves the name out where it speaks of what one did oneself.
        self.name = name
        self.write(name)

    def post(self, text: str, to: str = "lobby") -> None:
        if to == "lobby":
            self.write(text)
        elif to.startswith("#"):
            self.write(f":group send {to[1:]} {text}")
        else:
            self.write(f":pm {to[1:]} {text}")

    def change_group(self, action: str, group: str) -> None:
        self.write(f":group {action} {group}")

    def ask_users(self) -> None:
        self.write(":users")

    def ask_groups(self) -> None:
        self.write(":group list")

    def ask_history(self, of: str, limit: int | None = None) -> None:
        words = [":history", of, *([] if limit is None else [str(limit)])]
        self.write(" ".join(words))

    def claim_name(self, name: str, password: str) -> None:
        self.give_name(name)
        self._take(PasswordAsked)
        self.write(password)

    def show_code(self, code: str, name: str) -> None:
        self.write(f":invite {code}")
        if isinstance(told := self.hear(), NameAsked):
            self.give_name(name)
        else:
            self._told.appendleft(told)

    def choose_password(self, code: str, name: str, password: str) -> None:
        self.write(password)

    def make_invite(self, seconds: int | None = None) -> InviteShown:
        self.write(":invite new" + ("" if seconds is None else f" for {seconds}s"))
        head = self._take(TextShown).line
        code, command, link = (self._take(TextShown).line.strip() for _ in range(3))
        assert ("one person" in head) == (seconds is None)
        return InviteShown(int(head.split()[1].strip(",")), code, link, command)

    def invites(self) -> list[int]:
        self.write(":invites")
        head = self._take(TextShown).line.split()[0]
        count = int(head) if head.isdigit() else 0
        return [int(self._take(TextShown).line.split()[0]) for _ in range(count)]

    def change_account(self, action: str, *passwords: str) -> None:
        self.write(" ".join((f":{action}", *passwords)))

    def await_done(self, action: str) -> None:
        # What events show is not said once more.
        if action in {
            "register",
            "passwd",
            "unregister",
            "logout-others",
            "report",
            "invite-revoke",
        }:
            self._expect(Done(action))

    def order(self, action: str, **fields: object) -> None:
        word = {"invite": "invite new", "invite-revoke": "invite revoke"}.get(action)
        self.write(" ".join((f":{word or action}", *words_of(fields, ORDER))))

    def order_group(self, action: str, group: str, **fields: object) -> None:
        words = [f":group {action} {group}", *words_of(fields, GROUP_ORDER)]
        self.write(" ".join(words))

    def change_token(self, action: str, **fields: object) -> None:
        if action == "list":
            self.write(":tokens")
        elif action == "revoke":
            self.write(f":token revoke {fields['id']}")
        else:
            self.write(" ".join((":token new", *token_words(fields))))

    def audit(self, action: str = "audit") -> list[str]:
        self.write(f":{action}")
        count = int(self._take(TextShown).line.split()[0])
        lines = [self.wire.receive_line() or b"" for _ in range(count)]
        words = [re.sub(r"^  \[[^]]+\] \(\d+\) ", "", one.decode()) for one in lines]
        return [action_of(one.rstrip("\n")) for one in words]

    def connections(self) -> dict[str, str]:
        self.write(":list")
        count = int(self._take(TextShown).line.split()[0])
        self._take(TextShown)
        rows = [self._take(TextShown).line.split() for _ in range(count)]
        return {row[0]: row[1] for row in rows}

    def await_waiting(self) -> list[Said]:
        count = int(self._take(TextShown).line.split()[0])
        return [self._take(Said) for _ in range(count)]

    def administer(self, action: str, *words: str) -> None:
        self.write(" ".join((f":{action}", *words)))

    def say_goodbye(self) -> None:
        self.write(":quit")

    def acknowledge(self, text: str, to: str) -> None:
        if to.startswith("@"):
            self._await_own(Said(self.name, to, text))
        else:
            # Nothing comes back, so the answer to the next line is the proof. What was
            # told before it is kept.
            self._told.extend(self.settle())

    def await_page(self, of: str) -> list[Said]:
        page = self._take(Page)
        assert page.of == of
        if page.messages is not None:
            return list(page.messages)
        self.ask_users()
        messages: list[Said] = []
        while isinstance(happening := self.hear(), Said):
            messages.append(happening)
        assert isinstance(happening, UserList), happening
        return messages

    def lines_of(self, text: str) -> list[str]:
        return text.split("\n")

    def write(self, line: str) -> None:
        """Send a line as it is."""
        self.wire.send(line.encode() + b"\n")

    def read(self) -> str:
        """Give the next line as it is, past what concerns strangers."""
        assert not self._told, f"not awaited: {self._told}"
        while True:
            line = self._read_line()
            assert line is not None, "the hub closed the connection"
            if not self._is_about_stranger(self._understand(line)):
                return line

    def _read_line(self) -> str | None:
        line = self.wire.receive_line()
        if line is None:
            return None
        text = line.decode()
        assert text == "".join(filter(_may_be_shown, text)), f"unclean: {line!r}"
        return text

    def _hear(self) -> list[Happening]:
        line = self._read_line()
        return [Ended() if line is None else self._understand(line)]

    def knows_refusal(self, refused: Refused, code: str) -> bool:
        words = re.compile(_REFUSAL_WORDS[code], re.IGNORECASE)
        return words.search(refused.sentence) is not None

    def _understand(self, line: str) -> Happening:
        stamp = _STAMP.match(line)
        if stamp is None:
            return TextShown(line)
        for pattern, meaning in MEANINGS:
            if found := pattern.fullmatch(line, stamp.end()):
                return meaning(self.name, *found.groups(""))
        raise AssertionError(f"not a line of the protocol: {line!r}")


# What no event shows to be done, so that a line does.
_SAID = {
    "register",
    "passwd",
    "unregister",
    "logout-others",
    "report",
    "invite-revoke",
}

# In which order the fields of a frame stand in a line.


def _may_be_shown(letter: str) -> bool:
    if unicodedata.category(letter) == "Cc":
        return letter == "\t"
    return letter not in _BIDI_CONTROLS
