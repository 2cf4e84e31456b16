"""Passwords: what is stored of one, and whether one is right.

Argon2id (RFC 9106) with the parameters of the OWASP Password Storage Cheat Sheet:
19 MiB, 2 passes, 1 lane, which takes some tens of milliseconds. That is far too long
for a turn, so nothing here is called in one: see `hubbub.node.plan.Work`.
"""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from hubbub.model.refusals import Code, Refusal
from hubbub.model.secret import Secret

MIN_LENGTH = 8
MAX_BYTES = 256

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

# Of a password that nobody knows. Checked where there is no account, so that it takes
# as long to be told no.
NOBODYS_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$y7wBpcRt9FOhEAAE7OsG+A"
    "$Xa+JuZVe3Tx9oVYqLgPnUEOe1uJGw7l9NWDxzxttnTs"
)


def prepare_password(secret: Secret) -> Secret:
    """Bring a password into the one form in which it is stored and compared.

    RFC 8265, section 4.2 (OpaqueString): the same password, typed on another keyboard,
    may come in other bytes. What can't be a password stays as it is, and is wrong.
    """
    from precis_i18n import get_profile

    if len(secret.value) > MAX_BYTES:
        return Secret("")
    try:
        return Secret(get_profile("OpaqueString").enforce(secret.value))
    except UnicodeEncodeError:
        return Secret("")


def check_new_password(secret: Secret) -> Secret | Refusal:
    """Prepare a password that somebody chose, or say why to choose another."""
    prepared = prepare_password(secret)
    text = prepared.value
    if len(text) < MIN_LENGTH or len(text.encode()) > MAX_BYTES:
        return Refusal(
            Code.PASSWORD_INVALID,
            f"a password has at least {MIN_LENGTH} characters and at most {MAX_BYTES} "
            "bytes, and no control characters; choose another",
        )
    return prepared


def hash_password(secret: Secret) -> str:
    """Give what is stored of a password that has been prepared."""
    return _hasher.hash(secret.value)


def is_right(password_hash: str, secret: Secret) -> bool:
    """Tell whether a prepared password is the one that was hashed."""
    try:
        _hasher.verify(password_hash or NOBODYS_HASH, secret.value)
    except (Argon2Error, InvalidHashError):
        return False
    return bool(password_hash)
