"""Refusals: the states in which the hub says no, as values and never as exceptions.

A refusal has a code that programs match on and one sentence that tells a person what
to do. The codes are part of the protocol; the sentences may change.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Code(StrEnum):
    """Every reason for a no."""

    ADDRESS_INVALID = "address_invalid"
    ACCOUNT_UNKNOWN = "account_unknown"
    ALREADY_JOINED = "already_joined"
    ALREADY_MEMBER = "already_member"
    BAD_FRAME = "bad_frame"
    GROUP_EXISTS = "group_exists"
    GROUP_FULL = "group_full"
    GROUP_UNKNOWN = "group_unknown"
    INVITE_INVALID = "invite_invalid"
    LINE_TOO_LONG = "line_too_long"
    NAME_INVALID = "name_invalid"
    NAME_TAKEN = "name_taken"
    NEW_PASSWORD_NEEDED = "new_password_needed"  # noqa: S105
    NOT_A_MEMBER = "not_a_member"
    NOT_ALLOWED = "not_allowed"
    NOT_JOINED = "not_joined"
    NOT_UTF8 = "not_utf8"
    NOT_SECURE = "not_secure"
    PASSWORD_INVALID = "password_invalid"  # noqa: S105 - a code
    PASSWORD_NEEDED = "password_needed"  # noqa: S105
    PASSWORD_WRONG = "password_wrong"  # noqa: S105
    STORAGE_UNAVAILABLE = "storage_unavailable"
    TEXT_EMPTY = "text_empty"
    TEXT_TOO_LONG = "text_too_long"
    TLS_REQUIRED = "tls_required"
    TOO_MANY_ACCOUNTS = "too_many_accounts"
    TOO_MANY_CONNECTIONS = "too_many_connections"
    TOO_MANY_INVITES = "too_many_invites"
    TOO_MANY_TRIES = "too_many_tries"
    TOO_MANY_JOINS = "too_many_joins"
    TOO_MANY_REFUSALS = "too_many_refusals"
    TOO_MANY_GROUPS = "too_many_groups"
    TOO_MANY_USERS = "too_many_users"
    TOO_MANY_TOKENS = "too_many_tokens"
    TOKEN_INVALID = "token_invalid"  # noqa: S105
    TOKEN_SCOPE = "token_scope"  # noqa: S105
    TOKEN_UNKNOWN = "token_unknown"  # noqa: S105
    TYPE_UNKNOWN = "type_unknown"
    USAGE = "usage"
    COMMAND_UNKNOWN = "command_unknown"
    BANNED = "banned"
    BAN_UNKNOWN = "ban_unknown"
    FROZEN = "frozen"
    MESSAGE_UNKNOWN = "message_unknown"
    MUTED = "muted"
    NOT_INVITED = "not_invited"
    TOO_MANY_BANS = "too_many_bans"
    TOO_SOON = "too_soon"
    USER_AWAY = "user_away"
    USER_UNKNOWN = "user_unknown"


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """A no, with its reason.

    Attributes:
        code: What programs match on.
        text: One sentence that says what to do.
        re: What it answers: the nonce of a refused `Post`, else the frame type.
        seconds: After how long it makes sense to try again; 0 where time changes
            nothing, or not in so many words.
    """

    code: Code
    text: str
    re: str | None = None
    seconds: int = 0


NO_INVITE = Refusal(
    Code.INVITE_INVALID,
    "that invitation is unknown, used up, over or revoked; ask for another",
)
"""What every code is answered with that lets nobody in, and for whatever reason."""
