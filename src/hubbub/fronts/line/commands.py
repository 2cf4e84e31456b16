"""What a typed line means: the commands as tables, and text for everything else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import msgspec

from hubbub.dialects.json_lines.access_codec import token_request
from hubbub.dialects.json_lines.access_frames import TokenRequest
from hubbub.dialects.json_lines.frames import (
    AccountRequest,
    HistoryRequest,
    UsersRequest,
)
from hubbub.dialects.json_lines.order_codec import order_request
from hubbub.dialects.json_lines.order_frames import AdminRequest, GroupRequest
from hubbub.dialects.plain import commands as plain
from hubbub.dialects.plain import forms, order
from hubbub.dialects.plain.access import TOKEN_COMMANDS
from hubbub.dialects.plain.help import (
    Entry,
    help_lines,
    named,
    slashed_command,
    unknown_command,
)
from hubbub.model.address import parse_address
from hubbub.model.refusals import Refusal

# A colon and at least two letters, so that `:)` and `:D` are text.
_COMMAND = re.compile(r":([^\W\d_]{2}\S*)\s*(.*)", re.DOTALL)


STAFF = "moderators"

SECRET_COMMANDS = frozenset({"register", "passwd", "unregister"})
"""The words that passwords may follow."""


class Say(msgspec.Struct, frozen=True):
    """Say something to an address."""

    to: str
    text: str


class Ask(msgspec.Struct, frozen=True):
    """Ask the hub something."""

    request: (
        GroupRequest
        | HistoryRequest
        | UsersRequest
        | AdminRequest
        | AccountRequest
        | TokenRequest
    )


class AskSecrets(msgspec.Struct, frozen=True):
    """Ask the person for passwords, without showing them; then ask the hub.

    `action` is `register`, `passwd` or `unregister`.
    """

    action: str


class Talk(msgspec.Struct, frozen=True):
    """Have plain lines go to this address from now on."""

    to: str


class Numbers(msgspec.Struct, frozen=True):
    """Show the number of each message from now on, or show it no more."""


class Help(msgspec.Struct, frozen=True):
    """Show commands; see `hubbub.dialects.plain.help` for which."""

    about: str = ""


class Quit(msgspec.Struct, frozen=True):
    """Leave."""


class Wrong(msgspec.Struct, frozen=True):
    """The line can't be understood; the text is a sentence that says what to do."""

    text: str


Action = Say | Ask | AskSecrets | Talk | Numbers | Help | Quit | Wrong


class Form(msgspec.Struct, frozen=True):
    """One command.

    Attributes:
        arguments: As shown in help, such as `<user> <message>`.
        meaning: A few words for help.
        read: Makes the action of what follows the word and of where plain lines go,
            or None when words are missing.
        whose: Whose right it is, where it is not everybody's; the hub decides.
    """

    arguments: str
    meaning: str
    read: Callable[[str, str], Action | None]
    whose: str = ""


Table = Mapping[str, Form]


def _words(rest: str) -> tuple[str, str]:
    """Split the first word off; the rest keeps its line breaks."""
    first, *more = rest.split(maxsplit=1)
    return first, more[0] if more else ""


def _pm(rest: str, _talk: str) -> Action | None:
    if len(rest.split(maxsplit=1)) < 2:
        return None
    name, text = _words(rest)
    return Say(f"@{name.removeprefix('@')}", text)


def _group_send(rest: str, _talk: str) -> Action | None:
    if len(rest.split(maxsplit=1)) < 2:
        return None
    name, text = _words(rest)
    return Say(f"#{name.removeprefix('#')}", text)


def _alone(action: Action) -> Callable[[str, str], Action | None]:
    return lambda rest, _talk: None if rest else action


def _history(rest: str, talk: str) -> Action | None:
    of, limit = talk, None
    for word in rest.split():
        if limit is None and word.isascii() and word.isdigit() and int(word[:9]) > 0:
            limit = int(word[:9])
        elif parse_address(word) is not None:
            of = word
        else:
            return None
    return Ask(HistoryRequest(of, limit=limit))


def _order(form: forms.Form) -> Callable[[str, str], Action | None]:
    """Read what keeps order as the plain dialect does, and ask for it by its frame."""

    def read(rest: str, _talk: str) -> Action | None:
        command = form.parse(" ".join(rest.split(" ")))
        if command is None or isinstance(command, Refusal):
            return None
        request = token_request(command) or order_request(command)
        return None if request is None else Ask(request)

    return read


def _forms(table: forms.Table, whose: str = "") -> Table:
    return {
        word: Form(form.arguments, form.meaning, _order(form), whose)
        for word, form in table.items()
    }


