"""Commands for whoever runs the hub, on its machine, with the hub running or not."""

from __future__ import annotations

import argparse
import socket
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec

from hubbub.app.admin_door import SOCKET_NAME, reachable
from hubbub.app.flags import add_data_flag, add_password_file
from hubbub.app.outcome import fail
from hubbub.app.secrets import SecretError, ask_twice, find_password
from hubbub.dialects.json_lines import frames, order_frames
from hubbub.model.refusals import Refusal
from hubbub.model.secret import Secret

_ANSWER_SECONDS = 30.0

# For one question and the ping behind it.
_TURNS = 4

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(frames.ServerFrame).decode


class AdminError(Exception):
    """A command was not done. The message is a sentence that says why."""


def ask_hub(folder: Path, request: frames.ClientFrame) -> list[frames.ServerFrame]:
    """Have a hub do something, as its console would.

    Args:
        folder: Its data folder. If a hub runs there, it is asked; else the journal is
            opened for this one request.
        request: What.

    Returns:
        What it answered.

    Raises:
        AdminError: It refused, or can't be asked.
    """
    from hubbub.app.compose import StartError

    if not folder.is_dir():
        raise AdminError(
            f"there is no hub in {folder}; start it there first (hubbub serve --data "
            "DIR), or name its folder with --data"
        )
    question = _encode(request) + b"\n" + _encode(frames.Ping("asked")) + b"\n"
    try:
        running = _ask_running(folder, question)
        lines = _ask_journal(folder, question) if running is None else running
        answers = list(_answers(lines))
    except StartError as error:
        raise AdminError(str(error)) from None
    except OSError as error:
        raise AdminError(f"the hub can't be asked: {error.strerror or error}") from None
    return answers


def _answers(lines: Iterable[bytes]) -> Iterator[frames.ServerFrame]:
    for line in lines:
        answer = _decode(line)
        if isinstance(answer, frames.Error):
            raise AdminError(answer.text)
        if isinstance(answer, frames.Pong):
            return
        yield answer
    raise AdminError("the hub ended before it answered")


def _ask_running(folder: Path, question: bytes) -> Iterator[bytes] | None:
    path = folder / SOCKET_NAME
    if not path.exists():
        return None
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(_ANSWER_SECONDS)
    try:
        with reachable(path) as address:
            connection.connect(address)
    except ConnectionRefusedError:
        # Left behind by a hub that was killed.
        connection.close()
        return None
    connection.sendall(question)
    return _lines(connection)


def _lines(connection: socket.socket) -> Iterator[bytes]:
    with connection, connection.makefile("rb") as lines:
        yield from lines


def _ask_journal(folder: Path, question: bytes) -> list[bytes]:
    """Run a hub without sockets for as long as one question takes."""
    from hubbub.app.compose import json_dialect, open_journal
    from hubbub.app.settings import Settings
    from hubbub.engines.steps import read_clocks
    from hubbub.hub import Hub
    from hubbub.node import Node

    settings = Settings(data=str(folder))
    with ExitStack() as stack:
        journal, state = open_journal(settings, stack)
        dialect = json_dialect(settings)
        node = Node(Hub(settings.limits, state), journal, lambda _encrypted: dialect)
        session = node.connect_console(dialect, None, read_clocks())
        node.receive(session, question, read_clocks())
        # A question that is answered from the journal takes one turn more.
        for _ in range(_TURNS):
            node.turn(read_clocks())
        return bytes(session.outbox.peek()).splitlines()


def add_admin_commands(commands: Any) -> None:
    """Add `hubbub admin` to the command line."""
    admin = commands.add_parser(
        "admin", help="make accounts on this machine, with a hub running or not"
    )
    admin.add_argument("action", choices=("create",))
    admin.add_argument("name", metavar="NAME")
    admin.add_argument(
        "--role",
        choices=("owner", "moderator", "member"),
        default="owner",
        help="(default: owner)",
    )
    add_password_file(admin, "the account's password")
    add_data_flag(admin)
    admin.set_defaults(run=_create)


def _create(options: argparse.Namespace) -> int:
    from hubbub.app.settings import Settings
    from hubbub.node.passwords import check_new_password, hash_password

    try:
        password = find_password(options.password_file) or ask_twice("PASSWORD : ")
        checked = check_new_password(Secret(password))
        if isinstance(checked, Refusal):
            return fail(checked.text)
        request = order_frames.AdminRequest(
            "create", options.name, role=options.role, hash=hash_password(checked)
        )
        ask_hub(Settings(data=options.data).data_folder, request)
    except (AdminError, SecretError) as error:
        return fail(str(error))
    sys.stdout.write(f"{options.name} is {_article(options.role)} now\n")
    return 0


def _article(role: str) -> str:
    return f"an {role}" if role[0] in "aeiou" else f"a {role}"
