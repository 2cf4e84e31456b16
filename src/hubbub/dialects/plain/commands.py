"""The commands of the plain dialect, as tables: word, form, meaning and parser."""

from __future__ import annotations

from collections.abc import Callable, Collection

from hubbub.dialects.plain.access import TOKEN_COMMANDS
from hubbub.dialects.plain.forms import Form, Table, no_words, one_word
from hubbub.dialects.plain.help import Entry, help_lines, named, unknown_command
from hubbub.dialects.plain.order import (
    GROUP_ORDER,
    INVITE_COMMANDS,
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


def _help(table: Callable[[], Table]) -> Callable[[str], Command | Refusal]:
    def parse(rest: str) -> Command | Refusal:
        about = " ".join(rest.lower().removeprefix(":").split())
        words = _entries(table())
        if about in ("", "all") or named(words, about):
            return Help(about)
        return Refusal(Code.COMMAND_UNKNOWN, unknown_command(about, words))

    return parse


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
    **INVITE_COMMANDS,
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
    "help": Form(
        "[command|all]", "tell of a command, or of all", _help(lambda: COMMANDS)
    ),
    "quit": Form("", "leave", no_words(Quit)),
}

CONSOLE_COMMANDS: Table = {
    **STAFF_COMMANDS,
    **TOKEN_COMMANDS,
    "users": Form("", "list who is here", no_words(ListUsers)),
    "groups": Form("", "list the groups", no_words(ListGroups)),
    "history": Form("[n] [numbered]", "show the last messages of the lobby", _history),
    "shutdown": Form("", "stop the hub", no_words(Shutdown)),
    "help": Form(
        "[command|all]",
        "tell of a command, or of all",
        _help(lambda: CONSOLE_COMMANDS),
    ),
}

# What somebody needs who has just come in.
_FIRST = (
    "pm",
    "users",
    "history",
    "group create",
    "group join",
    "group send",
    "group list",
    "register",
    "quit",
    "help",
)
_FIRST_AT_THE_CONSOLE = (
    "users",
    "list",
    "kick",
    "rename",
    "ban",
    "mute",
    "groups",
    "history",
    "shutdown",
    "help",
)


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


NO_SHUTDOWN = (
    "there is no command :shutdown here; only the terminal in which the hub was "
    "started has it"
)


def _unknown(word: str, table: Table, prefix: str) -> Refusal:
    if word.lower() == "shutdown" and table is COMMANDS:
        return Refusal(Code.COMMAND_UNKNOWN, NO_SHUTDOWN)
    return Refusal(Code.COMMAND_UNKNOWN, unknown_command(word, table, prefix))


def chat_help(allowed: Collection[type], about: str) -> list[str]:
    """List commands of the chat, a line each.

    Args:
        allowed: The types of commands that one has a right to.
        about: See `help_lines`.
    """
    # Whoever asks for one by its name is told of it, and may learn that it is refused.
    shown = allowed if about in ("", "all") else None
    return help_lines(_entries(COMMANDS, shown), _FIRST, about)


def console_help(about: str) -> list[str]:
    """List commands of the console, a line each; `about` as in `help_lines`."""
    return help_lines(_entries(CONSOLE_COMMANDS), _FIRST_AT_THE_CONSOLE, about)


def _entries(table: Table, allowed: Collection[type] | None = None) -> dict[str, Entry]:
    """List the commands of a table as help shows them, those of groups each.

    Args:
        table: The commands.
        allowed: Which types of them; None for all.
    """
    entries: dict[str, Entry] = {}
    for word, form in table.items():
        if allowed is not None and form.makes is not None and form.makes not in allowed:
            continue
        inner = GROUP_COMMANDS if form.parse is _group else {"": form}
        for sub, one in inner.items():
            name = f"{word} {sub}".rstrip()
            usage = f":{name} {one.arguments}".rstrip()
            entries[name] = Entry(usage, one.meaning)
    return entries
