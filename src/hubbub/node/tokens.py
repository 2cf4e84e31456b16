"""Resume tokens: `<journal id>.<secret>`, kept only as a hash."""

from __future__ import annotations

import hashlib
import secrets


def make_token(journal_id: str, key: str | None = None) -> str:
    """Make a token nobody can guess (144 bits), or that of a client's own secret."""
    return f"{journal_id}.{key or secrets.token_urlsafe(18)}"


def hash_token(token: str) -> str:
    """Give what is stored of a token: no one can come back with that."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_of_journal(token: str, journal_id: str) -> bool:
    """Tell whether a token, and the `seq` that came with it, are of this journal."""
    return token.partition(".")[0] == journal_id
