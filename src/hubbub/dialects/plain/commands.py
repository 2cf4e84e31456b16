"""The commands of the plain dialect, as tables: word, form, meaning and parser."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches

import msgspec

from hubbub.model.address import LOBBY, Address, ToGroup, ToUser
from hubbub.model.commands import (
    ChangePassword,
    CloseAccount,
    Command,
    CreateGroup,
    Help,
    JoinGroup,
    Kick,
    LeaveGroup,
    ListGroups,
    ListMembers,
    ListSessions,
    ListUsers,
    LogOutOthers,
    OpenAccount,
    Post,
    Quit,
    ReadHistory,
    Register,
    Rename,
    SetPassword,
    SetRole,
    Shutdown,
    Unregister,
)
from hubbub.model.refusals import Code, Refusal
from hubbub.model.roles import ACCOUNTS, Role
from hubbub.model.secret import Secret
from hubbub.model.text import echo


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


def _pm(rest: str) -> Command | None:
    name, _, text = rest.partition(" ")
    text = text.lstrip(" ")
    return Post(ToUser(name.removeprefix("@")), text) if text else None


def _group_send(rest: str) -> Command | None:
    name, _, text = rest.partition(" ")
    text = text.lstrip(" ")
    return Post(ToGroup(name), text) if text else None


def _one_word(make: Callable[[str], Command]) -> Callable[[str], Command | None]:
    def parse(rest: str) -> Command | None:
        return make(rest) if rest and " " not in rest else None

    return parse


def _no_words(make: Callable[[], Command]) -> Callable[[str], Command | None]:
    def parse(rest: str) -> Command | None:
        return None if rest else make()

    return parse


def _history(rest: str) -> Command | None:
    of: Address = LOBBY
    limit: int | None = None
    for word in rest.split():
        if word.isascii() and word.isdigit() and int(word[:9]) > 0 and limit is None:
            limit = int(word[:9])
        elif word.startswith("#") and word != "#":
            of = ToGroup(word[1:])
        elif word.startswith("@") and word != "@":
            of = ToUser(word[1:])
        elif word != "lobby":
            return None
    return ReadHistory(of, limit=limit)


def _kick(rest: str) -> Command | None:
    name, _, reason = rest.partition(" ")
    return Kick(name.removeprefix("@"), reason.strip()) if name else None


def _rename(rest: str) -> Command | None:
    words = rest.split()
    return Rename(words[0].removeprefix("@"), words[1]) if len(words) == 2 else None


def _register(rest: str) -> Command | None:
    return Register(Secret(rest)) if rest else None


def _passwd(rest: str) -> Command | None:
    words = rest.split()
    if len(words) != 2:
        return None
    return ChangePassword(Secret(words[0]), Secret(words[1]))


def _unregister(rest: str) -> Command | None:
    return Unregister(Secret(rest)) if rest else None


def _role(rest: str) -> Command | None:
    words = rest.split()
    if len(words) != 2 or words[1].lower() not in ACCOUNTS:
        return None
    return SetRole(words[0].removeprefix("@"), Role(words[1].lower()))


def _group(rest: str) -> Command | Refusal | None:
    return parse_command(rest, GROUP_COMMANDS, ":group ") if rest else None


GROUP_COMMANDS: Table = {
    "create": Form("<name>", "make a group", _one_word(CreateGroup)),
    "join": Form("<name>", "become a member", _one_word(JoinGroup)),
    "leave": Form("<name>", "stop being one", _one_word(LeaveGroup)),
    "send": Form("<name> <message>", "say something to its members", _group_send),
    "members": Form("<name>", "list its members", _one_word(ListMembers)),
    "list": Form("", "list the groups", _no_words(ListGroups)),
}

# What keeps order, in chat and at the console alike.
STAFF_COMMANDS: Table = {
    "list": Form("", "list the connections", _no_words(ListSessions), ListSessions),
    "kick": Form("<user> [reason]", "put somebody out", _kick, Kick),
    "rename": Form("<old> <new>", "give somebody another name", _rename, Rename),
    "role": Form("<user> owner|moderator|member", "give a role", _role, SetRole),
}

COMMANDS: Table = {
    "pm": Form("<user> <message>", "say something to one person", _pm),
    "group": Form("create|join|leave|send|members|list …", "groups", _group),
    "users": Form("", "list who is here", _no_words(ListUsers)),
    "history": Form("[#group|@user|lobby] [n]", "show the last messages", _history),
    "register": Form("<password>", "make your name your own", _register, OpenAccount),
    "passwd": Form("<old> <new>", "change your password", _passwd, SetPassword),
    "unregister": Form("<password>", "give your name up", _unregister, CloseAccount),
    "logout-others": Form(
        "", "log your other devices out", _no_words(LogOutOthers), LogOutOthers
    ),
    **STAFF_COMMANDS,
    "help": Form("", "show this list", _no_words(Help)),
    "quit": Form("", "leave", _no_words(Quit)),
}

CONSOLE_COMMANDS: Table = {
    **STAFF_COMMANDS,
    "groups": Form("", "list the groups", _no_words(ListGroups)),
    "history": Form("[n]", "show the last messages of the lobby", _history),
    "shutdown": Form("", "stop the hub", _no_words(Shutdown)),
    "help": Form("", "show this list", _no_words(Help)),
}


def is_command(line: str) -> bool:
    """Tell a command from text: a colon, a letter, and more, so that `:D` is text."""
    return line[:1] == ":" and line[1:2].isalpha() and len(line.partition(" ")[0]) > 2


def parse_command(line: str, table: Table, prefix: str = ":") -> Command | Refusal:
    """Read a command.

    Args:
        line: The command without its prefix.
        table: The commands there are.
        prefix: What stands before each word of the table, for the sentences.
    """
    word, _, rest = line.partition(" ")
    form = table.get(word.lower())
    if form is None:
        return _unknown(word, table, prefix)
    command = form.parse(rest.strip(" "))
    if command is None:
        usage = f"{prefix}{word.lower()} {form.arguments}".rstrip()
        return Refusal(Code.USAGE, f"write it as {usage}")
    return command


def _unknown(word: str, table: Table, prefix: str) -> Refusal:
    near = get_close_matches(word.lower(), table, n=1, cutoff=0.5)
    guess = f"did you mean {prefix}{near[0]}? " if near else ""
    return Refusal(
        Code.COMMAND_UNKNOWN,
        f"there is no command {prefix}{echo(word)}; {guess}:help lists all",
    )


def help_lines(table: Table, allowed: Collection[type]) -> list[str]:
    """List the commands of a table that one has a right to, a line each."""
    lines: list[tuple[str, str]] = []
    for word, form in table.items():
        if form.makes is not None and form.makes not in allowed:
            continue
        if form.parse is _group:
            lines.extend(
                (f":group {sub} {inner.arguments}".rstrip(), inner.meaning)
                for sub, inner in GROUP_COMMANDS.items()
            )
        else:
            lines.append((f":{word} {form.arguments}".rstrip(), form.meaning))
    width = max(len(usage) for usage, _ in lines)
    return [f"  {usage:<{width}}  {meaning}" for usage, meaning in lines]
