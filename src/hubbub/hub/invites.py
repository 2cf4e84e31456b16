"""What the state knows of a code that lets people in."""

from __future__ import annotations

import msgspec


class Invite(msgspec.Struct, frozen=True, gc=False):
    """A code that lets people in.

    Attributes:
        id: Never given out again.
        code_hash: SHA-256 (hex) of it; "" where secrets were left out, and then it lets
            nobody in.
        by: The name of whoever made it.
        since: Unix milliseconds when it was made.
        until: Unix milliseconds up to which it is good; 0: until it is used.
    """

    id: int
    code_hash: str
    by: str
    since: int
    until: int = 0
