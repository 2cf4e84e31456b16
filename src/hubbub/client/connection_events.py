"""What a chat tells of its connection; part of `hubbub.client.events`."""

from __future__ import annotations

import msgspec

from hubbub.dialects.json_lines.frames import LimitsInfo, RoomInfo


class _Event(msgspec.Struct, frozen=True):
    pass


class Connected(_Event, frozen=True):
    """The hub has let this client in for the first time.

    Attributes:
        name: The name as the hub shows it.
        users: Everyone present, this client among them.
        groups: The groups this client is in.
        limits: What the hub takes; `text` is bytes of UTF-8 in one message.
        role: What this client is to the hub: `owner`, `moderator`, `member`, `guest`.
        rooms: How the lobby and those groups stand of which there is something to say.
    """

    name: str
    users: tuple[str, ...]
    groups: tuple[str, ...]
    limits: LimitsInfo
    role: str = "guest"
    rooms: tuple[RoomInfo, ...] = ()


class Reconnected(_Event, frozen=True):
    """The hub has let this client in again. What was missed follows, in order.

    Attributes:
        name: The name as the hub shows it.
        users: Everyone present, this client among them.
        groups: The groups this client is in.
        resumed: Whether name and groups were kept. If not, this is a new user under
            the old name, in no group; an `Unconfirmed` follows for each message whose
            fate is unknown.
        role: As in `Connected`.
        rooms: As in `Connected`. What changed meanwhile follows as events, too.
    """

    name: str
    users: tuple[str, ...]
    groups: tuple[str, ...]
    resumed: bool
    role: str = "guest"
    rooms: tuple[RoomInfo, ...] = ()


class Encryption(_Event, frozen=True):
    """How the connection that has just been opened is protected, if that is new.

    Attributes:
        summary: The version and cipher of TLS, or "" without it.
        fingerprint: That of the hub's certificate, or "".
        first_sight: Whether this hub's certificate was seen for the first time. It is
            remembered, and another one would end the chat.
        local: Whether the hub is on this machine, so that nobody can listen.
    """

    summary: str = ""
    fingerprint: str = ""
    first_sight: bool = False
    local: bool = False


class Disconnected(_Event, frozen=True):
    """The connection is gone. What is sent from now on waits for the next one.

    Attributes:
        reason: One sentence.
        will_retry: Whether a `Retrying` follows, or else an `Ended`.
    """

    reason: str
    will_retry: bool


class Retrying(_Event, frozen=True):
    """There is no connection, and the next attempt has a time.

    Attributes:
        attempt: 1 for the first attempt after the failure or loss.
        in_seconds: How long until then.
        left_seconds: How long attempts go on in all; when they are over, the chat
            ends.
        reason: Why there is no connection, in one sentence.
    """

    attempt: int
    in_seconds: float
    left_seconds: float
    reason: str


class NameRefused(_Event, frozen=True):
    """The hub does not give this name yet; the chat waits for `choose_name`.

    Comes only to a chat that was opened with ``ask_name=True``. Without it a refused
    name ends the chat.

    Attributes:
        name: The name that was asked for.
        code: `name_taken`, `name_invalid`, `password_needed`, `password_wrong`,
            `too_many_tries` or `not_secure`; with an invitation `new_password_needed`,
            `password_invalid` or `invite_invalid`. After the last one the chat goes on
            without it.
        text: One sentence for a person.
    """

    name: str
    code: str
    text: str


class Ended(_Event, frozen=True):
    """The chat is over; this is its last event.

    Attributes:
        code: Why. The hub's own reasons: `kicked`, `replaced`, `refused`, `quit`
            (also for one's own `close`), `handshake`, or the code of a refusal at the
            door, such as `name_taken` or `too_many_users`. The client's reasons:
            `unreachable` (no connection within the time for attempts), `not_a_hub`
            (what answered does not speak this protocol), `failed` (an error in this
            library).
        reason: One sentence for a person.
    """

    code: str
    reason: str
