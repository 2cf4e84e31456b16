"""HTTP itself: what is a request, what is none, and what is counted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.conformance.http_client import ask, follow

if TYPE_CHECKING:
    from tests.conformance.conftest import Launch
    from tests.conformance.hub_process import HubProcess
    from tests.conformance.scene import Scene


@pytest.fixture
def kinds() -> tuple[str, ...]:
    return ("json",)


# --- the protocol itself ------------------------------------------------------------


def test_requests_in_a_row_are_answered_in_order(scene: Scene) -> None:
    """RFC 9112, section 9.3.2: pipelining, over answers of every kind."""
    name = scene.name("ci")
    wire = scene.hub.connect()
    wire.send(
        f"POST /lobby?name={name} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none"
        f"GET /lobby?limit=1 HTTP/1.1\r\nHost: x\r\n\r\n"
        f"HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        f"POST /lobby?name=a:b HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx"
        f"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    )
    received = wire.receive_all()
    statuses = [part[:3] for part in received.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [b"201", b"200", b"200", b"400", b"200"]
    assert f"{name} >> one\n".encode() in received


def test_a_request_may_come_letter_by_letter(scene: Scene) -> None:
    """RFC 9112, section 2.2: bytes are bytes, whatever the segments."""
    wire = scene.hub.connect()
    request = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    wire.send_in_pieces(request, 1)
    assert wire.receive_all().endswith(b'{"status":"ok"}\n')


def test_100_continue(hub: HubProcess) -> None:
    """RFC 9110, section 10.1.1."""
    wire = hub.connect()
    wire.send(
        b"POST /lobby HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
        b"Expect: 100-continue\r\nConnection: close\r\n\r\n"
    )
    assert wire.receive_line() == b"HTTP/1.1 100 Continue\r"
    wire.send(b"hi")
    assert b"HTTP/1.1 201 Created" in wire.receive_all()


@pytest.mark.parametrize(
    ("method", "target", "allowed"),
    [
        ("POST", "/", "GET, HEAD, OPTIONS"),
        ("DELETE", "/lobby", "GET, HEAD, POST, OPTIONS"),
        ("PUT", "/healthz", "GET, HEAD, OPTIONS"),
        ("POST", "/ws", "GET, OPTIONS"),
    ],
)
def test_methods_that_mean_nothing(
    hub: HubProcess, method: str, target: str, allowed: str
) -> None:
    """RFC 9110, sections 15.5.6 and 9.3.7."""
    answer = ask(hub, method, target, "x")
    answer.refuses(405, "method_not_allowed")
    assert answer.headers["Allow"] == allowed
    options = ask(hub, "OPTIONS", target)
    assert (options.status, options.headers["Allow"]) == (204, allowed)


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("GET / HTTP/1.1\r\n", 400),  # no Host
        ("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n", 400),
        ("GET / HTTP/1.1\r\nHost : x\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\n folded\r\nA\r\n", 400),
        ("GET / HTTP/9\r\nHost: x\r\n", 400),
        ("POST /lobby HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n", 400),
        ("POST /lobby HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 2\r\n", 400),
        ("POST /lobby HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n", 501),
        ("POST /lobby HTTP/1.1\r\nHost: x\r\n", 411),
        (f"GET /{'x' * 2048} HTTP/1.1\r\nHost: x\r\n", 414),
        (f"GET / HTTP/1.1\r\nHost: x\r\nA: {'x' * 17_000}\r\n", 431),
        ("GET / HTTP/1.1\r\nHost: evil.example\r\n", 421),
        ("GET / HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n", 421),
        ("GET / HTTP/1.1\r\nHost: [::1]:5000\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: hub.local\r\n", 200),
        ("GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n", 200),
        ("GET / HTTP/1.0\r\n", 200),
    ],
)
def test_heads(hub: HubProcess, head: str, status: int) -> None:
    """RFC 9112, sections 3 to 6; docs/http.md, "Errors"."""
    wire = hub.connect()
    wire.send(f"{head}Connection: close\r\n\r\n".encode())
    answer = wire.receive_all()
    assert answer.startswith(f"HTTP/1.1 {status} ".encode()), answer[:200]
    if status >= 400:
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"]


@pytest.mark.parametrize(
    "lines",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 5\r\nContent-Length: 6",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: xchunked",
    ],
)
def test_nothing_is_smuggled(hub: HubProcess, lines: str) -> None:
    """RFC 9112, section 6.3: a length that two could read in two ways has none: what
    stands behind is not taken for a request."""
    wire = hub.connect()
    wire.send(
        f"POST /lobby HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\n"
        "0\r\n\r\nGET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    )
    wire.end_sending()
    assert b"openapi" not in wire.receive_all()


@pytest.mark.parametrize("origin", ["http://evil.example", "null"])
def test_a_page_from_elsewhere_posts_nothing(hub: HubProcess, origin: str) -> None:
    """docs/http.md, "Pages from elsewhere"."""
    strange = ask(hub, "POST", "/lobby", "x", {"Origin": origin})
    strange.refuses(403, "origin_refused")
    own = {"Origin": f"http://{hub.host}:{hub.port}"}
    assert ask(hub, "POST", "/lobby", "from the page", own).status == 201


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nA: "])
def test_slow_requests_end(launch: Launch, begun: bytes) -> None:
    """docs/limits.md, `handshake_seconds`: a byte now and then does not help."""
    hub = launch("--memory", limits={"handshake_seconds": 1})
    with hub.connect() as wire:
        wire.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" + begun)
        answer = wire.receive_all()
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert (b"HTTP/1.1 408 " in answer) == bool(begun)


def test_hubs_at_the_end_let_followers_go(launch: Launch) -> None:
    """docs/http.md, "Following": it ends with the hub, and says why."""
    hub = launch("--memory")
    wire = follow(hub, "/lobby")
    hub.terminate()
    assert wire.receive_all().endswith(b"Disconnected: the hub is shutting down\n")
    hub.await_exit()


def numbers(hub: HubProcess) -> dict[str, float]:
    """Read the metrics, by name and labels."""
    answer = ask(hub, "GET", "/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = answer.body.decode().splitlines()
    return {
        name: float(value)
        for name, _, value in (line.rpartition(" ") for line in lines)
        if not name.startswith("#")
    }


def test_what_happens_is_counted(scene: Scene, engine: str) -> None:
    """docs/http.md, "The others": the text format of Prometheus."""
    alice, _bob = scene.people("alice", "bob")
    before = numbers(scene.hub)
    alice.say("counted")
    alice.post("no", "#nothing-there")
    alice.await_refusal("group_unknown")
    after = numbers(scene.hub)
    assert after["hubbub_messages_total"] == before["hubbub_messages_total"] + 1
    assert after["hubbub_deliveries_total"] >= before["hubbub_deliveries_total"] + 2
    assert after["hubbub_sent_bytes_total"] > before["hubbub_sent_bytes_total"]
    assert after["hubbub_received_bytes_total"] > before["hubbub_received_bytes_total"]
    refused = 'hubbub_refusals_total{code="group_unknown"}'
    assert after[refused] == before.get(refused, 0) + 1
    assert after[f'hubbub_connections{{dialect="json",engine="{engine}"}}'] >= 2
    for name in ("turn_seconds", "commit_seconds", "outbox_bytes"):
        buckets = [
            value
            for key, value in after.items()
            if key.startswith(f"hubbub_{name}_bucket")
        ]
        assert buckets == sorted(buckets)
        assert buckets[-1] == after[f"hubbub_{name}_count"] > 0
