"""The commands that keep order, in the hub and in a group."""

from __future__ import annotations

from collections.abc import Callable

from hubbub.dialects.plain.forms import Form, Table, no_words, one_word
from hubbub.model.address import LOBBY, Address, ToGroup
from hubbub.model.commands import Command, CreateGroup, JoinGroup
from hubbub.model.durations import parse_duration, split_target
from hubbub.model.invites import CreateInvite, ListInvites, NewInvite, RevokeInvite
from hubbub.model.moderation import (
    Announce,
    Ban,
    ClosePrivate,
    Delete,
    DeleteMessage,
    Freeze,
    GroupBan,
    GroupDelete,
    GroupInvite,
    GroupKick,
    GroupMod,
    GroupRename,
    GroupTopic,
    GroupUnban,
    GroupUnmod,
    Kick,
    ListBans,
    Mute,
    ReadAudit,
    ReadReports,
    Rename,
    Report,
    SetPrivacy,
    SetRole,
    Slow,
    Unban,
    Unfreeze,
    Unmute,
)
from hubbub.model.roles import ACCOUNTS, Role
from hubbub.model.secret import Secret

_LONGEST_NUMBER = 15


def _name(word: str) -> str:
    return word.removeprefix("@")


def _number(word: str) -> int | None:
    if word.isascii() and word.isdigit() and len(word) <= _LONGEST_NUMBER:
        return int(word)
    return None


def _kick(rest: str) -> Command | None:
    name, _, reason = rest.partition(" ")
    return Kick(_name(name), reason.strip()) if name else None


def _rename(rest: str) -> Command | None:
    words = rest.split()
    return Rename(_name(words[0]), words[1]) if len(words) == 2 else None


def _role(rest: str) -> Command | None:
    words = rest.split()
    if len(words) != 2 or words[1].lower() not in ACCOUNTS:
        return None
    return SetRole(_name(words[0]), Role(words[1].lower()))


def _ban(rest: str) -> Command | None:
    target = split_target(rest)
    return None if target is None else Ban(_name(target[0]), target[1], target[2])


def _mute(rest: str) -> Command | None:
    target = split_target(rest)
    return None if target is None else Mute(_name(target[0]), target[1], target[2])


def _room(word: str) -> Address | None:
    if word in ("", "lobby"):
        return LOBBY
    return ToGroup(word.removeprefix("#")) if " " not in word else None


def _slow(rest: str) -> Command | None:
    length, _, where = rest.partition(" ")
    room = _room(where.strip())
    seconds = 0 if length.lower() == "off" else parse_duration(length)
    return None if room is None or seconds is None else Slow(room, seconds)


def _freeze(make: Callable[[Address], Command]) -> Callable[[str], Command | None]:
    def parse(rest: str) -> Command | None:
        room = _room(rest)
        return None if room is None else make(room)

    return parse


def _delete(rest: str) -> Command | None:
    word, _, reason = rest.partition(" ")
    number = _number(word)
    return None if number is None else Delete(number, reason.strip())


def _announce(rest: str) -> Command | None:
    return Announce(rest) if rest else None


def _report(rest: str) -> Command | None:
    first, _, why = rest.partition(" ")
    number = _number(first)
    if number is not None and why.strip():
        return Report(why.strip(), message=number)
    return Report(rest) if rest else None


def _invite(rest: str) -> Command | None:
    word, _, more = rest.partition(" ")
    match word.lower(), more.split():
        case "new", []:
            return NewInvite()
        case "new", [by, length] if by.lower() == "for":
            seconds = parse_duration(length)
            return None if seconds is None else NewInvite(seconds)
        case "revoke", [id]:
            number = _number(id)
            return None if number is None else RevokeInvite(number)
        case _:
            return None


def _newest(make: Callable[[int | None], Command]) -> Callable[[str], Command | None]:
    def parse(rest: str) -> Command | None:
        if not rest:
            return make(None)
        number = _number(rest)
        return make(number) if number else None

    return parse


