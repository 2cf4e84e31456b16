"""The HTTP API described in OpenAPI 3.1, written once and tried against the server."""

from __future__ import annotations

from typing import Any

from hubbub.dialects.web.refusals import LATER, STATUS
from hubbub.dialects.web.responses import HEAD_LIMITS
from hubbub.model.invites import ALPHABET, GROUP, GROUPS
from hubbub.model.names import MAX_LENGTH

Schema = dict[str, Any]

_TEXT = {"schema": {"type": "string"}}

_FORMS = {
    "text/plain": _TEXT,
    "application/x-ndjson": _TEXT,
    "text/event-stream": _TEXT,
}

_MESSAGE: Schema = {
    "type": "object",
    "description": "The frame `message` of docs/protocol.md.",
    "required": ["type", "seq", "time", "from", "to", "text"],
    "properties": {
        "type": {"const": "message"},
        "seq": {"type": "integer", "minimum": 1},
        "time": {"type": "string", "format": "date-time"},
        "from": {"type": "string"},
        "to": {"type": "string"},
        "text": {"type": "string"},
        "nonce": {"type": "string"},
    },
}

_PROBLEM: Schema = {
    "type": "object",
    "required": ["code", "text"],
    "properties": {
        "code": {"type": "string", "description": "What programs match on."},
        "text": {"type": "string", "description": "A sentence that says what to do."},
    },
}

_ABOUT: Schema = {
    "type": "object",
    "required": ["name", "version", "urls"],
    "properties": {
        "name": {"type": "string"},
        "version": {"type": "string"},
        "urls": {
            "type": "array",
            "items": {"type": "string", "format": "uri"},
            "description": "Where the page is; the first is for everyone.",
        },
        "fingerprint": {
            "type": "string",
            "description": "Of the hub's certificate (SHA-256), if it has one.",
        },
        "users": {"type": "array", "items": {"type": "string"}},
        "observers": {"type": "integer", "minimum": 0},
    },
}


def _json(description: str, schema: Schema) -> Schema:
    return {
        "description": description,
        "content": {"application/json": {"schema": schema}},
    }


_REFERENCE: Schema = {"$ref": "#/components/schemas/Problem"}


def _problems(*statuses: int) -> dict[str, Schema]:
    """Describe the errors of one operation, and those that any request may meet."""
    every = sorted({*statuses, *HEAD_LIMITS})
    problems = {str(one): _json("Why not.", _REFERENCE) for one in every}
    for one in LATER:
        if str(one.value) in problems:
            problems[str(one.value)]["headers"] = {"Retry-After": _SECONDS}
    return problems


_SECONDS: Schema = {
    "description": "After how many seconds it makes sense to try again.",
    "schema": {"type": "integer", "minimum": 1},
}


def _parameter(name: str, place: str, text: str, schema: Schema) -> Schema:
    return {"name": name, "in": place, "description": text, "schema": schema}


_NAME = {"type": "string", "minLength": 1, "maxLength": MAX_LENGTH}
_BY = (
    _parameter("name", "query", "Who asks. It goes before the header.", _NAME),
    _parameter("Hubbub-Name", "header", "Who asks.", _NAME),
)
_KEY = _parameter(
    "Idempotency-Key",
    "header",
    "The same key under the same name is one message, however often it is sent.",
    {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9-]+$"},
)
_PAGE = (
    _parameter(
        "since",
        "query",
        "Only messages after this `seq`, the oldest first.",
        {"type": "integer", "minimum": 0, "maximum": 10**15},
    ),
    _parameter(
        "limit",
        "query",
        "How many messages at most; without `since` the newest.",
        {"type": "integer", "minimum": 1, "maximum": 10**15},
    ),
)


_GROUP = f"[{ALPHABET}]{{{GROUP}}}"
_INVITE = _parameter(
    "invite",
    "query",
    "The code of an invitation, whose link is drawn.",
    {
        "type": "string",
        "pattern": f"^{_GROUP}(-{_GROUP}){{{GROUPS - 1}}}$",
    },
)


def _post(*parameters: Schema) -> Schema:
    body = {"type": "object", "required": ["text"], "properties": {"text": _NONEMPTY}}
    return {
        "summary": "Say something.",
        "security": _MAY_SHOW,
        "parameters": [*parameters, *_BY, _KEY],
        "requestBody": {
            "required": True,
            "content": {
                "text/plain": {"schema": _NONEMPTY},
                "application/json": {"schema": body},
            },
        },
        "responses": {
            "201": _json("It is on disk.", {"$ref": "#/components/schemas/Message"}),
            **_problems(*STATUS.values(), 403, 411, 415),
        },
    }


_NONEMPTY: Schema = {"type": "string", "minLength": 1}


def _get(*parameters: Schema, summary: str) -> Schema:
    return {
        "summary": summary,
        "security": _MAY_SHOW,
        "parameters": list(parameters),
        "responses": {
            "200": {"description": "By the header Accept.", "content": _FORMS},
            **_problems(*STATUS.values(), 403),
        },
    }


def _fixed(
    summary: str, answer: Schema, *statuses: int, parameters: tuple[Schema, ...] = ()
) -> Schema:
    responses = {"200": answer, **_problems(*statuses)}
    more = {"parameters": list(parameters)} if parameters else {}
    return {"get": {"summary": summary, **more, "responses": responses}}


_SEEN = _parameter(
    "Last-Event-ID",
    "header",
    "The id of the last server-sent event that was seen.",
    {"type": "string", "pattern": "^[a-z0-9.]+$"},
)

_TOKENS = {
    "accessToken": {
        "type": "http",
        "scheme": "bearer",
        "description": 'An access token; see docs/http.md, "Programs".',
    }
}

# One may be shown; without it one is nobody in particular.
_MAY_SHOW: list[Schema] = [{}, {"accessToken": []}]


def _room(kind: str) -> Schema:
    place = _parameter("room", "path", f"The {kind}'s name.", _NAME) | {
        "required": True
    }
    return {
        "get": _get(
            place,
            *_BY,
            *_PAGE,
            _SEEN,
            summary="Follow it under a name, or, with a token, follow or read it.",
        ),
        "post": _post(place),
    }


def document(version: str) -> Schema:
    """Describe everything that stands at an address, but the page's own files."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Hubbub",
            "version": version,
            "description": "Rooms as addresses: post to them, follow them, read them.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": {
            "/lobby": {
                "get": _get(
                    *_PAGE,
                    _SEEN,
                    summary="Follow it, or read it with `since` or `limit`.",
                ),
                "post": _post(),
            },
            "/groups/{room}": _room("group"),
            "/users/{room}": _room("person"),
            "/about.json": _fixed(
                "What this is, and, where the hub is open to everyone, who is in.",
                _json("", _ABOUT),
            ),
            "/join.svg": _fixed(
                "The address of the page as a QR code, or the link of an invitation.",
                {"description": "", "content": {"image/svg+xml": _TEXT}},
                400,
                404,
                parameters=(_INVITE,),
            ),
            "/healthz": _fixed(
                "Whether the hub works and can write to its disk.",
                _json("It does.", {"type": "object", "required": ["status"]}),
                503,
            ),
            "/metrics": _fixed(
                "What has been counted, for Prometheus.",
                {"description": "", "content": {"text/plain": _TEXT}},
            ),
            "/openapi.json": _fixed("This.", _json("", {"type": "object"})),
        },
        "components": {
            "securitySchemes": _TOKENS,
            "schemas": {"Message": _MESSAGE, "Problem": _PROBLEM},
        },
    }
