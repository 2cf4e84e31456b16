"""HTTP/1.1 (RFC 9112), one request at a time; h11 reads it, and reads it strictly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import h11

from hubbub.dialects.contract import (
    Dialect,
    Forwarded,
    Reply,
    Request,
    Switch,
    Writer,
)
from hubbub.dialects.web.forwarded import ReadForwarded
from hubbub.dialects.web.refusals import refused
from hubbub.dialects.web.requests import HttpRequest
from hubbub.dialects.web.responses import ALWAYS, Response, problem
from hubbub.model.answers import Answer, Bye
from hubbub.model.commands import Command, HangUp, HubCommand
from hubbub.model.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that the hub has to answer.

    Attributes:
        command: What is asked of it.
        response: What its answer comes to; None for what is no answer to it.
    """

    command: Command
    response: Callable[[Answer], Response | None]


Outcome = Response | Ask | Dialect
"""What becomes of a request: an answer now or later, or another dialect for good."""

SIGNATURES = tuple(
    f"{method} ".encode()
    for method in ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")
)
"""What a connection begins with that speaks HTTP."""

# RFC 9110, section 15.5.15; browsers and proxies cope with this much.
_LONGEST_TARGET = 2048

_PARSE_ERRORS = {
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: (
        "head_too_large",
        "the head of the request is too large; send fewer or shorter headers",
    ),
    HTTPStatus.NOT_IMPLEMENTED: (
        "bad_request",
        "that transfer coding is not known here; send a length, or chunks",
    ),
}
_BAD_REQUEST = ("bad_request", "that is no request of HTTP/1.1")


