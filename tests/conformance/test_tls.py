"""TLS on the one port, and proxies that speak for others.

RFC 8446; the PROXY protocol, version 2, section 2.2.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import ssl
from typing import TYPE_CHECKING

import pytest
from tests.conformance.hub_process import HubProcess
from tests.conformance.speakers.tls import TlsWire, trusting_context

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.conftest import Launch

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


def test_who_stalls_in_the_handshake_is_closed(launch: Launch) -> None:
    """docs/limits.md, `handshake_seconds`: TLS does not make the time longer.

    Some stop amid their first message, some after it, when the hub's answer is there.
    """
    hub = launch("--memory", limits={"handshake_seconds": 1})
    memory = ssl.MemoryBIO()
    client = trusting_context().wrap_bio(ssl.MemoryBIO(), memory)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    hello = memory.read()
    stalled = [hub.connect() for _ in range(20)]
    for number, wire in enumerate(stalled):
        wire.send(hello if number % 2 else hello[: 1 + number * 5])
    for wire in stalled[1::2]:
        # The hub has answered, and waits.
        assert wire.receive()[:1] == b"\x16"
    # Meanwhile it is there for others.
    wire = hub.connect(TlsWire)
    assert isinstance(wire, TlsWire)
    join(wire, "ann")
    for one in stalled:
        one.receive_all()
    wire.send(b":users\n")
    assert b"1 online: ann" in (wire.receive_line() or b"")


@pytest.fixture(scope="module")
def behind_a_proxy(
    engine: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[HubProcess]:
    """Give a hub that believes whoever is on this machine."""
    data = tmp_path_factory.mktemp(f"proxied-{engine}")
    with HubProcess(engine, data, "--memory", "--proxy", "127.0.0.1") as hub:
        yield hub


_HEAD = b"\r\n\r\n\x00\r\nQUIT\n"


@pytest.mark.parametrize(
    "opening",
    [
        b"",
        _HEAD,
        _HEAD[:-1] + b"\x00",
        _HEAD + b"\x11\x11\x00\x0c" + bytes(12),
        _HEAD + b"\x2f\x11\x00\x0c" + bytes(12),
        _HEAD + b"\x21\x11\xff\xff" + bytes(70_000),
        _HEAD + b"\x21\x11\x00\x02\x00\x00",
        _HEAD + b"\x21\x21\x00\x24" + b"\xff" * 36,
        _HEAD + b"\x21\x31\x00\xd8" + bytes(216),
        _HEAD + b"\x20\x00\x00\x00" + b"\x16\x03\x01\x00\x05hello",
        proxied("0.0.0.0", 0) + b"\xff\xfe\x00\n",
        proxied("255.255.255.255", 65_535) + b"\x16\x03\x01" + bytes(300),
        proxied("10.1.2.3", 1) * 2 + b"\n",
        proxied("10.1.2.3", 1, b"\x20\xff\xff\x01"),
        proxied("10.1.2.3", 1, b"\x20\x00\x05\x01\x00\x00\x00\x00") + b"GET",
        b"PROXY TCP4 10.1.2.3 127.0.0.1 1 5000\r\nbob\r\n",
        b"PROXY UNKNOWN\r\n",
    ],
    ids=range(17),
)
def test_any_opening_of_a_named_proxy_leads_to_a_clean_close(
    behind_a_proxy: HubProcess, opening: bytes
) -> None:
    """Whole, and byte by byte at its beginning, which is where it is decided."""
    for size in (1, 13, 70_000):
        with behind_a_proxy.connect() as wire:
            with contextlib.suppress(ConnectionError):
                wire.send_in_pieces(opening[:40], size)
            wire.send_what_is_taken(opening[40:])
            wire.receive_all()
    with behind_a_proxy.connect() as wire:
        wire.send(proxied("10.9.9.9", 9) + b'{"type": "ping"}\n')
        assert wire.receive_line() == b'{"type":"pong"}'
    behind_a_proxy.check()
