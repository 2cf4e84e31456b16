"""What an engine promises."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Protocol

from hubbub.dialects.contract import Dialect
from hubbub.engines.steps import Steps
from hubbub.node import Node
from hubbub.wire.opening import NewWire, no_wire


class Engine(Protocol):
    """Moves bytes between sockets and a node."""

    def __init__(self, node: Node, steps: Steps, wires: NewWire = no_wire) -> None:
        """Drive a node; `wires` gives what lies on the wire of each connection."""

    def adopt(self, end: socket.socket, dialect: Dialect) -> None:
        """Serve one more connection of whoever runs the hub, from any thread.

        Args:
            end: Connected; it has the rights of the console.
            dialect: What is spoken there.
        """

    def run(
        self,
        listener: socket.socket,
        console: tuple[socket.socket, Dialect] | None,
        on_ready: Callable[[], None],
    ) -> None:
        """Serve until the hub is shut down; then close everything.

        Args:
            listener: Where connections come in.
            console: The hub's end of the administrator's console, and its dialect.
            on_ready: Called once, when connections are taken.
        """
