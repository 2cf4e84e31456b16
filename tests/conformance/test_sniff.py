"""One port: what a connection shows with its first bytes."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest
from tests.conformance.hub_process import HubProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.scene import Scene

LETTER_BY_LETTER = pytest.mark.parametrize("size", [1, 1000], ids=["split", "whole"])


@pytest.fixture(scope="module")
def hub(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """Give a hub that takes nobody for unframed, however slow this machine is."""
    data = tmp_path_factory.mktemp("sniff")
    with HubProcess(
        engine, data, "--memory", "--tls", "off", limits={"quiet_seconds": 8}
    ) as process:
        yield process


@pytest.fixture
def kinds() -> tuple[str, ...]:
    return ("plain",)


@LETTER_BY_LETTER
@pytest.mark.parametrize(
    "method", ["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"]
)
def test_http_is_known_by_its_method(hub: HubProcess, method: str, size: int) -> None:
    """docs/protocol.md: the first bytes, whatever the segments."""
    wire = hub.connect()
    wire.send_in_pieces(f"{method} nonsense\r\n\r\n".encode(), size)
    assert wire.receive_all().startswith(b"HTTP/1.1 400 Bad Request\r\n")


@LETTER_BY_LETTER
@pytest.mark.parametrize("word", ["CAP", "NICK", "USER", "PASS"])
def test_irc_gets_one_error_line_and_a_close(
    hub: HubProcess, word: str, size: int
) -> None:
    """docs/protocol.md: IRC is answered with one `ERROR :…` line."""
    wire = hub.connect()
    wire.send_in_pieces(f"{word} ".encode(), size)
    answer = wire.receive_all()
    assert answer.startswith(b"ERROR :")
    assert answer.endswith(b"\r\n")
    assert answer.count(b"\n") == 1


def test_a_whole_irc_registration_gets_the_line(hub: HubProcess) -> None:
    """docs/protocol.md: what an IRC client sends before it reads."""
    wire = hub.connect()
    wire.send(b"CAP LS 302\r\nNICK alice\r\nUSER alice 0 * :Alice\r\n")
    assert wire.receive_all().startswith(b"ERROR :")


def test_tls_gets_a_handshake_failure(hub: HubProcess) -> None:
    """docs/protocol.md: TLS is answered with a handshake_failure alert."""
    context = ssl.create_default_context()
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    wire = hub.connect()
    wire.send(outgoing.read())
    incoming.write(wire.receive_all())
    with pytest.raises(ssl.SSLError, match=r"(?i)handshake.failure"):
        client.do_handshake()


@pytest.mark.parametrize("name", ["GETTY", "get", "HEADY", "nick", "CAPS", "OPTION"])
def test_a_name_that_begins_like_a_word_of_another_dialect(
    scene: Scene, name: str
) -> None:
    """docs/protocol.md: anything else is plain."""
    alice = scene.plain(name)
    alice.expect_nothing()


@pytest.mark.parametrize("name", ["GET", "NICK", "OPTIONS"])
def test_a_name_that_is_a_word_of_another_dialect(scene: Scene, name: str) -> None:
    """docs/protocol.md: a name has no spaces, so nothing is ambiguous."""
    alice = scene.plain_speaker()
    alice.join(scene.know(name))
    alice.quit()


def test_nobody_else_notices(scene: Scene) -> None:
    """docs/protocol.md: answered and closed; nobody has come in."""
    alice = scene.plain("alice")
    for first in (b"GET / HTTP/1.0\r\n\r\n", b"NICK x\r\n", b"\x16\x03\x01", b""):
        wire = scene.hub.connect()
        if first:
            wire.send(first)
            wire.receive_all()
        wire.close()
    alice.expect_nothing()
