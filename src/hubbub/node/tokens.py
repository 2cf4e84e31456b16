"""What proves who may come in: made by chance, and kept only as a hash.

A token to come back with is `<journal id>.<secret>`. Access tokens have a beginning by
which programs that look for secrets in files can tell them. The code of an invitation
stands alone, for people to read.
"""

from __future__ import annotations

import hashlib
import secrets
import string

from hubbub.model.invites import ALPHABET, GROUP, GROUPS, show_code

_LETTERS = string.digits + string.ascii_letters


def make_token(journal_id: str, key: str | None = None) -> str:
    """Make a token nobody can guess (144 bits), or that of a client's own secret."""
    return f"{journal_id}.{key or secrets.token_urlsafe(18)}"


def make_access_token() -> str:
    """Make a token nobody can guess (178 bits), as `model/access.py` has it written."""
    return "hub_" + "".join(secrets.choice(_LETTERS) for _ in range(30))


def mark_of_journal(journal_id: str) -> str:
    """Make what only says of which journal a `seq` is: it opens nothing."""
    return f"{journal_id}."


def hash_token(token: str) -> str:
    """Give what is stored of a token or a code: no one can come in with that."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_of_journal(token: str, journal_id: str) -> bool:
    """Tell whether a token, and the `seq` that came with it, are of this journal."""
    return token.partition(".")[0] == journal_id


def make_code() -> str:
    """Make a code for an invitation, which nobody can guess (125 bits)."""
    return show_code("".join(secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP)))
