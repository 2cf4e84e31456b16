"""What stands at which address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from hubbub.dialects.contract import Dialect, Writer
from hubbub.dialects.web.assets import Asset
from hubbub.dialects.web.card import Card
from hubbub.dialects.web.forwarded import ReadForwarded
from hubbub.dialects.web.http import Ask, HttpDialect, Outcome
from hubbub.dialects.web.metrics import exposition
from hubbub.dialects.web.openapi import document
from hubbub.dialects.web.origins import Origins
from hubbub.dialects.web.requests import HttpRequest
from hubbub.dialects.web.responses import Headers, Response, json_response, problem
from hubbub.dialects.web.rooms import METHODS, Rooms
from hubbub.dialects.web.websocket import (
    ReadFrame,
    WebSocketDialect,
    WebSocketWriter,
    accept,
)
from hubbub.model.address import Address
from hubbub.model.answers import Answer, Health
from hubbub.model.limits import Limits
from hubbub.model.public import CheckHealth, ReadMetrics

_READING = ("GET", "HEAD", "OPTIONS")

_STRANGE = problem(
    HTTPStatus.FORBIDDEN,
    "origin_refused",
    "a page from elsewhere may not speak here; add its origin to `origins` in the "
    "hub's settings",
)


class Site:
    """Decides what becomes of each request."""

    def __init__(
        self,
        limits: Limits,
        origins: Origins,
        assets: Mapping[str, Asset],
        rooms: Rooms,
        card: Card,
        version: str,
        frames: Writer,
        read_frame: ReadFrame,
        read_forwarded: ReadForwarded | None,
    ) -> None:
        """Know what there is.

        Args:
            limits: The hub's limits.
            origins: Whose requests are answered.
            assets: The files of the page, by path.
            rooms: Makes commands of requests for a room.
            card: What the hub says of itself.
            version: Of Hubbub.
            frames: Writes each JSON frame as a line.
            read_frame: What a JSON frame means.
            read_forwarded: Tells for whom a proxy asks; None where there are none.
        """
        self._read_forwarded = read_forwarded
        self._limits = limits
        self._origins = origins
        self._assets = assets
        self._rooms = rooms
        self._read_frame = read_frame
        self._messages = WebSocketWriter(frames)
        self._fixed: dict[str, Callable[[HttpRequest], Outcome]] = {
            "/about.json": card.about,
            "/join.svg": card.picture,
            "/healthz": lambda _request: Ask(CheckHealth(), _health),
            "/metrics": lambda _request: Ask(ReadMetrics(), exposition),
            "/openapi.json": lambda _request: json_response(document(version)),
        }

    def open(self, *, encrypted: bool = False) -> Dialect:
        """Give the dialect of a new connection."""
        return HttpDialect(
            self._route,
            self._messages,
            head_limit=self._limits.http_head,
            body_limit=self._limits.line,
            read_forwarded=self._read_forwarded,
            scheme="https" if encrypted else "http",
        )

    def _route(self, request: HttpRequest, behind: bytes) -> Outcome:
        if not self._origins.knows(request.header("host")):
            return problem(
                HTTPStatus.MISDIRECTED_REQUEST,
                "host_unknown",
                "this hub does not know itself by that name; use its IP address, or "
                'add "https://NAME" to `origins` in its settings',
            )
        if request.path == "/ws":
            return self._web_socket(request, behind)
        room = self._rooms.find(request.segments)
        if room is not None:
            return self._room(request, room)
        fixed = self._fixed.get(request.path)
        if fixed is not None:
            if request.method in {"GET", "HEAD"}:
                return fixed(request)
            return not_that_method(request, _READING)
        asset = self._assets.get(request.path)
        if asset is None:
            return problem(
                HTTPStatus.NOT_FOUND,
                "not_found",
                "there is nothing at that address; / is the page",
            )
        if request.method in {"GET", "HEAD"}:
            return asset.response(request)
        return not_that_method(request, _READING)

    def _room(self, request: HttpRequest, room: Address) -> Outcome:
        if request.method == "OPTIONS" or request.method not in METHODS:
            return not_that_method(request, METHODS)
        shows_token = request.bearer is not None
        if (request.method == "POST" or shows_token) and not self._allows(request):
            return _STRANGE
        return self._rooms.outcome(request, room)

    def _allows(self, request: HttpRequest) -> bool:
        return self._origins.allow(request.header("origin"), request.header("host"))

    def _web_socket(self, request: HttpRequest, behind: bytes) -> Outcome:
        """Open a WebSocket (RFC 6455, section 4.2)."""
        if request.method != "GET":
            return not_that_method(request, ("GET", "OPTIONS"))
        if not self._allows(request):
            return _STRANGE
        if not _asks_for_web_socket(request):
            # Section 4.4: a version that is not known is answered with one that is.
            return problem(
                HTTPStatus.UPGRADE_REQUIRED,
                "upgrade_required",
                "this address speaks WebSocket, version 13",
                (
                    ("Upgrade", "websocket"),
                    ("Connection", "Upgrade"),
                    ("Sec-WebSocket-Version", "13"),
                ),
            )
        try:
            accepted = accept(request.header("sec-websocket-key"))
        except ValueError:
            return problem(
                HTTPStatus.BAD_REQUEST,
                "bad_request",
                "Sec-WebSocket-Key has to be 16 bytes in base64",
            )
        head = (
            "HTTP/1.1 101 Switching Protocols\r\n"
            "Upgrade: websocket\r\n"
            "Connection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {accepted}\r\n\r\n"
        )
        opened: Dialect = WebSocketDialect(
            self._messages, self._read_frame, self._limits.line, head.encode()
        )
        return opened.receive(behind) if behind else opened


def _health(answer: Answer) -> Response | None:
    if not isinstance(answer, Health):
        return None
    if answer.stores:
        return json_response({"status": "ok"})
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "storage_unavailable",
        "the hub can't write to its disk; reading goes on",
    )


def _asks_for_web_socket(request: HttpRequest) -> bool:
    connection = request.header("connection").lower().split(",")
    return (
        request.header("upgrade").lower() == "websocket"
        and "upgrade" in {word.strip() for word in connection}
        and request.header("sec-websocket-version") == "13"
    )


def not_that_method(request: HttpRequest, allowed: tuple[str, ...]) -> Response:
    """Answer OPTIONS with what is allowed, and anything else with a no."""
    headers: Headers = (("Allow", ", ".join(allowed)),)
    if request.method == "OPTIONS":
        return Response(HTTPStatus.NO_CONTENT, headers)
    return problem(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "method_not_allowed",
        f"{request.method} means nothing here; try {allowed[0]}",
        headers,
    )
