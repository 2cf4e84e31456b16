"""What a chat tells of those who keep order."""

from __future__ import annotations

# At run time as well, as in `events`.
from datetime import datetime

import msgspec

from hubbub.dialects.json_lines.order_frames import BanInfo, InviteInfo


class Acted(msgspec.Struct, frozen=True):
    """Somebody kept order, or told the moderators of something.

    Attributes:
        seq: Its place in the journal.
        time: When, in UTC.
        action: What was done, as in the protocol: `muted`, `deleted`, `topic`, ...
        by: By whom.
        name: To whom, or None.
        room: Where: `#group`, or `lobby` for what was done to that.
        until: Until when; None for no end.
        seconds: The time between two messages in a slow room.
        message: The `seq` of the message that it is about.
        text: What was said, a topic, or what something is from now on.
        reason: Why.
        own: Whether it was done to this client.
    """

    seq: int
    time: datetime
    action: str
    by: str
    name: str | None = None
    room: str | None = None
    until: datetime | None = None
    seconds: int | None = None
    message: int | None = None
    text: str | None = None
    reason: str | None = None
    own: bool = False


class BansListed(msgspec.Struct, frozen=True):
    """The answer to `admin` with `bans`, the oldest first."""

    re: str | None
    bans: tuple[BanInfo, ...]


class AuditListed(msgspec.Struct, frozen=True):
    """The answer to `admin` with `audit` or `reports`, oldest first."""

    re: str | None
    acts: tuple[Acted, ...]
    more: bool
    reports: bool = False


class InviteMade(msgspec.Struct, frozen=True):
    """The answer to `admin` with `invite`: a code, which is told this once.

    Attributes:
        re: Which request it answers.
        id: What it is revoked by.
        code: What one comes in with.
        until: Until when, for anybody; None for one person, whenever they come.
        link: The page's address with it, or None.
        command: What comes in with it from a terminal, or None.
    """

    re: str | None
    id: int
    code: str
    until: datetime | None = None
    link: str | None = None
    command: str | None = None


class InvitesListed(msgspec.Struct, frozen=True):
    """The answer to `admin` with `invites`, oldest first."""

    re: str | None
    invites: tuple[InviteInfo, ...]