def _secret(action: str) -> Callable[[str, str], Action | None]:
    def read(rest: str, _talk: str) -> Action | None:
        if not rest:
            return AskSecrets(action)
        if action != "passwd":
            fields = {"action": action, "password": rest}
        elif len(rest.split()) == 2:
            old, new = rest.split()
            fields = {"action": action, "password": old, "new": new}
        else:
            return None
        return Ask(msgspec.convert(fields, AccountRequest))

    return read


def _talk(rest: str, _talk: str) -> Action | None:
    address = parse_address(rest)
    return None if address is None or len(rest.split()) > 1 else Talk(rest)


def _help(rest: str, _talk: str) -> Action | None:
    about = " ".join(rest.lower().removeprefix(":").split())
    if about in ("", "all") or named(_entries(), about):
        return Help(about)
    return Wrong(unknown_command(about, COMMANDS))


def _group(rest: str, talk: str) -> Action | None:
    return _read(rest, talk, GROUP_COMMANDS, ":group ") if rest else None


GROUP_COMMANDS: Table = {
    **_forms(plain.GROUP_COMMANDS),
    "send": Form("<name> <message>", "say something to its members", _group_send),
}

COMMANDS: Table = {
    "pm": Form("<user> <message>", "say something to one person", _pm),
    "group": Form("create|join|leave|send|members|list …", "groups", _group),
    "talk": Form("#group|@user|lobby", "choose where plain lines go", _talk),
    "users": Form("", "list who is here", _alone(Ask(UsersRequest()))),
    "history": Form(
        "[#group|@user|lobby] [n]", "show the last messages there", _history
    ),
    "register": Form("[password]", "make your name your own", _secret("register")),
    "passwd": Form("[old new]", "change your password", _secret("passwd")),
    "unregister": Form("[password]", "give your name up", _secret("unregister")),
    "logout-others": Form(
        "", "log your other devices out", _alone(Ask(AccountRequest("logout-others")))
    ),
    "list": Form("", "list the connections", _alone(Ask(AdminRequest("list"))), STAFF),
    **_forms(order.ORDER_COMMANDS, STAFF),
    **_forms(order.INVITE_COMMANDS, STAFF),
    **_forms(order.ROOM_COMMANDS),
    **_forms(order.REPORT_COMMANDS),
    **_forms(TOKEN_COMMANDS),
    "numbers": Form("", "show the number of each message, or not", _alone(Numbers())),
    "help": Form("[command|all]", "tell of a command, or of all", _help),
    "quit": Form("", "leave", _alone(Quit())),
}

# What somebody needs who has just come in.
_FIRST = (
    "pm",
    "talk",
    "users",
    "history",
    "group create",
    "group join",
    "group list",
    "register",
    "quit",
    "help",
)


def read_line(line: str, talk: str = "lobby") -> Action | None:
    """Understand a typed line.

    Args:
        line: As typed; it may have line breaks.
        talk: The address that plain lines go to.

    Returns:
        What to do, or None when the line has nothing to say.
    """
    if not line.strip():
        return None
    if _COMMAND.match(line) is None:
        slashed = slashed_command(line, COMMANDS)
        return Say(talk, line) if slashed is None else Wrong(slashed)
    return _read(line[1:], talk, COMMANDS, ":")


def read_name(line: str) -> str | Quit | Wrong:
    """Understand a line typed where a name is asked for; "" when it has none."""
    name = line.strip()
    if not name.startswith(":"):
        return name
    if read_line(name) == Quit():
        return Quit()
    return Wrong("first give your name; :quit leaves, other commands come later")


def _read(line: str, talk: str, table: Table, prefix: str) -> Action:
    word, rest = _words(line)
    form = table.get(word.lower())
    if form is None:
        if word.lower() == "shutdown" and table is COMMANDS:
            return Wrong(plain.NO_SHUTDOWN)
        return Wrong(unknown_command(word, table, prefix))
    action = form.read(rest.strip(), talk)
    if action is None:
        usage = f"{prefix}{word.lower()} {form.arguments}".rstrip()
        return Wrong(f"write it as {usage}")
    return action


def chat_help(about: str, *, staff: bool) -> list[str]:
    """List commands, a line each.

    Args:
        about: Which; see `help_lines`.
        staff: Whether those that keep order are shown without being asked for.
    """
    return help_lines(_entries(staff=staff or about not in ("", "all")), _FIRST, about)


def _entries(*, staff: bool = True) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for word, form in COMMANDS.items():
        if form.whose and not staff:
            continue
        for sub, one in (GROUP_COMMANDS if word == "group" else {"": form}).items():
            name = f"{word} {sub}".rstrip()
            whose = f" ({one.whose})" if one.whose else ""
            usage = f":{name} {one.arguments}".rstrip()
            entries[name] = Entry(usage, one.meaning + whose)
    return entries
