"""The commands of the plain dialect, as tables: word, form, meaning and parser."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

from hubbub.dialects.plain.access import TOKEN_COMMANDS
from hubbub.dialects.plain.forms import Form, Table, no_words, one_word
from hubbub.dialects.plain.order import (
    GROUP_ORDER,
    MAKING,
    ORDER_COMMANDS,
    REPORT_COMMANDS,
    ROOM_COMMANDS,
)
from hubbub.model.address import LOBBY, Address, ToGroup, ToUser
from hubbub.model.commands import (
    ChangePassword,
    CloseAccount,
    Command,
    Help,
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
    SetPassword,
    Shutdown,
    Unregister,
)
from hubbub.model.refusals import Code, Refusal
from hubbub.model.secret import Secret
from hubbub.model.text import echo


def _pm(rest: str) -> Command | None:
    name, _, text = rest.partition(" ")
    text = text.lstrip(" ")
    return Post(ToUser(name.removeprefix("@")), text) if text else None


def _group_send(rest: str) -> Command | None:
    name, _, text = rest.partition(" ")
    text = text.lstrip(" ")
    return Post(ToGroup(name), text) if text else None


def _history(rest: str) -> Command | None:
    of: Address = LOBBY
    limit: int | None = None
    numbered = False
    for word in rest.split():
        if word.lower() == "numbered":
            numbered = True
        elif word.isascii() and word.isdigit() and int(word[:9]) > 0 and limit is None:
            limit = int(word[:9])
        elif word.startswith("#") and word != "#":
            of = ToGroup(word[1:])
        elif word.startswith("@") and word != "@":
            of = ToUser(word[1:])
        elif word != "lobby":
            return None
    return ReadHistory(of, limit=limit, numbered=numbered)


def _register(rest: str) -> Command | None:
    return Register(Secret(rest)) if rest else None


def _passwd(rest: str) -> Command | None:
    words = rest.split()
    if len(words) != 2:
        return None
    return ChangePassword(Secret(words[0]), Secret(words[1]))


def _unregister(rest: str) -> Command | None:
    return Unregister(Secret(rest)) if rest else None


def _group(rest: str) -> Command | Refusal | None:
    return parse_command(rest, GROUP_COMMANDS, ":group ") if rest else None


GROUP_COMMANDS: Table = {
    **MAKING,
    "leave": Form("<name>", "stop being one", one_word(LeaveGroup)),
    "send": Form("<name> <message>", "say something to its members", _group_send),
    "members": Form("<name>", "list its members", one_word(ListMembers)),
    "list": Form("", "list the groups", no_words(ListGroups)),
    **GROUP_ORDER,
}

# What keeps order, in chat and at the console alike.
STAFF_COMMANDS: Table = {
    "list": Form("", "list the connections", no_words(ListSessions), ListSessions),
    **ORDER_COMMANDS,
    **ROOM_COMMANDS,
}

COMMANDS: Table = {
    "pm": Form("<user> <message>", "say something to one person", _pm),
    "group": Form("create|join|leave|send|members|list …", "groups", _group),
    "users": Form("", "list who is here", no_words(ListUsers)),
    "history": Form(
        "[#group|@user|lobby] [n] [numbered]", "show the last messages", _history
    ),
    "register": Form("<password>", "make your name your own", _register, OpenAccount),
    "passwd": Form("<old> <new>", "change your password", _passwd, SetPassword),
    "unregister": Form("<password>", "give your name up", _unregister, CloseAccount),
    "logout-others": Form(
        "", "log your other devices out", no_words(LogOutOthers), LogOutOthers
    ),
    **TOKEN_COMMANDS,
    **REPORT_COMMANDS,
    **STAFF_COMMANDS,
    "help": Form("", "show this list", no_words(Help)),
    "quit": Form("", "leave", no_words(Quit)),
}

CONSOLE_COMMANDS: Table = {
    **STAFF_COMMANDS,
    **TOKEN_COMMANDS,
    "groups": Form("", "list the groups", no_words(ListGroups)),
    "history": Form("[n] [numbered]", "show the last messages of the lobby", _history),
    "shutdown": Form("", "stop the hub", no_words(Shutdown)),
    "help": Form("", "show this list", no_words(Help)),
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