ORDER_COMMANDS: Table = {
    "kick": Form("<user> [reason]", "put somebody out", _kick, Kick),
    "rename": Form("<old> <new>", "give somebody another name", _rename, Rename),
    "role": Form("<user> owner|moderator|member", "give a role", _role, SetRole),
    "ban": Form(
        "<user|address> [for 2h] [reason]",
        "keep somebody out, as long; never the hub's own machine",
        _ban,
        Ban,
    ),
    "unban": Form("<user|address>", "let somebody in again", one_word(Unban), Unban),
    "bans": Form("", "list who is banned", no_words(ListBans), ListBans),
    "mute": Form(
        "<user> [for 2h] [reason]", "have somebody only read, as long", _mute, Mute
    ),
    "unmute": Form("<user>", "let somebody write again", one_word(Unmute), Unmute),
    "announce": Form("<text>", "say something for the hub", _announce, Announce),
    "reports": Form("[n]", "show the last reports", _newest(ReadReports), ReadReports),
    "audit": Form(
        "[n]", "show the last administrative acts", _newest(ReadAudit), ReadAudit
    ),
}

INVITE_COMMANDS: Table = {
    "invite": Form(
        "new [for 2d]|revoke <id>",
        "make a code that people register with, or end one",
        _invite,
        CreateInvite,
    ),
    "invites": Form("", "list the codes", no_words(ListInvites), ListInvites),
}

ROOM_COMMANDS: Table = {
    "slow": Form("10s|off [#group]", "let each write once in as long", _slow, Slow),
    "freeze": Form("[#group]", "let only moderators write", _freeze(Freeze)),
    "unfreeze": Form("[#group]", "let everybody write again", _freeze(Unfreeze)),
    "delete": Form("<number> [reason]", "take a message away", _delete, DeleteMessage),
}

REPORT_COMMANDS: Table = {
    "report": Form("[user|number] <why>", "tell the moderators", _report, Report),
}


# --- groups --------------------------------------------------------------------------


def _create(rest: str) -> Command | None:
    words = rest.split()
    if len(words) == 2 and words[1].lower() == "private":
        return CreateGroup(words[0], private=True)
    return CreateGroup(words[0]) if len(words) == 1 else None


def _join(rest: str) -> Command | None:
    name, _, password = rest.partition(" ")
    password = password.strip()
    if not name:
        return None
    return JoinGroup(name, Secret(password)) if password else JoinGroup(name)


def _two(make: Callable[[str, str], Command]) -> Callable[[str], Command | None]:
    def parse(rest: str) -> Command | None:
        words = rest.split()
        return make(words[0], _name(words[1])) if len(words) == 2 else None

    return parse


def _group_kick(rest: str) -> Command | None:
    group, _, whom = rest.partition(" ")
    name, _, reason = whom.strip().partition(" ")
    return GroupKick(group, _name(name), reason.strip()) if name else None


def _group_ban(rest: str) -> Command | None:
    group, _, whom = rest.partition(" ")
    target = split_target(whom)
    if target is None:
        return None
    return GroupBan(group, _name(target[0]), target[1], target[2])


def _topic(rest: str) -> Command | None:
    group, _, topic = rest.partition(" ")
    return GroupTopic(group, topic.strip()) if group else None


def _private(rest: str) -> Command | None:
    group, _, password = rest.partition(" ")
    password = password.strip()
    if not group:
        return None
    return ClosePrivate(group, Secret(password) if password else None)


def _group_delete(rest: str) -> Command | None:
    group, _, reason = rest.partition(" ")
    return GroupDelete(group, reason.strip()) if group else None


def _public(group: str) -> Command:
    return SetPrivacy(group, private=False)


MAKING: Table = {
    "create": Form("<name> [private]", "make a group", _create),
    "join": Form("<name> [password]", "become a member", _join),
}

GROUP_ORDER: Table = {
    "invite": Form("<name> <user>", "invite somebody", _two(GroupInvite)),
    "topic": Form("<name> [topic]", "say what it is about", _topic),
    "kick": Form("<name> <user> [reason]", "put a member out", _group_kick),
    "ban": Form("<name> <user> [for 2h] [reason]", "keep somebody out", _group_ban),
    "unban": Form("<name> <user>", "let somebody join again", _two(GroupUnban)),
    "mod": Form("<name> <user>", "have somebody keep order in it", _two(GroupMod)),
    "unmod": Form("<name> <user>", "have somebody do so no more", _two(GroupUnmod)),
    "private": Form("<name> [password]", "let in only who is invited", _private),
    "public": Form("<name>", "let everybody in", one_word(_public)),
    "rename": Form("<old> <new>", "give it another name", _two(GroupRename)),
    "delete": Form("<name> [reason]", "end it", _group_delete),
}
