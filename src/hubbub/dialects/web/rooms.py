"""Rooms as addresses: `/lobby`, `/groups/NAME` and `/users/NAME`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import assert_never
from urllib.parse import quote
from weakref import WeakValueDictionary

import msgspec

from hubbub.dialects.contract import Reply
from hubbub.dialects.web.http import Ask, Outcome
from hubbub.dialects.web.requests import HttpRequest
from hubbub.dialects.web.responses import Response, problem
from hubbub.dialects.web.streams import FollowDialect, Form, StreamWriter, last_event
from hubbub.model.access import Follow, WithToken
from hubbub.model.address import LOBBY, Address, Lobby, ToGroup, ToUser
from hubbub.model.answers import Answer, History, Posted
from hubbub.model.commands import (
    Command,
    HangUp,
    Hello,
    JoinGroup,
    Post,
    PostOnce,
    ReadHistory,
)
from hubbub.model.events import MessagePosted
from hubbub.model.public import Observe, ReadLobby
from hubbub.model.secret import Secret

NAME_HEADER = "hubbub-name"

# Who says no name is none in particular.
_NAMELESS = "anonymous"

_LONGEST_NONCE = 64

_TEXTS = {"", "text/plain", "application/x-www-form-urlencoded"}
"""Bodies that are the text itself. What `curl -d` calls a form is none."""

METHODS = ("GET", "HEAD", "POST", "OPTIONS")


class _Body(msgspec.Struct):
    """A message as JSON."""

    text: str


_decode = msgspec.json.Decoder(_Body).decode


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms in which a room is read.

    Attributes:
        text: For a person.
        colored: For a person who asks for colours.
        lines: A JSON frame a line, for programs.
        server_sent: A JSON frame an event, for browsers.
    """

    text: Form
    colored: Form
    lines: Form
    server_sent: Form

    def chosen(self, request: HttpRequest) -> Form:
        """Choose by what is accepted (RFC 9110, section 12.5.1), else text."""
        wanted = request.header("accept").lower()
        if "text/event-stream" in wanted:
            return self.server_sent
        if "json" in wanted:
            return self.lines
        return self.colored if request.query.get("color") == "always" else self.text


class Rooms:
    """Makes commands of requests for a room."""

    def __init__(
        self, journal: str, forms: Forms, frame: Callable[[MessagePosted], bytes]
    ) -> None:
        """Know how rooms are written.

        Args:
            journal: Its id, which stands in the ids of server-sent events.
            forms: How messages are written.
            frame: Writes one message as its JSON frame, for who said it.
        """
        self._journal = journal
        self._forms = forms
        self._frame = frame
        # One for all who follow the same room in the same form, while there are any.
        self._writers: WeakValueDictionary[tuple[Address, Form, bool], StreamWriter] = (
            WeakValueDictionary()
        )

    def find(self, segments: tuple[str, ...]) -> Address | None:
        """Read a path's words; None when they name no room."""
        match segments:
            case ("lobby",):
                return LOBBY
            case ("groups", name) if name:
                return ToGroup(name)
            case ("users", name) if name:
                return ToUser(name)
            case _:
                return None

    def outcome(self, request: HttpRequest, room: Address) -> Outcome:
        """Decide what becomes of a request, which has one of `METHODS`."""
        if request.method == "POST":
            return self._post(request, room)
        if {"since", "limit"} & request.query.keys():
            return self._read(request, room)
        return self._follow(request, room)

    # --- saying something ------------------------------------------------------------

    def _post(self, request: HttpRequest, room: Address) -> Outcome:
        if not request.has_body:
            return problem(
                HTTPStatus.LENGTH_REQUIRED,
                "length_required",
                'send the text as the body, as curl -d "TEXT" does',
            )
        text = _text(request)
        if isinstance(text, Response):
            return text
        nonce = request.header("idempotency-key").strip('"') or None
        if nonce is not None and len(nonce) > _LONGEST_NONCE:
            return _bad_query(
                f"an Idempotency-Key has at most {_LONGEST_NONCE} characters"
            )
        name, shown = _name(request), request.bearer
        if shown is not None:
            post = Post(room, text, nonce)
            return Ask(WithToken(Secret(shown), post, name), self._posted)
        return Ask(PostOnce(name or _NAMELESS, room, text, nonce), self._posted)

    def _posted(self, answer: Answer) -> Response | None:
        if not isinstance(answer, Posted):
            return None
        return Response(
            HTTPStatus.CREATED,
            (("Content-Type", "application/json"), ("Cache-Control", "no-store")),
            self._frame(answer.message),
        )

    # --- reading what was said -------------------------------------------------------

    def _read(self, request: HttpRequest, room: Address) -> Outcome:
        numbers: dict[str, int | None] = {}
        for field, least in (("since", 0), ("limit", 1)):
            value = request.query.get(field)
            numbers[field] = None if value is None else _number(value)
            number = numbers[field]
            if value is not None and (number is None or number < least):
                return _bad_query(f"{field} is a number, at least {least}")
        form = self._forms.chosen(request)
        since, limit = numbers["since"], numbers["limit"]
        if request.bearer is not None:
            query = ReadHistory(room, limit=limit, after=since)
            return self._ask_page(request.bearer, request, query, form)
        if not isinstance(room, Lobby):
            return problem(
                HTTPStatus.FORBIDDEN,
                "not_joined",
                "only the lobby is read without an access token; show one, as in "
                "Authorization: Bearer TOKEN",
            )
        return Ask(
            ReadLobby(since, limit), lambda answer: _page(form, answer, room, limit)
        )

    def _ask_page(
        self, shown: str, request: HttpRequest, query: ReadHistory, form: Form
    ) -> Ask:
        asked = WithToken(Secret(shown), query, _name(request))
        return Ask(asked, lambda answer: _page(form, answer, query.of, query.limit))

    # --- following -------------------------------------------------------------------

    def _follow(self, request: HttpRequest, room: Address) -> Outcome:
        form = self._forms.chosen(request)
        name = _name(request)
        after = last_event(self._journal, request.header("last-event-id"))
        if request.bearer is not None:
            return self._follow_by_token(request.bearer, request, Follow(room, after))
        steps: tuple[Command, ...]
        if isinstance(room, Lobby):
            steps = (Observe(after),)
        elif not name:
            return problem(
                HTTPStatus.FORBIDDEN,
                "not_joined",
                "say who follows, with ?name=NAME, or show an access token; the lobby "
                "is followed without",
            )
        elif isinstance(room, ToGroup):
            steps = (Hello(name), JoinGroup(room.name))
        else:
            steps = (Hello(name),)
        writer = self._writer(room, form)
        if request.method == "HEAD":
            return FollowDialect(writer, (Reply(writer.head), HangUp()))
        return FollowDialect(writer, steps)

    def _follow_by_token(
        self, shown: str, request: HttpRequest, follow: Follow
    ) -> Outcome:
        form, name = self._forms.chosen(request), _name(request)
        if request.method == "HEAD":
            # Whether it may be followed, by what would be read; nobody comes in for it.
            newest = ReadHistory(follow.of, limit=1)
            asked = WithToken(Secret(shown), newest, name)
            return Ask(asked, lambda answer: _head_of(form, answer))
        writer = self._writer(follow.of, form, by_token=True)
        return FollowDialect(writer, (WithToken(Secret(shown), follow, name),))

    def _writer(
        self, room: Address, form: Form, *, by_token: bool = False
    ) -> StreamWriter:
        key = (room, form, by_token)
        writer = self._writers.get(key)
        if writer is None:
            writer = self._writers[key] = StreamWriter(room, form, by_token=by_token)
        return writer


