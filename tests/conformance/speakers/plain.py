"""A person at netcat: lines of text as docs/protocol.md fixes them under "plain"."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, ClassVar

from tests.conformance.speakers.plain_words import (
    GROUP_ORDER,
    ORDER,
    token_words,
    words_of,
)
from tests.conformance.speakers.speaker import Speaker
from tests.conformance.speakers.words import (
    Acted,
    Done,
    Ended,
    Farewell,
    GroupChanged,
    GroupList,
    Happening,
    Joined,
    Kicked,
    Left,
    MemberList,
    Page,
    PasswordAsked,
    Refused,
    Renamed,
    RoleChanged,
    RoomTold,
    Said,
    TextShown,
    UserList,
    Welcomed,
)

if TYPE_CHECKING:
    from collections.abc import Callable

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
    "too_many_connections": "many|connections",
    "too_many_groups": "many|groups",
    "too_many_users": "many|full|users",
    "usage": ":",
    "user_unknown": "nobody|there is no|unknown",
}


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(", ")) if text else ()


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

    def change_account(self, action: str, *passwords: str) -> None:
        self.write(" ".join((f":{action}", *passwords)))

    def await_done(self, action: str) -> None:
        # What events show is not said once more.
        if action in {"register", "passwd", "unregister", "logout-others", "report"}:
            self._expect(Done(action))

    def order(self, action: str, **fields: object) -> None:
        self.write(" ".join((f":{action}", *words_of(fields, ORDER))))

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
        return [_action(one.rstrip("\n")) for one in words]

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
        for pattern, meaning in _MEANINGS:
            if found := pattern.fullmatch(line, stamp.end()):
                return meaning(self.name, *found.groups(""))
        raise AssertionError(f"not a line of the protocol: {line!r}")


# In which order the fields of a frame stand in a line.
def _action(line: str) -> str:
    for form, action in _ACTS:
        if re.fullmatch(form, line):
            return action
    raise AssertionError(f"not an act: {line!r}")


def _acted(action: str) -> Callable[..., Happening]:
    def understand(me: str, *found: str | None) -> Happening:
        name, room = (*(one or None for one in found), None, None)[:2]
        if action in _IN_ROOM:
            name, room = None, name
        elif name is None and action in {"muted", "unmuted", "invited", "group_role"}:
            name = me
        return Acted(action, name, room)

    return understand


_IN_ROOM = {"slowed", "frozen", "unfrozen", "topic", "private", "public"}


def _may_be_shown(letter: str) -> bool:
    if unicodedata.category(letter) == "Cc":
        return letter == "\t"
    return letter not in _BIDI_CONTROLS


def _own_group(me: str, action: str, group: str) -> Happening:
    return GroupChanged(action, group, me, you=True)


def _group_list(_: str, count: str, listed: str) -> Happening:
    entries = re.findall(r"#(\S+) \((\d+) members?(?:, [^()]+)?\)", listed)
    assert len(entries) == int(count)
    return GroupList(tuple((name, int(members)) for name, members in entries))


def _user_list(_: str, count: str, listed: str) -> Happening:
    names = _names(listed)
    assert len(names) == int(count)
    return UserList(names)


def _member_list(_: str, group: str, count: str, listed: str) -> Happening:
    names = _names(listed)
    assert len(names) == int(count)
    return MemberList(group, names)


# What each act looks like; the groups are the name and the room, or the room alone.
_ACTS: tuple[tuple[str, str], ...] = (
    (r"(?:(\S+) MUTED|You are muted) by .+", "muted"),
    (r"(?:(\S+) UNMUTED by .+|You may write again)", "unmuted"),
    (r"(\S+) BANNED by .+", "banned"),
    (r"(\S+) UNBANNED by .+", "unbanned"),
    (r"(lobby|#\S+) (?:SLOWED|is SLOWED no more,) by .+", "slowed"),
    (r"(lobby|#\S+) FROZEN by .+", "frozen"),
    (r"(lobby|#\S+) UNFROZEN by .+", "unfrozen"),
    (r"message \d+ of (\S+) was deleted by .+", "deleted"),
    (r"ANNOUNCEMENT by .+", "announced"),
    (r"REPORT by [^:]+?(?:, of (?:message \d+|(\S+)))?: .+", "reported"),
    (r"(?:(\S+) INVITED|You are invited) to (#\S+) by .+", "invited"),
    (r"(\S+) BANNED from (#\S+) by .+", "group_banned"),
    (r"(\S+) UNBANNED from (#\S+) by .+", "group_unbanned"),
    (r"(?:(\S+) IS|You are) now \w+ of (#\S+)", "group_role"),
    (r"#(\S+) RENAMED (#\S+) by .+", "group_renamed"),
    (r"(#\S+) TOPIC by .+", "topic"),
    (r"(#\S+) IS now private", "private"),
    (r"(#\S+) IS now public", "public"),
    (r"(\S+) KICKED by .+", "kicked"),
    (r"(\S+) IS now \w+, by .+", "role"),
)

# Read in order. `>>` cannot stand in a name, so messages come first: whatever a text
# says, it is a message.
_FORMS: tuple[tuple[str, Callable[..., Happening]], ...] = (
    (r"\(PM\) to (\S+) >> (.*)", lambda me, to, text: Said(me, f"@{to}", text)),
    (r"\(PM\) (\S+) >> (.*)", lambda me, who, text: Said(who, f"@{me}", text)),
    (r"#(\S+) (\S+) >> (.*)", lambda _, group, who, text: Said(who, f"#{group}", text)),
    (r"(\S+) >> (.*)", lambda _, who, text: Said(who, "lobby", text)),
    *((form, _acted(action)) for form, action in _ACTS if action != "kicked"),
    (r"Your report is with the moderators", lambda _: Done("report")),
    (r"(\d+ (?:act|ban|report)s?|Nobody is banned)", lambda _, line: TextShown(line)),
    (r"PASSWORD : .+", lambda _: PasswordAsked()),
    (r"The name \S+ is yours: .+", lambda _: Done("register")),
    (r"The name \S+ is not yours .+", lambda _: Done("unregister")),
    (r"Your password is changed; .+", lambda _: Done("passwd")),
    (r"Your other devices are logged out", lambda _: Done("logout-others")),
    (r"(\S+) IS now (\w+)", lambda _, name, role: RoleChanged(name, role)),
    (
        r"You are now (owner|moderator|member)",
        lambda me, role: RoleChanged(me, role, you=True),
    ),
    (r"(Token \d+ of .*|Over HTTP: .*)", lambda _, line: TextShown(line)),
    (r"(\d+ tokens?|No tokens; .*)", lambda _, line: TextShown(line)),
    (r"(\d+ connections?)", lambda _, line: TextShown(line)),
    (r"(\d+ messages? waited for you:)", lambda _, line: TextShown(line)),
    (r"SERVER: (.*)", lambda _, text: Said("SERVER", "lobby", text)),
    (r"error: (.+)", lambda _, sentence: Refused(sentence)),
    (r"Disconnected: (.+)", lambda _, reason: Farewell(reason)),
    (r"Goodbye", lambda _: Farewell("Goodbye", "quit")),
    (
        r"Welcome (\S+)(?: \((owner|moderator)\))?\. Type :help for the commands\.",
        lambda _, name, role: Welcomed(name, role),
    ),
    (
        r"(The lobby|#\S+) is (?:private|frozen|slow|about:).*",
        lambda _, room: RoomTold("lobby" if room == "The lobby" else room),
    ),
    (
        r"Client (?:(\S+) )?CONNECTED Name: (\S+)",
        lambda _, address, name: Joined(name, address or None),
    ),
    (r"(\S+) DISCONNECTED", lambda _, name: Left(name)),
    (r"(\S+) RENAMED (\S+)", lambda _, old, name: Renamed(old, name)),
    (r"You are now (\S+)", lambda me, name: Renamed(me, name, you=True)),
    (r"(\S+) BANNED(?:: (.+))?", lambda _, name, reason: Kicked(name, reason)),
    (r"You were banned(?:: (.+))?", lambda me, reason: Kicked(me, reason, you=True)),
    (r"(\S+) KICKED(?:: (.+))?", lambda _, name, reason: Kicked(name, reason)),
    (r"You were kicked(?:: (.+))?", lambda me, reason: Kicked(me, reason, you=True)),
    (
        r"(\S+) CREATED #(\S+)",
        lambda _, name, group: GroupChanged("created", group, name),
    ),
    (r"#(\S+) ENDED", lambda _, group: GroupChanged("ended", group)),
    (
        r"(\S+) JOINED #(\S+)",
        lambda _, name, group: GroupChanged("joined", group, name),
    ),
    (r"(\S+) LEFT #(\S+)", lambda _, name, group: GroupChanged("left", group, name)),
    (r"You (created|joined|left) #(\S+)", _own_group),
    (
        r"You were put out of #(\S+) by .+",
        lambda me, group: GroupChanged("left", group, me, you=True),
    ),
    (
        r"(\S+) WAS PUT OUT of #(\S+) by .+",
        lambda _, name, group: GroupChanged("left", group, name),
    ),
    (
        r"#(\S+) was ended by .+",
        lambda me, group: GroupChanged("left", group, me, you=True),
    ),
    (r"#(\S+) has (\d+) members?: (.*)", _member_list),
    (r"(\d+) groups?: (.*)", _group_list),
    (
        r"There are no groups; make one with :group create <name>",
        lambda _: GroupList(()),
    ),
    (r"(\d+) online: (.*)", _user_list),
    (r"History of (\S+): \d+ messages?", lambda _, of: Page(of, None)),
    (r"No messages yet in (\S+)", lambda _, of: Page(of, ())),
    (r"((?:[^:>]+ )?Commands:)", lambda _, line: TextShown(line)),
)

_MEANINGS = tuple((re.compile(form), meaning) for form, meaning in _FORMS)
