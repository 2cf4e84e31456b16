"""An access token, as the state keeps it."""

from __future__ import annotations

import msgspec

from hubbub.model.access import Scope


class AccessToken(msgspec.Struct, frozen=True, gc=False):
    """What whoever shows a token may do.

    Attributes:
        id: Never given out again.
        user: The account it is taken for.
        scope: Where.
        last: Its last four characters.
        by: The name of whoever made it.
        since: Unix milliseconds when it was made.
        until: Unix milliseconds up to which it is good; 0 for no end.
    """

    id: int
    user: int
    scope: Scope
    last: str
    by: str
    since: int
    until: int = 0