def _text(request: HttpRequest) -> str | Response:
    kind = request.header("content-type").partition(";")[0].strip().lower()
    try:
        if kind == "application/json":
            return _decode(request.body).text
        if kind in _TEXTS:
            return request.body.decode()
    except msgspec.ValidationError as error:
        return _bad_body(f'send {{"text": "..."}}: {error}')
    except UnicodeDecodeError:
        return problem(
            HTTPStatus.BAD_REQUEST, "not_utf8", "the body is not UTF-8; convert it"
        )
    except (msgspec.DecodeError, RecursionError) as error:
        return _bad_body(f"the body is no JSON: {error}")
    return problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "type_unsupported",
        'send plain text, as curl -d "TEXT" does, or {"text": "..."} as '
        "application/json",
    )


def _bad_body(text: str) -> Response:
    return problem(HTTPStatus.BAD_REQUEST, "bad_frame", text)


def _bad_query(text: str) -> Response:
    return problem(HTTPStatus.BAD_REQUEST, "bad_request", text)


def _name(request: HttpRequest) -> str:
    """Give who asks: by the query, else by the header, which curl sends as UTF-8."""
    given = request.query.get("name")
    if given is not None:
        return given
    header = request.header(NAME_HEADER).encode("latin-1")
    return header.decode("utf-8", "replace")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _head_of(form: Form, answer: Answer) -> Response | None:
    return (
        Response(HTTPStatus.OK, form.headers) if isinstance(answer, History) else None
    )


def _path_of(room: Address) -> str:
    """Give the path at which a room is."""
    match room:
        case Lobby():
            return "/lobby"
        case ToGroup(name):
            return f"/groups/{quote(name, safe='')}"
        case ToUser(name):
            return f"/users/{quote(name, safe='')}"
        case _:
            assert_never(room)


def _page(
    form: Form, answer: Answer, room: Address, limit: int | None
) -> Response | None:
    if not isinstance(answer, History):
        return None
    headers = form.headers
    if answer.more and answer.messages:
        # RFC 8288: where the rest is.
        target = f"{_path_of(room)}?since={answer.messages[-1].seq}"
        target += "" if limit is None else f"&limit={limit}"
        headers = (*headers, ("Link", f'<{target}>; rel="next"'))
    body = b"".join(form.write(message) for message in answer.messages)
    return Response(HTTPStatus.OK, headers, body)
