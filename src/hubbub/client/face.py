"""What a program can ask of either chat without waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubbub.client.protocol import Phase

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from hubbub.client.events import Ended
    from hubbub.client.outgoing import Pending
    from hubbub.client.session import Session
    from hubbub.dialects.json_lines.frames import RoomInfo


class ChatFace:
    """The part of a chat that is the same for the blocking and the asyncio one."""

    def __init__(self, session: Session, guard: AbstractContextManager[object]) -> None:
        """Prepare a chat that a shell then serves.

        Args:
            session: What is served.
            guard: Held while the session is looked at or changed.
        """
        self._session = session
        self._guard = guard

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
    def role(self) -> str:
        """What this client is to the hub: `owner`, `moderator`, `member` or `guest`."""
        with self._guard:
            return self._session.protocol.view.role

    def room(self, address: str = "lobby") -> RoomInfo | None:
        """Give how the lobby or a group stands, as far as is known.

        Args:
            address: `lobby`, or `#group` as the hub writes it.

        Returns:
            None for a group that this client is not in.
        """
        with self._guard:
            return self._session.protocol.view.rooms.find(address)

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
