"""Lines from standard input, read past Python's buffer.

A thread that waits in `sys.stdin` holds a lock which the interpreter wants at its end;
one that waits in the system's own `read` is in nobody's way.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import stat
import sys
from collections.abc import Iterator

# Bytes of one line; the hub takes far less.
MAX_LINE = 1 << 20
_CHUNK = 1 << 16


class NotForReadingError(Exception):
    """The terminal belongs to another job of the shell."""


class InputError(Exception):
    """The input can't be read. The message is a sentence."""


def input_fd() -> int | None:
    """Give the file descriptor to read from, or None if there is no input at all."""
    try:
        fd = sys.stdin.fileno()
        status = os.fstat(fd)
        nothing = os.stat(os.devnull)  # noqa: PTH116
    except (AttributeError, OSError, ValueError):
        # Standard input is closed, or was never there.
        return None
    if stat.S_ISCHR(status.st_mode) and status.st_rdev == nothing.st_rdev:
        return None
    return fd


def leave_terminal_alone() -> None:
    """Have a read from the terminal fail in the background, instead of stopping us."""
    with contextlib.suppress(AttributeError, ValueError):
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)


def read_lines(fd: int) -> Iterator[str | None]:
    """Give the lines of a file, as they come, until its end.

    Args:
        fd: Its descriptor.

    Yields:
        Each line without its end; None for one that is longer than `MAX_LINE`.

    Raises:
        NotForReadingError: The file is a terminal that is not ours now.
        InputError: It can't be read for another reason.
    """
    rest = b""
    skipping = False
    while chunk := _read(fd):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if not skipping:
                yield _text(line)
            skipping = False
        if len(rest) > MAX_LINE:
            if not skipping:
                yield None
            rest, skipping = b"", True
    if rest and not skipping:
        yield _text(rest)


def _read(fd: int) -> bytes:
    try:
        return os.read(fd, _CHUNK)
    except OSError as error:
        if error.errno == errno.EIO:
            raise NotForReadingError from None
        raise InputError(f"the input can't be read: {error.strerror}") from None


def _text(line: bytes) -> str:
    return line.removesuffix(b"\r").decode(errors="replace")
