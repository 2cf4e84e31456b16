"""Whom a request is for, and whose page: docs/http.md, "Pages from elsewhere"."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.dialects.web.origins import Origins

PUBLIC = "https://chat.example.org"
OTHER = "http://games.example:8080"


@pytest.fixture
def origins() -> Origins:
    return Origins([PUBLIC, f"{OTHER}/"])


@pytest.mark.parametrize(
    "host",
    [
        "",
        "127.0.0.1",
        "127.0.0.1:5000",
        "192.0.2.7:80",
        "[::1]",
        "[2001:db8::1]:5000",
        "localhost",
        "localhost:5000",
        "LocalHost",
        "box",
        "hub.localhost",
        "hub.local",
        "Hub.Local.:5000",
        "hub.home.arpa",
        "chat.internal:5000",
        "chat.example.org",
        "Chat.Example.ORG",
        "chat.example.org.",
        "chat.example.org:8443",
        "games.example",
    ],
)
def test_names_that_mean_this_hub(origins: Origins, host: str) -> None:
    """Addresses, names that no stranger can point here, and those of the settings."""
    assert origins.knows(host)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:5000",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "chat.example.org.evil.example",
        "evilchat.example.org",
        "example.org",
        "hub.local.evil.example",
        "notlocal.example",
        "home.arpa.example",
        "1.2.3",
        "127.0.0.1.5",
        ".",
        "[::1",
        "[evil.example]",
        ":5000",
    ],
)
def test_names_that_a_stranger_may_have(origins: Origins, host: str) -> None:
    """Else a page could become one of the hub's own by an entry in the DNS."""
    assert not origins.knows(host)


def test_without_settings_no_public_name_is_known() -> None:
    assert not Origins([]).knows("chat.example.org")


@given(st.text())
def test_any_name_at_all(host: str) -> None:
    """Whatever stands there, it is known or not."""
    assert Origins([PUBLIC]).knows(host) in (True, False)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("", "127.0.0.1:5000"),
        ("http://127.0.0.1:5000", "127.0.0.1:5000"),
        ("https://127.0.0.1:5000", "127.0.0.1:5000"),
        ("http://localhost", "localhost"),
        ("HTTP://LocalHost", "localHOST"),
        ("http://[::1]:5000", "[::1]:5000"),
        (PUBLIC, "127.0.0.1:5000"),
        (PUBLIC.upper(), "whatever"),
        (OTHER, "127.0.0.1:5000"),
    ],
)
def test_pages_that_may_speak(origins: Origins, origin: str, host: str) -> None:
    """The hub's own, those of the settings, and who is no page at all."""
    assert origins.allow(origin, host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://evil.example", "127.0.0.1:5000"),
        ("null", "127.0.0.1:5000"),
        ("null", ""),
        ("http://127.0.0.1", "127.0.0.1:5000"),
        ("http://127.0.0.1:5001", "127.0.0.1:5000"),
        ("http://127.0.0.1:5000.evil.example", "127.0.0.1:5000"),
        ("ftp://127.0.0.1:5000", "127.0.0.1:5000"),
        ("file://", ""),
        ("127.0.0.1:5000", "127.0.0.1:5000"),
        ("http://chat.example.org", "127.0.0.1:5000"),
        (f"{PUBLIC}:444", "127.0.0.1:5000"),
        ("http://games.example", "127.0.0.1:5000"),
        (f"{PUBLIC}.evil.example", "127.0.0.1:5000"),
    ],
)
def test_pages_that_may_not(origins: Origins, origin: str, host: str) -> None:
    """Another scheme or port is another origin (RFC 6454, section 4)."""
    assert not origins.allow(origin, host)


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("chat.example.org", PUBLIC),
        ("Chat.Example.org", PUBLIC),
        ("games.example:8080", OTHER),
        ("games.example", ""),
        ("127.0.0.1:5000", ""),
        ("", ""),
    ],
)
def test_the_public_name(origins: Origins, host: str, public: str) -> None:
    """What the card shows when it is called up by that name."""
    assert origins.public(host) == public
