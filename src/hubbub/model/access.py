"""Access tokens: what a program shows instead of a password, good for some rooms only.

A token belongs to an account, and whoever shows it does what that account may, within
the token's scope. Tokens with which a client comes back to its seat are another thing.
"""

from __future__ import annotations

import re

import msgspec

from hubbub.model.address import Address, Lobby, ToGroup, parse_address
from hubbub.model.event import EventBase
from hubbub.model.names import name_key
from hubbub.model.secret import Secret

EVERYWHERE = "all"
"""The scope of a token that is good wherever its account is."""

MOST_PLACES = 32
"""Addresses in each half of a scope. Who needs more means `all`."""

_WRITTEN = re.compile(r"hub_[0-9A-Za-z]{30}")


def is_access_token(text: str) -> bool:
    """Tell whether something is written as a token is; whether it is one, hubs know."""
    return _WRITTEN.fullmatch(text) is not None


class Scope(msgspec.Struct, frozen=True, gc=False):
    """Where a token may be used, by addresses as `place_of_address` gives them.

    It is about addresses, and not about what has been there: a group that gets another
    name is at another address.

    Attributes:
        post: Where it may say something.
        read: Where it may read and hear.
    """

    post: tuple[str, ...] = ()
    read: tuple[str, ...] = ()

    def may_post(self, to: Address) -> bool:
        """Tell whether it may say something there."""
        return EVERYWHERE in self.post or place_of_address(to) in self.post

    def may_read(self, of: Address) -> bool:
        """Tell whether it may read there."""
        return EVERYWHERE in self.read or place_of_address(of) in self.read

    def __str__(self) -> str:
        halves = (("post", self.post), ("read", self.read))
        return " ".join(f"{what} {' '.join(where)}" for what, where in halves if where)


def place_of_address(address: Address) -> str:
    """Give the form in which a scope has an address: the same for names that are."""
    if isinstance(address, Lobby):
        return "lobby"
    mark = "#" if isinstance(address, ToGroup) else "@"
    return mark + (name_key(address.name) or address.name)


def parse_places(written: tuple[str, ...]) -> tuple[str, ...] | None:
    """Read half a scope: `lobby`, `#group`, `@user` and `all`, in any order.

    Returns:
        Each once, in the order given; None when one of them is none of that, or there
        are more than `MOST_PLACES`.
    """
    places: dict[str, None] = {}
    for one in written:
        address = parse_address(one)
        if one != EVERYWHERE and (
            address is None
            or (not isinstance(address, Lobby) and name_key(address.name) is None)
        ):
            return None
        places[EVERYWHERE if address is None else place_of_address(address)] = None
    if len(places) > MOST_PLACES:
        return None
    return (EVERYWHERE,) if EVERYWHERE in places else tuple(places)


# --- What somebody asks for ----------------------------------------------------------


class NewToken(msgspec.Struct, frozen=True, gc=False):
    """Give me a token, as a dialect says it; becomes a `CreateToken`.

    Attributes:
        post: Where it may say something, as addresses are written.
        read: Where it may read.
        seconds: How long it is good; None for as long as it is not revoked.
        name: Whose it is to be; "" for one's own.
    """

    post: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    seconds: int | None = None
    name: str = ""


class CreateToken(msgspec.Struct, frozen=True, gc=False):
    """Take whoever shows a token for an account.

    Attributes:
        token_hash: SHA-256 (hex) of it; made outside, since it has chance in it.
        last: Its last four characters, by which people know it again.
        post: As in `NewToken`.
        read: As in `NewToken`.
        seconds: As in `NewToken`.
        name: Whose it is; "" for one's own. Under a name that is free, an account is
            made that no password opens.
    """

    token_hash: str
    last: str
    post: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    seconds: int | None = None
    name: str = ""


class RevokeToken(msgspec.Struct, frozen=True, gc=False):
    """Let a token be good no more, which its id names."""

    id: int


class ListTokens(msgspec.Struct, frozen=True, gc=False):
    """Which tokens are good: one's own, or everybody's for who answers for the hub."""


class UnderToken(msgspec.Struct, frozen=True, gc=False):
    """Do something by the right of a token.

    Attributes:
        token: Its hash.
        command: A `HubCommand`, or a query that is answered from what is there.
        place: Where it comes from, or ""; the node fills it in.
    """

    token: str
    command: msgspec.Struct
    place: str = ""


class WithToken(msgspec.Struct, frozen=True, gc=False):
    """Do one thing by the right of a token, without coming in; as a dialect says it.

    Attributes:
        token: What was shown.
        command: A `Post`, a `ReadHistory` or a `Follow`.
        name: Whom the dialect takes it to be; "" for whom the token belongs to.
    """

    token: Secret
    command: msgspec.Struct
    name: str = ""


class Follow(msgspec.Struct, frozen=True, gc=False):
    """Let me hear what is said in one room, by the right of a token.

    Attributes:
        of: The room.
        after: The last `seq` heard before; None means from now on.
    """

    of: Address
    after: int | None = None


# --- What happened -------------------------------------------------------------------


class TokenCreated(EventBase, frozen=True, gc=False, tag="token_created"):
    """A token was made. Its id is this event's `seq`. Shown to nobody.

    As to the fields: see `CreateToken`; `post` and `read` are those of a `Scope`, and
    `until` is Unix milliseconds, or 0 for no end.
    """

    user: int
    name: str
    by: str
    token_hash: str
    last: str = ""
    post: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    until: int = 0

    @property
    def scope(self) -> Scope:
        """Where it may be used."""
        return Scope(self.post, self.read)


class TokenRevoked(EventBase, frozen=True, gc=False, tag="token_revoked"):
    """A token (`token` is its id) is good no more. Shown to nobody."""

    token: int
    user: int
    name: str
    by: str


# --- What one is told ----------------------------------------------------------------


class TokenSummary(msgspec.Struct, frozen=True):
    """One line of the list of tokens.

    Attributes:
        id: By which it is revoked.
        name: Whose it is.
        last: Its last four characters.
        scope: Where it may be used.
        since: Unix milliseconds when it was made.
        until: Unix milliseconds up to which it is good; 0 for no end.
        by: The name of whoever made it.
    """

    id: int
    name: str
    last: str
    scope: Scope
    since: int
    until: int
    by: str


class TokenList(msgspec.Struct, frozen=True):
    """The tokens that are good, the oldest first."""

    tokens: tuple[TokenSummary, ...]


class TokenMade(msgspec.Struct, frozen=True):
    """A token, which nobody can be told again: only its hash is kept.

    Attributes:
        token: What to show.
        about: What it is.
        url: The hub's address for HTTP, which ends with `/`; "" where it is not known.
    """

    token: Secret
    about: TokenSummary
    url: str = ""
