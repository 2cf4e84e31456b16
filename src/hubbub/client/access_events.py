"""What a hub tells of access tokens."""

from __future__ import annotations

from datetime import datetime

import msgspec

from hubbub.dialects.json_lines.access_frames import TokenInfo

__all__ = ["AccessAnswer", "TokenInfo", "TokenMade", "TokensListed"]


class TokenMade(msgspec.Struct, frozen=True):
    """The answer to `token` with `create`: a token, which is told this once.

    Attributes:
        re: Which request it answers.
        token: What a program shows.
        id: What it is revoked by.
        name: Whose it is.
        post: Where it may say something, by addresses; `all` for everywhere.
        read: Where it may read.
        until: Until when; None for as long as it is not revoked.
    """

    re: str | None
    token: str
    id: int
    name: str
    post: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    until: datetime | None = None


class TokensListed(msgspec.Struct, frozen=True):
    """The answer to `token` with `list`, oldest first."""

    re: str | None
    tokens: tuple[TokenInfo, ...]


AccessAnswer = TokenMade | TokensListed
"""What is answered to `token`, but `done`."""
