"""The frames of access tokens; `frames` names them with all others."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from hubbub.dialects.json_lines.fields import Frame, Seq, Time

Places = Annotated[
    tuple[str, ...], Meta(description="Addresses: lobby, #group, @user, or all.")
]


class TokenRequest(Frame, frozen=True, gc=False, tag="token"):
    """Do something with access tokens.

    `create` makes one, to `post` and to `read` there, good for `seconds` or until it is
    revoked; `name` is whose it is to be, at the console. `list` gives one's own, or all
    to owners. `revoke` ends the one with that `id`.
    """

    action: Literal["create", "list", "revoke"]
    name: str | None = None
    post: Places = ()
    read: Places = ()
    seconds: Annotated[int, Meta(ge=1)] | None = None
    id: Seq | None = None


class TokenInfo(Frame, frozen=True, gc=False):
    """One access token in a list; `last` is its last four characters."""

    id: Seq
    name: str
    last: str
    since: Time
    by: str
    post: Places = ()
    read: Places = ()
    until: Time | None = None


class Token(Frame, frozen=True, gc=False, tag="token"):
    """Answer to `token` with `create`: the token, which is told this once.

    `url` is where the hub answers HTTP, if it knows.
    """

    token: str
    id: Seq
    name: str
    post: Places = ()
    read: Places = ()
    until: Time | None = None
    url: str | None = None


class TokenList(Frame, frozen=True, gc=False, tag="tokens"):
    """Answer to `token` with `list`, oldest first."""

    tokens: tuple[TokenInfo, ...]
