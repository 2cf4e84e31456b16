"""What was asked of the hub and is not answered yet, in order.

This is where "exactly once" is kept on the client's side: what may have been sent
keeps its nonce and its place until the hub has answered.
"""

from __future__ import annotations

import secrets
from collections import deque
from typing import TYPE_CHECKING

import msgspec

from hubbub.client.events import Unconfirmed
from hubbub.dialects.json_lines.access_frames import TokenRequest
from hubbub.dialects.json_lines.frames import (
    AccountRequest,
    HistoryRequest,
    LimitsInfo,
    Request,
    Send,
    UsersRequest,
)
from hubbub.dialects.json_lines.order_frames import AdminRequest, GroupRequest

if TYPE_CHECKING:
    from collections.abc import Iterator


class Pending(msgspec.Struct, frozen=True):
    """Something not yet answered.

    Attributes:
        re: What the asking method returned; for a `Send` it is the nonce.
        request: The frame.
    """

    re: str
    request: Request


def random_nonce() -> str:
    """Make a nonce that was never made before, and that nobody can guess."""
    return secrets.token_hex(8)


def too_long(text: str, limits: LimitsInfo) -> str | None:
    """Say that a hub would not take a text; None: it would."""
    size = len(text.encode())
    if size > limits.text:
        return f"the message has {size} bytes, and this hub takes {limits.text}"
    return None


def acts_twice(request: Request) -> bool:
    """Tell whether asking twice could do something twice."""
    match request:
        case GroupRequest(action=action):
            return action not in ("list", "members")
        case AdminRequest(action=action):
            return action not in ("list", "bans", "invites", "reports", "audit")
        case AccountRequest():
            return True
        case TokenRequest(action=action):
            return action != "list"
        case _:
            return False


def unconfirmed(pending: Pending) -> Unconfirmed:
    """Say that nobody can tell whether something stands that is not asked twice."""
    match pending.request:
        case Send(to, text):
            return Unconfirmed(pending.re, to, text)
        case GroupRequest(action, name):
            return Unconfirmed(pending.re, f"#{name}", action)
        case AdminRequest(action, name):
            return Unconfirmed(pending.re, f"@{name}", action)
        case AccountRequest(action):
            return Unconfirmed(pending.re, "account", action)
        case TokenRequest(action):
            return Unconfirmed(pending.re, "token", action)
        case UsersRequest() | HistoryRequest():
            raise AssertionError("a question can be asked again")


class Outgoing:
    """Every unanswered request, and how far this connection has handed them over."""

    def __init__(self) -> None:
        self._pending: dict[str, Pending] = {}
        # Handed over on any connection: the hub may have it.
        self._tried: set[str] = set()
        # Handed over on this connection.
        self._handed: dict[str, None] = {}
        self._queue: deque[str] = deque()

    def __len__(self) -> int:
        return len(self._pending)

    def __iter__(self) -> Iterator[Pending]:
        return iter(self._pending.values())

    def __contains__(self, re: object) -> bool:
        return re in self._pending

    def add(self, pending: Pending) -> None:
        """Put a request at the end."""
        self._pending[pending.re] = pending
        self._queue.append(pending.re)

    def tried(self) -> list[Pending]:
        """Give those that the hub may have, in order."""
        return [one for one in self._pending.values() if one.re in self._tried]

    def handed(self) -> Iterator[Pending]:
        """Give those handed over on this connection, in order."""
        return (self._pending[re] for re in self._handed)

    def hand_over(self, window: int) -> Iterator[Pending]:
        """Give what may go out now, in order.

        Args:
            window: How many may be unanswered on one connection at a time.
        """
        while self._queue and len(self._handed) < window:
            pending = self._pending.get(self._queue.popleft())
            if pending is not None:
                self._handed[pending.re] = None
                self._tried.add(pending.re)
                yield pending

    def take(self, re: str) -> Pending | None:
        """Take out what has been answered, if it is here."""
        self._handed.pop(re, None)
        self._tried.discard(re)
        return self._pending.pop(re, None)

    def rewind(self) -> None:
        """Begin a new connection: all is handed over again, the tried ones first.

        They are first by themselves: what goes out goes out in order.
        """
        self._handed.clear()
        self._queue = deque(self._pending)
