"""TLS on the one port, and proxies that speak for others.

RFC 8446; the PROXY protocol, version 2, section 2.2.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

import pytest
from tests.conformance.speakers.tls import TlsWire

if TYPE_CHECKING:
    from tests.conformance.conftest import Launch
    from tests.conformance.hub_process import HubProcess

_FINGERPRINT = re.compile(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}")


def colons(digest: str) -> str:
    return ":".join(re.findall("..", digest.upper()))


def join(wire: TlsWire, name: str) -> None:
    wire.send(f"{name}\n".encode())
    welcome = wire.receive_line()
    assert welcome is not None
    assert b"Welcome" in welcome


def test_the_banner_tells_the_fingerprint_that_is_shown(hub: HubProcess) -> None:
    shown = hub.await_output(_FINGERPRINT)[0]
    wire = hub.connect(TlsWire)
    assert isinstance(wire, TlsWire)
    certificate = wire.tls.getpeercert(binary_form=True)
    assert certificate is not None
    assert colons(hashlib.sha256(certificate).hexdigest()) == shown
    assert wire.tls.version() == "TLSv1.3"


def test_old_versions_are_refused(hub: HubProcess) -> None:
    """RFC 8996: TLS 1.0 and 1.1 must not be used."""
    wire = hub.connect()
    # A ClientHello whose newest version is TLS 1.1.
    body = b"\x03\x02" + bytes(32) + b"\x00" + b"\x00\x02\x00\x2f" + b"\x01\x00"
    hello = b"\x01" + len(body).to_bytes(3) + body
    wire.send(b"\x16\x03\x01" + len(hello).to_bytes(2) + hello)
    alert = wire.receive_all()
    # An alert that is fatal: protocol_version.
    assert (alert[:1], alert[-2:]) == (b"\x15", bytes((2, 70)))


def test_http_and_json_are_spoken_in_tls(hub: HubProcess) -> None:
    wire = hub.connect(TlsWire)
    wire.send(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert wire.receive_all().startswith(b"HTTP/1.1 200 ")
    other = hub.connect(TlsWire)
    other.send(b'{"type": "ping", "id": "7"}\n')
    line = other.receive_line()
    assert line is not None
    assert json.loads(line) == {"type": "pong", "id": "7"}


def test_a_long_history_comes_whole_through_tls(launch: Launch) -> None:
    """More than one TLS record, and more than the kernel takes at once."""
    hub = launch("--rate-limit", "off")
    ann, bob = hub.connect(), hub.connect(TlsWire, receive_buffer=4096)
    assert isinstance(bob, TlsWire)
    join(bob, "bob")
    ann.send(b"ann\n")
    texts = [f"{number} " + "x" * 3000 for number in range(400)]
    ann.send("".join(f"{text}\n" for text in texts).encode())
    lines: list[str] = []
    while len(lines) < len(texts):
        line = bob.receive_line()
        assert line is not None
        if b"ann >> " in line:
            lines.append(line.decode().partition(" >> ")[2])
    assert lines == texts


def test_garbage_after_a_tls_beginning_harms_nobody(hub: HubProcess) -> None:
    wire = hub.connect()
    wire.send(b"\x16\x03\x01\x02\x00" + bytes(range(256)) * 3)
    assert wire.receive_all()[:1] == b"\x15"
    join_again = hub.connect(TlsWire)
    join_again.send(b'{"type": "ping"}\n')
    assert join_again.receive_line() == b'{"type":"pong"}'


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (b"alice\n", rb"error: .*TLS"),
        (b'{"type": "hello", "name": "alice"}\n', rb'"code":"tls_required"'),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", rb"HTTP/1\.1 426 "),
        (b"NICK alice\r\n", rb"ERROR :"),
    ],
    ids=["plain", "json", "http", "irc"],
)
def test_required_tls_refuses_the_rest_with_one_line(
    launch: Launch, said: bytes, answer: bytes
) -> None:
    hub = launch("--require-tls")
    wire = hub.connect()
    wire.send(said)
    told = wire.receive_all()
    assert re.search(answer, told), told
    with_tls = hub.connect(TlsWire)
    assert isinstance(with_tls, TlsWire)
    join(with_tls, "alice")


def proxied(source: str, port: int, extensions: bytes = b"") -> bytes:
    block = bytes(map(int, source.split("."))) + bytes((127, 0, 0, 1))
    block += port.to_bytes(2) + (5000).to_bytes(2) + extensions
    head = b"\r\n\r\n\x00\r\nQUIT\n\x21\x11"
    return head + len(block).to_bytes(2) + block


def test_a_named_proxy_gives_true_addresses(launch: Launch) -> None:
    hub = launch("--proxy", "127.0.0.1")
    bob, ann = hub.connect(), hub.connect()
    bob.send(b"bob\n")
    assert b"Welcome" in (bob.receive_line() or b"")
    ann.send_in_pieces(proxied("10.1.2.3", 4321) + b"ann\n", 5)
    assert b"Welcome" in (ann.receive_line() or b"")
    assert b"10.1.2.3:4321" in (bob.receive_line() or b"")


def test_what_a_named_proxy_took_in_tls_is_no_clear_connection(launch: Launch) -> None:
    """PP2_TYPE_SSL: where TLS is required, it is enough that the proxy spoke it."""
    hub = launch("--proxy", "127.0.0.1", "--require-tls")
    for extension, answer in [
        (b"\x20\x00\x05\x01\x00\x00\x00\x00", b"Welcome"),
        (b"", b"TLS"),
    ]:
        wire = hub.connect()
        wire.send(proxied("198.51.100.7", 4321, extension) + b"ann\n")
        assert answer in (wire.receive_line() or b"")


def test_connections_are_counted_for_whom_a_proxy_speaks(launch: Launch) -> None:
    hub = launch("--proxy", "127.0.0.1", limits={"connections_per_address": 1})
    wires = []
    for number, source in enumerate(["10.0.0.1", "10.0.0.2", "10.0.0.3"]):
        wire = hub.connect()
        wire.send(proxied(source, 1000 + number) + f"user-{number}\n".encode())
        assert b"Welcome" in (wire.receive_line() or b"")
        wires.append(wire)
    again = hub.connect()
    again.send(proxied("10.0.0.2", 2000))
    assert b"too many connections" in again.receive_all()


def test_nobody_else_is_believed(hub: HubProcess) -> None:
    """Its bytes are text like any other, and no name."""
    wire = hub.connect()
    wire.send(proxied("10.1.2.3", 4321) + b"ann\n")
    wire.end_sending()
    assert b"10.1.2.3" not in wire.receive_all()
