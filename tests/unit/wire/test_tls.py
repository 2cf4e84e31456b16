"""The wire without I/O: whatever the pieces, what was said comes through."""

from __future__ import annotations

import ssl
from contextlib import ExitStack
from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.app.certificate import Certificate, passing_certificate
from hubbub.wire.opening import CHUNK_BYTES, Wire, WireError
from hubbub.wire.proxy import SIGNATURE
from hubbub.wire.tls import TlsChannel, TlsError


@lru_cache(maxsize=1)
def certificate() -> Certificate:
    """Make one certificate for all cases."""
    with ExitStack() as stack:
        return passing_certificate(stack)


@lru_cache(maxsize=1)
def server_context() -> ssl.SSLContext:
    """Give its rules; its files are gone by then."""
    return certificate()._context


def client() -> TlsChannel:
    """Begin a client that takes any certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return TlsChannel(context, server=False)


def pieces(data: bytes, sizes: list[int]) -> list[bytes]:
    """Cut data at the sizes, over and over."""
    cut: list[bytes] = []
    turn = 0
    while data:
        size = sizes[turn % len(sizes)]
        cut.append(data[:size])
        data = data[size:]
        turn += 1
    return cut


def agree(wire: Wire, channel: TlsChannel, sizes: list[int]) -> None:
    """Shake hands, each way in pieces."""
    channel.begin()
    while not (wire.secure and channel.established):
        for piece in pieces(channel.take(), sizes):
            assert wire.receive(piece) == b""
        answer, wire.unsent = wire.unsent, b""
        for piece in pieces(answer, sizes):
            assert channel.receive(piece) == b""


sizes = st.lists(st.integers(1, 700), min_size=1, max_size=5)


@given(sizes, st.binary(max_size=3000), st.binary(max_size=3000))
def test_text_comes_through_both_ways(
    cuts: list[int], asked: bytes, answered: bytes
) -> None:
    wire, channel = Wire(server_context, proxied=False), client()
    agree(wire, channel, cuts)
    if asked:
        channel.send(asked)
    got = b"".join(wire.receive(piece) for piece in pieces(channel.take(), cuts))
    assert got == asked
    rest = answered
    while rest:
        rest = rest[wire.send(rest) :]
    sent, wire.unsent = wire.unsent, b""
    assert b"".join(channel.receive(piece) for piece in pieces(sent, cuts)) == answered
    assert channel.peer_fingerprint == certificate().fingerprint
    assert wire.summary.startswith("TLSv1.3, ")


def test_only_so_much_is_encrypted_at_once() -> None:
    wire, channel = Wire(server_context, proxied=False), client()
    agree(wire, channel, [10_000])
    assert wire.send(bytes(10 * CHUNK_BYTES)) == CHUNK_BYTES
    assert len(wire.unsent) < 2 * CHUNK_BYTES


def test_nothing_is_said_amid_the_handshake() -> None:
    wire, channel = Wire(server_context, proxied=False), client()
    channel.begin()
    wire.receive(channel.take()[:50])
    assert wire.send(b"too early") == 0
    assert b"too early" not in wire.unsent


def test_the_end_is_told() -> None:
    wire, channel = Wire(server_context, proxied=False), client()
    agree(wire, channel, [10_000])
    channel.send(b"last words")
    channel.close()
    assert wire.receive(channel.take()) == b"last words"
    assert wire.ended
    wire.close()
    assert channel.receive(wire.unsent) == b""
    assert channel.ended


def test_bytes_that_only_begin_like_tls_are_refused_with_an_alert() -> None:
    wire = Wire(server_context, proxied=False)
    with pytest.raises(WireError, match="TLS"):
        wire.receive(b"\x16\x03\x01\x00\x05GARBAGE")
    assert wire.unsent[:1] == b"\x15"  # a record of type alert


def test_a_record_that_was_changed_on_its_way_is_refused() -> None:
    wire, channel = Wire(server_context, proxied=False), client()
    agree(wire, channel, [10_000])
    channel.send(b"pay bob 10")
    data = bytearray(channel.take())
    data[-1] ^= 1
    with pytest.raises(WireError):
        wire.receive(bytes(data))


def test_a_client_refuses_what_is_no_tls() -> None:
    channel = client()
    channel.begin()
    with pytest.raises(TlsError):
        channel.receive(b"error: this hub speaks no TLS\n")


@given(st.binary(min_size=1).filter(lambda data: data[0] != 0x16), sizes)
def test_what_is_no_tls_goes_through_as_it_is(data: bytes, cuts: list[int]) -> None:
    wire = Wire(server_context, proxied=False)
    got = b"".join(wire.receive(piece) for piece in pieces(data, cuts))
    assert got == data
    assert wire.clear
    assert not wire.secure


def header(source: bytes, command: int = 0x21, family: int = 0x11) -> bytes:
    """Write a PROXY header."""
    return SIGNATURE + bytes((command, family)) + len(source).to_bytes(2) + source


V4 = bytes((10, 1, 2, 3, 127, 0, 0, 1)) + (4321).to_bytes(2) + (5000).to_bytes(2)
V6 = bytes(15) + b"\x07" + bytes(16) + (99).to_bytes(2) + (5000).to_bytes(2)


@pytest.mark.parametrize(
    ("head", "source"),
    [
        (header(V4), ("10.1.2.3", 4321)),
        (header(V6, family=0x21), ("::7", 99)),
        (header(V4 + b"\x04\x00\x01x"), ("10.1.2.3", 4321)),  # with an extension
        (header(V4, command=0x20), None),  # LOCAL: the proxy asks for itself
        (header(b"", family=0x00), None),
    ],
)
@given(cuts=sizes, text=st.binary(max_size=40).filter(lambda t: t[:1] != b"\x16"))
def test_a_proxy_says_for_whom_it_asks(
    head: bytes, source: tuple[str, int] | None, cuts: list[int], text: bytes
) -> None:
    wire = Wire(None, proxied=True)
    got = b"".join(wire.receive(piece) for piece in pieces(head + text, cuts))
    assert (got, wire.source) == (text, source)


@pytest.mark.parametrize(
    ("extensions", "encrypted"),
    [
        (b"", False),
        (b"\x20\x00\x05\x01\x00\x00\x00\x00", True),  # PP2_TYPE_SSL
        (b"\x20\x00\x05\x00\x00\x00\x00\x00", False),
        (b"\x04\x00\x03\x20\x00\x01\x20\x00\x05\x07\x00\x00\x00\x00", True),
        (b"\x20\x00\x00\x01", False),
        (b"\x04\xff\xff\x20", False),
        (b"\x20\x00", False),
    ],
)
@pytest.mark.parametrize(("address", "family"), [(V4, 0x11), (V6, 0x21)])
def test_a_proxy_says_whether_it_was_asked_in_tls(
    address: bytes, family: int, extensions: bytes, encrypted: bool
) -> None:
    """The PROXY protocol, sections 2.2.6 and 2.2.7."""
    wire = Wire(None, proxied=True)
    wire.receive(header(address + extensions, family=family))
    assert (wire.told_secure, wire.secure) == (encrypted, False)


@pytest.mark.parametrize(
    "head",
    [
        SIGNATURE + b"\x11\x11\x00\x0c" + V4,  # version 1 has no such form
        header(V4, command=0x2F),
        header(V4[:4]),
        SIGNATURE + b"\x21\x11\xff\xff",
    ],
)
def test_a_header_that_is_wrong_is_refused(head: bytes) -> None:
    with pytest.raises(WireError):
        Wire(None, proxied=True).receive(head)


def test_nobody_else_is_believed() -> None:
    wire = Wire(None, proxied=False)
    assert wire.receive(header(V4)) == header(V4)
    assert wire.source is None


def test_tls_may_follow_a_header() -> None:
    wire, channel = Wire(server_context, proxied=True), client()
    assert wire.receive(header(V4)) == b""
    agree(wire, channel, [100])
    assert wire.source == ("10.1.2.3", 4321)
