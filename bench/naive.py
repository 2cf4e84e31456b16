"""The naive server: the one that tutorials end with.

A thread for each client; each message is sent to each socket at once, by the thread
that received it. It shows what turns are worth: the same messages cost a system call
for every receiver of every message.

Run as ``python bench/naive.py HOST PORT``; ends with SIGTERM.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time


def stamp() -> str:
    """The local time as ``[HH:MM:SS]``."""
    return time.strftime("[%H:%M:%S]")


def broadcast(clients: dict[str, socket.socket], sender: str, line: str) -> None:
    """Send ``line`` to everyone but ``sender``, one send for each."""
    data = line.encode()
    for name, client in list(clients.items()):
        if name != sender:
            with contextlib.suppress(OSError):
                client.sendall(data)


def serve(client: socket.socket, clients: dict[str, socket.socket]) -> None:
    """Talk with one client until it leaves: its first line is its name."""
    with client, client.makefile(encoding="utf-8", newline="\n") as lines:
        name = lines.readline().strip()
        clients[name] = client
        client.sendall(f"{stamp()} Welcome {name}.\n".encode())
        broadcast(clients, name, f"{stamp()} Client CONNECTED Name: {name}\n")
        with contextlib.suppress(OSError):
            for line in lines:
                if line.startswith(":pm "):
                    _, to, text = line.split(" ", 2)
                    if to in clients:
                        said = f"{stamp()} (PM) {name} >> {text}"
                        clients[to].sendall(said.encode())
                else:
                    broadcast(clients, name, f"{stamp()} {name} >> {line}")
        del clients[name]
        broadcast(clients, name, f"{stamp()} {name} DISCONNECTED\n")


def main(host: str, port: int) -> None:
    """Accept clients until the process is ended.

    Raises:
        OSError: The address cannot be bound.
    """
    clients: dict[str, socket.socket] = {}
    with socket.create_server((host, port), backlog=4096) as listener:
        while True:
            client, _ = listener.accept()
            # Without this, Nagle's algorithm holds back a private message until the
            # one before it is acknowledged, and the figures would show that alone.
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=serve, args=(client, clients), daemon=True).start()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
