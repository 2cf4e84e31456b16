"""What a program can ask of either chat without waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubbub.client.protocol import ClientProtocol, Phase
from hubbub.client.reconnect import ReconnectPolicy
from hubbub.client.session import Session

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from hubbub.client.events import Ended
    from hubbub.client.outgoing import Pending


class ChatFace:
    """The part of a chat that is the same for the blocking and the asyncio one."""

    def __init__(
        self,
        *,
        name: str,
        now: float,
        guard: AbstractContextManager[object],
        reconnect_for: float = 120.0,
        reconnect_every: float = 5.0,
        ask_name: bool = False,
    ) -> None:
        """Prepare a chat that a shell then serves.

        Args:
            name: The name to ask for.
            now: The shell's clock.
            guard: Held while the session is looked at or changed.
            reconnect_for: See `connect`.
            reconnect_every: See `connect`.
            ask_name: See `connect`.
        """
        self._guard = guard
        self._session = Session(
            ClientProtocol(name),
            ReconnectPolicy(every=reconnect_every, window=reconnect_for),
            now=now,
            ask_name=ask_name,
        )

    @property
    def name(self) -> str:
        """This client's name; until it is connected, the one asked for."""
        with self._guard:
            return self._session.protocol.view.name

    @property
    def people(self) -> tuple[str, ...]:
        """The names present as far as is known, in alphabetical order."""
        with self._guard:
            return self._session.protocol.view.people

    @property
    def joined_groups(self) -> tuple[str, ...]:
        """The groups this client is in, in alphabetical order, without `#`."""
        with self._guard:
            return self._session.protocol.view.groups

    @property
    def connected(self) -> bool:
        """Whether the hub has let this client in and the connection stands."""
        with self._guard:
            return self._session.protocol.phase is Phase.JOINED

    @property
    def pending(self) -> tuple[Pending, ...]:
        """What was asked or sent and not answered yet, in order."""
        with self._guard:
            return self._session.protocol.pending

    @property
    def ended(self) -> Ended | None:
        """The chat's last event, once it is over."""
        with self._guard:
            return self._session.ended
