"""Who asks by way of an HTTP proxy: docs/protocol.md, "Proxies". The test is the proxy.

X-Forwarded-For is nobody's standard; RFC 7239, section 8.1, on whom to believe.
"""

from __future__ import annotations

import http.client
import json
import re
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from tests.conformance.http_client import ask
from tests.conformance.speakers.websocket import WebSocketWire

if TYPE_CHECKING:
    from tests.conformance.conftest import Launch
    from tests.conformance.hub_process import HubProcess
    from tests.conformance.speakers.wire import Wire

Headers = tuple[tuple[str, str], ...]


def for_(chain: str) -> Headers:
    return (("X-Forwarded-For", chain),)


class ProxiedWire(WebSocketWire):
    """A WebSocket that was opened by way of a proxy."""

    headers: Headers = ()

    def open(self, headers: object = None) -> None:
        """Open it with the proxy's headers."""
        del headers
        super().open(dict(self.headers))


def join(hub: HubProcess, name: str, headers: Headers) -> Wire:
    made = type("Made", (ProxiedWire,), {"headers": headers})
    wire = hub.connect(made)
    wire.send(json.dumps({"type": "hello", "name": name}).encode() + b"\n")
    assert json.loads(wire.receive_line() or b"")["type"] == "welcome"
    return wire


def address_shown(hub: HubProcess, headers: Headers) -> str:
    """Come in by way of the proxy; give the address that the others are shown."""
    names = hub.tags
    watcher = join(hub, next(names), ())
    join(hub, next(names), headers)
    frame = json.loads(watcher.receive_line() or b"")
    assert frame["type"] == "joined"
    return str(frame.get("address", ""))


def get(kept: http.client.HTTPConnection, headers: Headers) -> tuple[int, bool]:
    """Ask on a connection that is kept; give the status, and whether it is closed."""
    kept.request("GET", "/healthz", headers=dict(headers))
    response = kept.getresponse()
    response.read()
    return response.status, response.will_close


@pytest.mark.parametrize(
    ("chain", "shown"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("fd00::7", "[fd00::7]"),
        # Only what the nearest proxy saw is known; the rest its client made up.
        ("10.9.9.9, 10.1.2.3", "10.1.2.3"),
        # A proxy before the proxy, which is named as well.
        ("10.9.9.9, 10.1.2.3, 192.168.7.1", "10.1.2.3"),
        ("198.51.100.7, 127.0.0.1", "198.51.100.7"),
    ],
)
def test_a_named_proxy_is_believed(launch: Launch, chain: str, shown: str) -> None:
    hub = launch("--proxy", "127.0.0.1", "--proxy", "192.168.7.0/24")
    assert address_shown(hub, for_(chain)) == shown


def test_the_other_header_is_never_read(launch: Launch) -> None:
    """A proxy passes on what its client wrote into a header that it does not know."""
    hub = launch("--proxy", "127.0.0.1")
    headers = (("Forwarded", "for=10.9.9.9"), *for_("10.1.2.3"))
    assert address_shown(hub, headers) == "10.1.2.3"


def test_nobody_else_is_believed(launch: Launch) -> None:
    hub = launch("--proxy", "10.0.0.1")
    assert address_shown(hub, for_("10.1.2.3")).startswith("127.0.0.1:")


def test_who_speaks_through_a_proxy_of_connections_is_no_proxy(launch: Launch) -> None:
    """The headers are its client's own, whatever they say."""
    hub = launch("--proxy", "127.0.0.1")
    block = bytes((10, 1, 2, 3, 127, 0, 0, 1)) + (4321).to_bytes(2) + (5000).to_bytes(2)
    header = b"\r\n\r\n\x00\r\nQUIT\n\x21\x11" + len(block).to_bytes(2) + block

    class Both(ProxiedWire):
        headers = for_("10.9.9.9")

        def open(self, headers: object = None) -> None:
            """Begin with a header of the PROXY protocol."""
            self.send_raw(header)
            super().open(headers)

    watcher = join(hub, "watcher", ())
    wire = hub.connect(Both)
    wire.send(json.dumps({"type": "hello", "name": "ann"}).encode() + b"\n")
    joined = json.loads(watcher.receive_line() or b"")
    assert joined["address"] == "10.1.2.3:4321"


def test_each_request_is_counted_for_whom_it_is(launch: Launch) -> None:
    """Requests of several people come one after another on one connection."""
    hub = launch("--proxy", "127.0.0.1", limits={"connections_per_address": 1})
    join(hub, "ann", for_("10.0.0.1"))
    with closing(http.client.HTTPConnection(hub.host, hub.port, timeout=10)) as kept:
        assert get(kept, for_("10.0.0.2")) == (200, False)
        assert get(kept, ()) == (200, False)
        assert get(kept, for_("10.0.0.3")) == (200, False)
        assert get(kept, for_("10.0.0.1")) == (429, True)


def test_who_came_too_soon_is_told_when_to_come_back(launch: Launch) -> None:
    """docs/http.md, "Errors": `Retry-After` with 429 (RFC 6585, section 4)."""
    hub = launch(console=True)
    hub.type(":slow 1m")
    hub.await_output(re.compile("SLOWED"))
    assert ask(hub, "POST", "/lobby", "hi").status == 201
    answer = ask(hub, "POST", "/lobby", "hi")
    answer.refuses(429, "too_soon")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert "Retry-After" not in ask(hub, "POST", "/users/nobody", "hi").headers


@pytest.mark.parametrize(
    ("scheme", "code"), [("https", "password_wrong"), ("http", "not_secure")]
)
def test_the_outer_way_says_whether_a_password_is_safe(
    launch: Launch, scheme: str, code: str
) -> None:
    """docs/protocol.md, "Accounts": no password where others could listen."""
    hub = launch("--proxy", "127.0.0.1")
    headers = (*for_("198.51.100.7"), ("X-Forwarded-Proto", scheme))
    made = type("Made", (ProxiedWire,), {"headers": headers})
    wire = hub.connect(made)
    wire.send(b'{"type":"hello","name":"ann","password":"not hers"}\n')
    assert json.loads(wire.receive_line() or b"")["code"] == code
