"""The ceiling: what a server costs that copies bytes and does nothing else.

Turn-based like Hubbub, on the same kind of socket: read every ready connection, join
the bytes of the turn, send them to every other connection in one send each. No journal,
no names to check, no rendering, no limits, no framing: a talker's send is taken to
arrive whole, as it does over loopback. What a chat server written in Python reaches is
to be read as a share of this.

The first line of a connection routes it: ``NAME`` puts it into the room, and
``NAME PARTNER`` makes all that it writes go to PARTNER alone. Both are answered with
``Welcome``.

Run as ``python bench/ceiling.py HOST PORT``; ends with SIGTERM.
"""

from __future__ import annotations

import select
import socket
import sys

READ_BYTES = 256 * 1024


class Ceiling:
    """All connections of the copying server, and its turn."""

    def __init__(self, host: str, port: int) -> None:
        """Listen on ``host`` and ``port``.

        Raises:
            OSError: The address cannot be bound.
        """
        self._listener = socket.create_server((host, port), backlog=4096)
        self._epoll = select.epoll()
        self._epoll.register(self._listener, select.EPOLLIN)
        self._sockets: dict[int, socket.socket] = {}
        self._by_name: dict[str, int] = {}
        self._room: set[int] = set()
        self._partner_of: dict[int, str] = {}
        self._unsent: dict[int, bytes] = {}

    def run(self) -> None:
        """Take turns until the process is ended."""
        while True:
            self._turn()

    def _turn(self) -> None:
        """Read all that is ready, then send it: one send for each receiver."""
        said: dict[int, bytes] = {}
        for fd, event in self._epoll.poll():
            if fd == self._listener.fileno():
                self._accept()
                continue
            if event & select.EPOLLOUT:
                self._epoll.modify(fd, select.EPOLLIN)
                self._send(fd, self._unsent.pop(fd))
            if fd in self._sockets and event & ~select.EPOLLOUT:
                self._read(fd, said)
        if not said:
            return
        everything = b"".join(said.values())
        for fd in tuple(self._room):
            if fd not in said:
                self._send(fd, everything)
            elif len(said) > 1:
                others = (data for talker, data in said.items() if talker != fd)
                self._send(fd, b"".join(others))

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sockets[connection.fileno()] = connection
        self._epoll.register(connection, select.EPOLLIN)

    def _read(self, fd: int, said: dict[int, bytes]) -> None:
        """Read one connection: into the turn, to its partner, or as its first line."""
        try:
            data = self._sockets[fd].recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close(fd)
        elif fd in self._room:
            said[fd] = data
        elif fd in self._partner_of:
            partner = self._by_name.get(self._partner_of[fd])
            if partner is not None:
                self._send(partner, data)
        else:
            name, _, partner_name = data.decode().strip().partition(" ")
            self._by_name[name] = fd
            if partner_name:
                self._partner_of[fd] = partner_name
            else:
                self._room.add(fd)
            self._send(fd, b"Welcome\n")

    def _send(self, fd: int, data: bytes) -> None:
        """Send now what the kernel takes, and the rest when it has room again."""
        if fd in self._unsent:
            self._unsent[fd] += data
            return
        try:
            sent = self._sockets[fd].send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._close(fd)
            return
        if sent < len(data):
            self._unsent[fd] = data[sent:]
            self._epoll.modify(fd, select.EPOLLIN | select.EPOLLOUT)

    def _close(self, fd: int) -> None:
        self._sockets.pop(fd).close()
        self._room.discard(fd)
        self._partner_of.pop(fd, None)
        self._unsent.pop(fd, None)
        self._by_name = {name: at for name, at in self._by_name.items() if at != fd}


if __name__ == "__main__":
    Ceiling(sys.argv[1], int(sys.argv[2])).run()
