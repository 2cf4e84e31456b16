"""What is asked for to keep order, in the hub and in a group.

Fields that say where somebody is (`place`, `places`, `here`) and what a message was are
filled in by the node, which knows connections and reads the journal: a decision looks
at neither.
"""

from __future__ import annotations

import msgspec

from hubbub.model.address import Address
from hubbub.model.roles import Role
from hubbub.model.secret import Secret


class SetRole(msgspec.Struct, frozen=True, gc=False):
    """Make an account's holder an owner, a moderator or a plain member."""

    name: str
    role: Role


class Kick(msgspec.Struct, frozen=True, gc=False):
    """Put a user out. For moderators; `places` is where the user is connected from."""

    name: str
    reason: str = ""
    places: tuple[str, ...] = ()


class Rename(msgspec.Struct, frozen=True, gc=False):
    """Give a user another name. For moderators."""

    name: str
    to: str


class Ban(msgspec.Struct, frozen=True, gc=False):
    """Put somebody out and keep them out.

    Attributes:
        target: A user's name, an address, or a network such as `10.0.0.0/24`.
        seconds: For how long; None for good.
        reason: Why.
        places: Where the user who is meant is connected from.
        here: Ids of users who are connected from the address that is meant.
    """

    target: str
    seconds: int | None = None
    reason: str = ""
    places: tuple[str, ...] = ()
    here: tuple[int, ...] = ()


class Unban(msgspec.Struct, frozen=True, gc=False):
    """Let somebody in again: by name, or by one address that is banned."""

    target: str


class Mute(msgspec.Struct, frozen=True, gc=False):
    """Have somebody read but not write.

    Attributes:
        name: Whom.
        seconds: For how long; None for good.
        reason: Why.
        places: Where they are connected from.
    """

    name: str
    seconds: int | None = None
    reason: str = ""
    places: tuple[str, ...] = ()


class Unmute(msgspec.Struct, frozen=True, gc=False):
    """Let somebody write again."""

    name: str


class Slow(msgspec.Struct, frozen=True, gc=False):
    """Let everybody write once in so many seconds; 0 ends it.

    Attributes:
        room: The lobby or a group.
        seconds: The least time between two messages of one user.
    """

    room: Address
    seconds: int


class Freeze(msgspec.Struct, frozen=True, gc=False):
    """Let only those write who keep order in the lobby or a group; everybody reads."""

    room: Address


class Unfreeze(msgspec.Struct, frozen=True, gc=False):
    """Let everybody write again in the lobby or a group."""

    room: Address


class Delete(msgspec.Struct, frozen=True, gc=False):
    """Take a message away; becomes a `DeleteMessage`."""

    message: int
    reason: str = ""


class DeleteMessage(msgspec.Struct, frozen=True, gc=False):
    """Take a message away; a mark remains.

    Attributes:
        message: Its `seq`.
        reason: Why.
        author: Who said it.
        name: The author's name, as it was.
        group_id: The group it was said to, or 0.
        to_user: Whom it was said to in private, or 0.
    """

    message: int
    reason: str
    author: int
    name: str
    group_id: int = 0
    to_user: int = 0


class Announce(msgspec.Struct, frozen=True, gc=False):
    """Say something to everyone for the hub."""

    text: str


class Report(msgspec.Struct, frozen=True, gc=False):
    """Tell the moderators of something.

    Attributes:
        why: What is wrong. Without a name and a message, its first word may be a name.
        name: Of whom.
        message: Of which message, by its `seq`; 0 for none.
    """

    why: str
    name: str = ""
    message: int = 0


class GroupInvite(msgspec.Struct, frozen=True, gc=False):
    """Let somebody join a private group."""

    group: str
    name: str


class GroupKick(msgspec.Struct, frozen=True, gc=False):
    """Put a member out of a group, who may join again if the group lets them."""

    group: str
    name: str
    reason: str = ""


class GroupBan(msgspec.Struct, frozen=True, gc=False):
    """Keep somebody out of a group.

    Attributes:
        group: Which.
        name: Whom.
        seconds: For how long; None for good.
        reason: Why.
        places: Where they are connected from.
    """

    group: str
    name: str
    seconds: int | None = None
    reason: str = ""
    places: tuple[str, ...] = ()


class GroupUnban(msgspec.Struct, frozen=True, gc=False):
    """Let somebody join a group again."""

    group: str
    name: str


class GroupMod(msgspec.Struct, frozen=True, gc=False):
    """Make a member one who keeps order in the group."""

    group: str
    name: str


class GroupUnmod(msgspec.Struct, frozen=True, gc=False):
    """Make one who keeps order in a group a plain member again."""

    group: str
    name: str


class GroupTopic(msgspec.Struct, frozen=True, gc=False):
    """Say what a group is about; "" for nothing in particular."""

    group: str
    topic: str


class ClosePrivate(msgspec.Struct, frozen=True, gc=False):
    """Make a group private, as a dialect says it; becomes a `SetPrivacy`."""

    group: str
    password: Secret | None = None


class SetPrivacy(msgspec.Struct, frozen=True, gc=False):
    """Make a group private or public.

    Attributes:
        group: Which.
        private: Whether it is joined by invitation or password, and listed to nobody
            else.
        password_hash: Made outside; "" when no password lets anybody in.
    """

    group: str
    private: bool
    password_hash: str = ""


class GroupRename(msgspec.Struct, frozen=True, gc=False):
    """Give a group another name."""

    group: str
    to: str


class GroupDelete(msgspec.Struct, frozen=True, gc=False):
    """End a group, whoever is in it."""

    group: str
    reason: str = ""


OrderCommand = (
    Kick
    | Rename
    | SetRole
    | Ban
    | Unban
    | Mute
    | Unmute
    | Slow
    | Freeze
    | Unfreeze
    | Announce
    | Report
)
"""What keeps order in the hub; each is answered with `Done`."""

GroupCommand = (
    GroupInvite
    | GroupKick
    | GroupBan
    | GroupUnban
    | GroupMod
    | GroupUnmod
    | GroupTopic
    | SetPrivacy
    | GroupRename
    | GroupDelete
)
"""What keeps order in a group; each is answered with `Done`."""


class ListBans(msgspec.Struct, frozen=True, gc=False):
    """Who is banned? For moderators."""


class ReadAudit(msgspec.Struct, frozen=True, gc=False):
    """Which administrative acts were there? For owners.

    Attributes:
        limit: How many at most, the newest; None means the page limit.
        before: Only those with a smaller `seq`.
    """

    limit: int | None = None
    before: int | None = None


class ReadReports(msgspec.Struct, frozen=True, gc=False):
    """What has been reported? For moderators.

    Attributes:
        limit: How many at most, the newest; None means the page limit.
    """

    limit: int | None = None
