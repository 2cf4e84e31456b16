"""Whom a client takes for a hub: by the fingerprint of its certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hubbub.client.sockets import sentence
from hubbub.client.trust import (
    Approach,
    KnownHubs,
    Trust,
    Way,
    WrongHubError,
    parse_fingerprint,
)
from hubbub.wire.tls import TlsError

if TYPE_CHECKING:
    from pathlib import Path

    from hubbub.client.trust import Secrecy

ONE = ":".join(["AB"] * 32)
OTHER = ":".join(["CD"] * 32)
HUB = "hub.example:5000"


class Channel:
    """A TLS channel whose handshake is done."""

    def __init__(self, fingerprint: str) -> None:
        self.peer_fingerprint = fingerprint
        self.summary = "TLSv1.3"


@pytest.fixture
def known(tmp_path: Path) -> KnownHubs:
    return KnownHubs(tmp_path / "folder" / "known_hubs")


def trust(known: KnownHubs, host: str = "hub.example", **options: object) -> Trust:
    return Trust(host, 5000, known=known, **options)  # type: ignore[arg-type]


def accept(one: Trust, fingerprint: str, way: Way = Way.TLS) -> bool:
    """Take a connection; tell whether it was the first sight of the hub."""
    channel = Channel(fingerprint)
    return one.accept(channel, way).first_sight  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("host", "secrecy", "seen", "way"),
    [
        ("hub.example", "auto", False, Way.TLS),
        ("10.0.0.7", "auto", False, Way.TLS),
        ("127.0.0.1", "auto", False, Way.CLEAR),
        ("::1", "auto", False, Way.CLEAR),
        ("localhost", "auto", False, Way.CLEAR),
        ("127.0.0.1", "auto", True, Way.TLS),
        ("127.0.0.1", "always", False, Way.TLS),
        ("hub.example", "never", True, Way.CLEAR),
    ],
)
def test_the_way_to_begin(
    known: KnownHubs, host: str, secrecy: Secrecy, seen: bool, way: Way
) -> None:
    if seen:
        known.put(f"[{host}]:5000" if ":" in host else f"{host}:5000", ONE)
    assert trust(known, host, secrecy=secrecy).first_way() is way


def test_a_hub_without_tls_is_spoken_to_clear_if_it_never_had_any(
    known: KnownHubs,
) -> None:
    approach = Approach(trust(known))
    assert approach.failed(TlsError("wrong version number"))
    assert approach.way is Way.CLEAR
    assert not approach.failed(ConnectionRefusedError())


@pytest.mark.parametrize(
    "options", [{"secrecy": "always"}, {"fingerprint": ONE}, {"seen": True}]
)
def test_nobody_can_take_the_encryption_away(
    known: KnownHubs, options: dict[str, Any]
) -> None:
    if options.pop("seen", False):
        known.put(HUB, ONE)
    assert not Approach(trust(known, **options)).failed(TlsError("no"))


def test_what_is_seen_first_is_remembered(known: KnownHubs) -> None:
    assert accept(trust(known), ONE)
    assert known.get(HUB) == ONE
    assert not accept(trust(known), ONE)


def test_another_certificate_is_refused_unless_somebody_vouches_for_it(
    known: KnownHubs,
) -> None:
    known.put(HUB, ONE)
    approach = Approach(trust(known))
    with pytest.raises(WrongHubError, match="ANOTHER CERTIFICATE") as refused:
        accept(trust(known), OTHER)
    assert known.get(HUB) == ONE
    assert approach.failed(refused.value)
    assert approach.way is Way.VOUCHED
    with pytest.raises(WrongHubError, match="ANOTHER CERTIFICATE"):
        approach.failed(TlsError("self-signed certificate"))
    accept(trust(known), OTHER, Way.VOUCHED)
    assert known.get(HUB) == OTHER


def test_the_fingerprint_that_was_asked_for_decides_alone(known: KnownHubs) -> None:
    asked = trust(known, fingerprint=ONE.lower().replace(":", ""))
    approach = Approach(asked)
    with pytest.raises(WrongHubError, match=OTHER) as refused:
        accept(asked, OTHER)
    with pytest.raises(WrongHubError):
        approach.failed(refused.value)
    assert not accept(asked, ONE)


@pytest.mark.parametrize("text", [ONE, f"SHA256:{ONE}", "ab" * 32, "ab " * 32])
def test_fingerprints_as_people_write_them(text: str) -> None:
    assert parse_fingerprint(text) == ONE


@pytest.mark.parametrize("text", ["", "ab", "xy" * 32, ONE + ":00"])
def test_what_is_no_fingerprint(text: str) -> None:
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        parse_fingerprint(text)


def test_a_fingerprint_without_tls_is_a_mistake(known: KnownHubs) -> None:
    with pytest.raises(ValueError, match="without TLS"):
        trust(known, secrecy="never", fingerprint=ONE)


def test_lines_that_mean_nothing_are_passed_over(known: KnownHubs) -> None:
    known.path.parent.mkdir()
    known.path.write_text(f"nonsense\n{HUB} xyz\na:1 {OTHER} more\nb:2 {OTHER}\n")
    assert (known.get(HUB), known.get("b:2")) == (None, OTHER)
    known.path.write_bytes(b"\xff\xfe")
    assert known.get(HUB) is None


def test_a_file_that_can_not_be_written_is_no_reason_not_to_talk(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("")
    known = KnownHubs(tmp_path / "file" / "known_hubs")
    assert accept(trust(known), ONE)


def test_a_tls_error_is_told_as_one() -> None:
    assert sentence(TlsError("bad record mac")) == "TLS: bad record mac"
