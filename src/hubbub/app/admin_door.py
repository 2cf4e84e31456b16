"""The operator's door: a Unix socket in the data folder, for commands on this machine.

Whoever can read the data folder owns the hub, and nobody else can: the folder is 0700
and the socket 0600. What connects has the rights of the console, and speaks frames.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SOCKET_NAME = "hub.sock"

# What the address of a Unix socket may hold (sun_path in unix(7)), with some to spare.
_LONGEST_PATH = 100


class AdminDoor:
    """Listens in the data folder, in a thread of its own."""

    def __init__(self, folder: Path, adopt: Callable[[socket.socket], None]) -> None:
        """Begin to listen, where the system can.

        Args:
            folder: The data folder, which this process holds the lock of.
            adopt: Given each connection.
        """
        self._adopt = adopt
        self._path = folder / SOCKET_NAME
        self._listener: socket.socket | None = None
        if not hasattr(socket, "AF_UNIX"):
            return
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            # The one of a hub that was killed is nobody's now: the lock says so.
            self._path.unlink(missing_ok=True)
            with reachable(self._path) as address:
                listener.bind(address)
            self._path.chmod(0o600)
            listener.listen()
        except OSError as error:
            listener.close()
            sys.stderr.write(
                f"no commands are taken at {self._path}: {error.strerror or error}\n"
            )
            return
        self._listener = listener
        threading.Thread(target=self._accept_all, name="admin", daemon=True).start()

    def _accept_all(self) -> None:
        listener = self._listener
        if listener is None:
            return
        with suppress(OSError):
            while True:
                self._adopt(listener.accept()[0])

    def close(self) -> None:
        """Listen no more."""
        listener, self._listener = self._listener, None
        if listener is not None:
            # A call of `accept` in another thread ends with this, and not the close.
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            self._path.unlink(missing_ok=True)


@contextmanager
def reachable(path: Path) -> Iterator[str]:
    """Give an address for a socket whose path may be too long for one.

    Raises:
        OSError: It is too long, and this system has no way round it.
    """
    if len(os.fsencode(path)) <= _LONGEST_PATH:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
