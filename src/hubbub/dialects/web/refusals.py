"""Refusals of the hub as responses of HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from hubbub.dialects.web.responses import Headers, Response, problem
from hubbub.model.refusals import Code, Refusal

STATUS: Mapping[Code, HTTPStatus] = {
    Code.ACCOUNT_UNKNOWN: HTTPStatus.NOT_FOUND,
    Code.ADDRESS_INVALID: HTTPStatus.BAD_REQUEST,
    Code.ALREADY_JOINED: HTTPStatus.CONFLICT,
    Code.ALREADY_MEMBER: HTTPStatus.CONFLICT,
    Code.BAD_FRAME: HTTPStatus.BAD_REQUEST,
    Code.BANNED: HTTPStatus.FORBIDDEN,
    Code.BAN_UNKNOWN: HTTPStatus.NOT_FOUND,
    Code.COMMAND_UNKNOWN: HTTPStatus.BAD_REQUEST,
    Code.FROZEN: HTTPStatus.FORBIDDEN,
    Code.GROUP_EXISTS: HTTPStatus.CONFLICT,
    Code.GROUP_FULL: HTTPStatus.CONFLICT,
    Code.GROUP_UNKNOWN: HTTPStatus.NOT_FOUND,
    Code.INVITE_INVALID: HTTPStatus.FORBIDDEN,
    Code.LINE_TOO_LONG: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Code.MESSAGE_UNKNOWN: HTTPStatus.NOT_FOUND,
    Code.MUTED: HTTPStatus.FORBIDDEN,
    Code.NAME_INVALID: HTTPStatus.BAD_REQUEST,
    Code.NAME_TAKEN: HTTPStatus.CONFLICT,
    Code.NEW_PASSWORD_NEEDED: HTTPStatus.UNAUTHORIZED,
    Code.NOT_A_MEMBER: HTTPStatus.FORBIDDEN,
    Code.NOT_ALLOWED: HTTPStatus.FORBIDDEN,
    Code.NOT_INVITED: HTTPStatus.FORBIDDEN,
    Code.NOT_JOINED: HTTPStatus.FORBIDDEN,
    Code.NOT_SECURE: HTTPStatus.FORBIDDEN,
    Code.PASSWORD_INVALID: HTTPStatus.BAD_REQUEST,
    Code.PASSWORD_NEEDED: HTTPStatus.UNAUTHORIZED,
    Code.PASSWORD_WRONG: HTTPStatus.UNAUTHORIZED,
    Code.TOO_MANY_INVITES: HTTPStatus.CONFLICT,
    Code.TOO_MANY_TRIES: HTTPStatus.TOO_MANY_REQUESTS,
    Code.NOT_UTF8: HTTPStatus.BAD_REQUEST,
    Code.STORAGE_UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    Code.TEXT_EMPTY: HTTPStatus.BAD_REQUEST,
    Code.TEXT_TOO_LONG: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Code.TLS_REQUIRED: HTTPStatus.UPGRADE_REQUIRED,
    Code.TOO_MANY_ACCOUNTS: HTTPStatus.SERVICE_UNAVAILABLE,
    Code.TOO_MANY_BANS: HTTPStatus.CONFLICT,
    Code.TOO_MANY_CONNECTIONS: HTTPStatus.TOO_MANY_REQUESTS,
    Code.TOO_MANY_JOINS: HTTPStatus.TOO_MANY_REQUESTS,
    Code.TOO_MANY_REFUSALS: HTTPStatus.TOO_MANY_REQUESTS,
    Code.TOO_MANY_GROUPS: HTTPStatus.CONFLICT,
    Code.TOO_MANY_USERS: HTTPStatus.SERVICE_UNAVAILABLE,
    Code.TOO_SOON: HTTPStatus.TOO_MANY_REQUESTS,
    Code.TOO_MANY_TOKENS: HTTPStatus.CONFLICT,
    Code.TOKEN_INVALID: HTTPStatus.UNAUTHORIZED,
    Code.TOKEN_SCOPE: HTTPStatus.FORBIDDEN,
    Code.TOKEN_UNKNOWN: HTTPStatus.NOT_FOUND,
    Code.TYPE_UNKNOWN: HTTPStatus.BAD_REQUEST,
    Code.USAGE: HTTPStatus.BAD_REQUEST,
    Code.USER_AWAY: HTTPStatus.CONFLICT,
    Code.USER_UNKNOWN: HTTPStatus.NOT_FOUND,
}
"""The status of every refusal; a test insists that none is missing."""

_BEARER = 'Bearer realm="hubbub"'

# RFC 6750, section 3.1.
_BEARER_ERRORS: Mapping[Code, str] = {
    Code.TOKEN_INVALID: "invalid_token",
    Code.TOKEN_SCOPE: "insufficient_scope",
}

# To these it is told when it makes sense to try again: RFC 9110, section 10.2.3, and
# RFC 6585, section 4.
LATER = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS)


def refused(refusal: Refusal) -> Response:
    """Answer a request that the hub refuses."""
    status = STATUS[refusal.code]
    seconds = str(max(1, refusal.seconds))
    headers: Headers = (("Retry-After", seconds),) if status in LATER else ()
    return problem(status, refusal.code, refusal.text, (*headers, *_challenge(refusal)))


def _challenge(refusal: Refusal) -> Headers:
    """Say what would help: RFC 9110, section 15.5.2, and RFC 6750, section 3."""
    error = _BEARER_ERRORS.get(refusal.code)
    if error is not None:
        return (("WWW-Authenticate", f'{_BEARER}, error="{error}"'),)
    if STATUS[refusal.code] == HTTPStatus.UNAUTHORIZED:
        return (("WWW-Authenticate", _BEARER),)
    return ()
