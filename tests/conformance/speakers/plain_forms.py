"""What the lines of the plain dialect mean: docs/protocol.md, "What is written"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.conformance.speakers.words import (
    Acted,
    Done,
    Farewell,
    GroupChanged,
    GroupList,
    Happening,
    Joined,
    Kicked,
    Left,
    MemberList,
    NameAsked,
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


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(", ")) if text else ()


def action_of(line: str) -> str:
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
    (r"invitation \d+ MADE by .+", "invite_made"),
    (r"\S+ REGISTERED with invitation \d+", "invite_used"),
    (r"invitation \d+ REVOKED by .+", "invite_revoked"),
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
    (r"NAME : .+", lambda _: NameAsked()),
    (r"(Invitation \d+, for .+)", lambda _, line: TextShown(line)),
    (r"(\d+ invitations?|There are no invitations.*)", lambda _, line: TextShown(line)),
    (r"That invitation lets nobody in any more", lambda _: Done("invite-revoke")),
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

MEANINGS = tuple((re.compile(form), meaning) for form, meaning in _FORMS)
