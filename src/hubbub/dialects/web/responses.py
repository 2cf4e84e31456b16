"""Responses of HTTP, before they are bytes."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

import msgspec

Headers = tuple[tuple[str, str], ...]

# The page brings all it needs from this very address, and nothing in it is inline. A
# browser takes `ws:` to the same address for 'self' (CSP level 3, section 6.7.2.8).
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

ALWAYS: Headers = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
"""On every response: a rule that is nowhere forgotten costs a few bytes."""


HEAD_LIMITS = (400, 405, 408, 413, 414, 421, 431)
"""What any request may be refused with before it is looked at more closely."""


@dataclass(frozen=True, slots=True)
class Response:
    """What a request is answered with.

    Attributes:
        status: The status code.
        headers: Beside `ALWAYS`, the length and what keeps the connection.
        body: Left out for HEAD, where its length is told all the same.
    """

    status: int
    headers: Headers = ()
    body: bytes = b""


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """The JSON of every error.

    Attributes:
        code: What programs match on.
        text: One sentence that says what to do.
    """

    code: str
    text: str


def json_response(
    value: object, status: int = HTTPStatus.OK, headers: Headers = ()
) -> Response:
    """Answer with a value, which is never kept: it is as of now."""
    return Response(
        status,
        (("Content-Type", "application/json"), ("Cache-Control", "no-store"), *headers),
        msgspec.json.encode(value) + b"\n",
    )


def problem(status: int, code: str, text: str, headers: Headers = ()) -> Response:
    """Answer with an error."""
    return json_response(Problem(code, text), status, headers)
