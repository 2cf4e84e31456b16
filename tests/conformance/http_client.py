"""HTTP as a client without a library speaks it: requests and answers by hand."""

from __future__ import annotations

import http.client
import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.conformance.hub_process import HubProcess
    from tests.conformance.speakers.wire import Wire


class Answer:
    """A whole response."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    def json(self) -> Any:
        return json.loads(self.body)

    def refuses(self, status: int, code: str) -> None:
        """Insist on an error with a status and a code, and a sentence."""
        assert (self.status, self.json()["code"]) == (status, code), self.body
        assert self.headers["Content-Type"] == "application/json"
        assert self.json()["text"]


def ask(
    hub: HubProcess,
    method: str,
    target: str,
    body: str | bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Make one request on a connection of its own."""
    data = body.encode() if isinstance(body, str) else body
    with closing(http.client.HTTPConnection(hub.host, hub.port, timeout=10)) as client:
        client.request(method, target, data, dict(headers or {}))
        return Answer(client.getresponse())


def follow(hub: HubProcess, target: str, **headers: str) -> Wire:
    """Follow a room, past the head of the response."""
    wire = hub.connect()
    lines = [f"{name.replace('_', '-')}: {text}\r\n" for name, text in headers.items()]
    wire.send(
        "".join([f"GET {target} HTTP/1.1\r\nHost: x\r\n", *lines, "\r\n"]).encode()
    )
    assert wire.receive_line() == b"HTTP/1.1 200 OK\r"
    while wire.receive_line() != b"\r":
        pass
    return wire