class HttpDialect:
    """One connection that speaks HTTP."""

    name = "http"
    keeps_seat = False
    waits = False

    def __init__(
        self,
        route: Callable[[HttpRequest, bytes], Outcome],
        writer: Writer,
        *,
        head_limit: int,
        body_limit: int,
        read_forwarded: ReadForwarded | None = None,
        scheme: str = "http",
    ) -> None:
        """Begin.

        Args:
            route: Decides what becomes of a request; the bytes are those that came
                behind it.
            writer: For what concerns the connection before it has asked for anything.
            head_limit: Bytes of the request line and the headers.
            body_limit: Bytes of a body.
            read_forwarded: Tells for whom a proxy asks; None where there are none.
            scheme: `https` on a connection with TLS, else `http`.
        """
        self.writer = writer
        self._read_forwarded = read_forwarded
        self._forwarded = Forwarded(())
        # Told for whom it is asked, and still to be looked at.
        self._held: HttpRequest | None = None
        self._route = route
        self._head_limit = head_limit
        self._body_limit = body_limit
        self._scheme = scheme
        self._connection = h11.Connection(
            h11.SERVER, max_incomplete_event_size=head_limit
        )
        self._head: h11.Request | None = None
        self._is_head = False
        self._body = bytearray()
        self._asked: Ask | None = None
        self._then: Request | None = None
        self._is_over = False

    def receive(self, data: bytes) -> HttpDialect:
        """Take bytes in."""
        if not self._is_over:
            self._connection.receive_data(data)
        return self

    def quiet(self) -> HttpDialect:
        """Go on: an unfinished request means nothing."""
        return self

    def next(self) -> Request | None:
        """Read on to the end of a request, and give what becomes of it."""
        if self._then is not None:
            request, self._then = self._then, None
            return request
        if self._is_over or self._asked is not None:
            return None
        if self._held is not None:
            held, self._held = self._held, None
            return self._become(held)
        try:
            return self._read()
        except h11.RemoteProtocolError as error:
            status = HTTPStatus(error.error_status_hint)
            code, text = _PARSE_ERRORS.get(status, _BAD_REQUEST)
            return self._refuse(problem(status, code, text))

    def _read(self) -> Request | None:
        while True:
            event = self._connection.next_event()
            match event:
                case h11.Request():
                    self._head = event
                    self._is_head = event.method == b"HEAD"
                    refused = self._check(event)
                    if refused is not None:
                        return self._refuse(refused)
                case h11.Data():
                    self._body += event.data
                    if len(self._body) > self._body_limit:
                        return self._refuse(self._too_large())
                case h11.EndOfMessage():
                    return self._decide()
                case _:
                    return self._wait()

    def _wait(self) -> Request | None:
        if self._connection.they_are_waiting_for_100_continue:
            go_on = h11.InformationalResponse(
                status_code=100, headers=[], reason=b"Continue"
            )
            return Reply(self._connection.send(go_on) or b"")
        return None

    def _check(self, head: h11.Request) -> Response | None:
        """Refuse a request by its head, before the rest of it has come."""
        if len(head.target) > _LONGEST_TARGET:
            return problem(
                HTTPStatus.REQUEST_URI_TOO_LONG,
                "target_too_long",
                f"an address has at most {_LONGEST_TARGET} characters",
            )
        # The parser measures what is unfinished; this came whole.
        size = sum(len(name) + len(value) for name, value in head.headers)
        if size + len(head.target) > self._head_limit:
            status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            return problem(status, *_PARSE_ERRORS[status])
        headers = dict(head.headers)
        if b"content-length" in headers and b"transfer-encoding" in headers:
            # RFC 9112, section 6.3: somebody before us may have read it another way.
            return problem(HTTPStatus.BAD_REQUEST, *_BAD_REQUEST)
        length = int(headers.get(b"content-length", b"0"))
        return self._too_large() if length > self._body_limit else None

    def _too_large(self) -> Response:
        return problem(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "body_too_large",
            f"a body has at most {self._body_limit} bytes; send less at a time",
        )

    def _decide(self) -> Request | None:
        head, self._head = self._head, None
        if head is None:
            return None
        request = HttpRequest.of(head, bytes(self._body), self._scheme)
        self._body.clear()
        if self._read_forwarded is not None:
            forwarded = self._read_forwarded(request)
            if forwarded != self._forwarded:
                self._forwarded, self._held = forwarded, request
                return forwarded
        return self._become(request)

    def _become(self, request: HttpRequest) -> Request:
        behind, _ = self._connection.trailing_data
        outcome = self._route(request, behind)
        if isinstance(outcome, Response):
            return self._answer(outcome)
        if isinstance(outcome, Ask):
            self._asked = outcome
            return outcome.command
        self._is_over = True
        return Switch(outcome)

    def _refuse(self, response: Response) -> Request:
        """Answer with the request half read: nothing behind it can be understood."""
        closing = (*response.headers, ("Connection", "close"))
        return self._answer(Response(response.status, closing, response.body))

    def _answer(self, response: Response) -> Request:
        if self._connection.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            self._is_over = True
            return HangUp()
        return Reply(self._written(response), completes=True)

    def _written(self, response: Response) -> bytes:
        """Write a response, and make ready for the next request, or for the end."""
        connection = self._connection
        headers = [*ALWAYS, *response.headers]
        if response.status not in {HTTPStatus.NOT_MODIFIED, HTTPStatus.NO_CONTENT}:
            headers.append(("Content-Length", str(len(response.body))))
        sent = connection.send(
            h11.Response(
                status_code=response.status,
                headers=headers,
                reason=HTTPStatus(response.status).phrase.encode(),
            )
        )
        # RFC 9110, section 9.3.2: the answer to HEAD tells of a body, and has none.
        body = b"" if self._is_head else response.body
        data = connection.send(h11.Data(data=body))
        end = connection.send(h11.EndOfMessage())
        if connection.states == {h11.SERVER: h11.DONE, h11.CLIENT: h11.DONE}:
            connection.start_next_cycle()
        else:
            self._is_over = True
            self._then = HangUp()
        return b"".join(piece or b"" for piece in (sent, data, end))

    def joined(self) -> None:
        """Never called: a request that joins switches to a dialect of its own."""

    def unjoined(self) -> None:
        """Never called."""

    def answer(self, answer: Answer, time: int) -> bytes:
        """Write the response to the request that waits for this answer."""
        if isinstance(answer, Bye):
            return self._goodbye(answer)
        if self._asked is None:
            return b""
        response = self._asked.response(answer)
        return b"" if response is None else self._served(response)

    def refusal(
        self, refusal: Refusal, command: Command | HubCommand | None, time: int
    ) -> bytes:
        """Write the response to the request that is refused."""
        if self._held is not None:
            self._held = None
            self._is_over = True
            response = refused(refusal)
            closing = (*response.headers, ("Connection", "close"))
            return self._written(Response(response.status, closing, response.body))
        return b"" if self._asked is None else self._served(refused(refusal))

    def _served(self, response: Response) -> bytes:
        self._asked = None
        written = self._written(response)
        if self._then is None:
            # From now on the next request has its time.
            self._then = Reply(b"", completes=True)
        return written

    def _goodbye(self, bye: Bye) -> bytes:
        """Say why to who is amid a request; else the end needs no word."""
        begun = self._head is not None or bool(self._connection.trailing_data[0])
        if self._is_over or not begun or bye.code != "handshake":
            return b""
        self._is_over = True
        late = problem(
            HTTPStatus.REQUEST_TIMEOUT,
            "too_slow",
            "the request took too long; send it at once",
            (("Connection", "close"),),
        )
        return self._written(late)
