"""Where passwords and tokens come from other than the command line, which all can read.

A process list shows the words a program was started with to every user of a machine.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path

from hubbub.model.access import is_access_token

ENVIRONMENT = "HUBBUB_PASSWORD"
TOKEN_ENVIRONMENT = "HUBBUB_TOKEN"  # noqa: S105 - the name of a variable


class SecretError(Exception):
    """A password can't be had. The message is a sentence that says why."""


def find_password(file: str | Path | None, *, ask: bool = False) -> str | None:
    """Give a password from a file, the environment, or whoever sits at the terminal.

    Args:
        file: Holds it on the first line; None when there is no file.
        ask: Whether to ask for it when neither a file nor the environment has it.

    Returns:
        The password, or None when none is wanted.

    Raises:
        SecretError: The file can't be read or is empty, or there is no terminal.
    """
    if file is not None:
        return _first_line(Path(file).expanduser())
    found = os.environ.get(ENVIRONMENT)
    if found or not ask:
        return found or None
    return ask_twice("PASSWORD : ")


def find_token(file: str | Path | None) -> str | None:
    """Give an access token from a file, else from the environment; None for none.

    Raises:
        SecretError: The file can't be read, or what it has is no token.
    """
    if file is None:
        found = os.environ.get(TOKEN_ENVIRONMENT) or None
        where = f"the variable {TOKEN_ENVIRONMENT}"
    else:
        found, where = _first_line(Path(file).expanduser()).strip(), str(file)
    if found is not None and not is_access_token(found):
        raise SecretError(
            f"what {where} has is no access token; make one with `hubbub token create`"
        )
    return found


def _first_line(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as lines:
            line = lines.readline().rstrip("\r\n")
    except OSError as error:
        raise SecretError(f"{path} can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SecretError(f"{path} is not UTF-8 text") from None
    if not line:
        raise SecretError(f"the first line of {path} is empty; write the secret there")
    return line


def ask_twice(prompt: str, ask: Callable[[str], str] = getpass.getpass) -> str:
    """Ask whoever sits at the terminal for a new password, unseen and twice.

    Raises:
        SecretError: There is no terminal, nothing was typed, or the two differ.
    """
    if not sys.stdin.isatty():
        raise SecretError(
            f"there is no terminal to ask for a password; set {ENVIRONMENT}, or name a "
            "file with --password-file"
        )
    try:
        first = ask(prompt)
        second = ask("AGAIN    : ") if first else ""
    except EOFError:
        raise SecretError("no password was given") from None
    if not first:
        raise SecretError("no password was given")
    if second != first:
        raise SecretError("the two passwords differ")
    return first
