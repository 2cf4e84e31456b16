"""For whom a proxy asks: X-Forwarded-For, and Forwarded (RFC 7239)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.dialects.web.forwarded import read_forwarded, read_x_forwarded
from hubbub.dialects.web.requests import HttpRequest


def request(**headers: str) -> HttpRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpRequest("GET", "/", named)


@pytest.mark.parametrize(
    ("hosts", "proto", "chain"),
    [
        ("", "", ()),
        ("", "https", ()),
        ("192.0.2.1", "", (("192.0.2.1", ""),)),
        (
            "192.0.2.1, 2001:db8::1",
            "HTTPS",
            (("192.0.2.1", "https"), ("2001:db8::1", "https")),
        ),
        (
            "[2001:db8::1]:80,192.0.2.1:8080",
            "",
            (("2001:db8::1", ""), ("192.0.2.1", "")),
        ),
        (
            "unknown, <b>, 192.0.2.1",
            "a, http",
            (("", "http"), ("", "http"), ("192.0.2.1", "http")),
        ),
    ],
)
def test_x_forwarded_for(
    hosts: str, proto: str, chain: tuple[tuple[str, str], ...]
) -> None:
    headers = {"x_forwarded_for": hosts, "x_forwarded_proto": proto}
    assert read_x_forwarded(request(**headers, forwarded="for=9.9.9.9")).chain == chain


@pytest.mark.parametrize(
    ("header", "chain"),
    [
        ("", ()),
        ("for=192.0.2.60;proto=HTTPS;by=203.0.113.43", (("192.0.2.60", "https"),)),
        ('For="[2001:db8:cafe::17]:4711"', (("2001:db8:cafe::17", ""),)),
        (
            "for=192.0.2.43, for=198.51.100.17",
            (("192.0.2.43", ""), ("198.51.100.17", "")),
        ),
        ('for="_gazonk", for=unknown;proto=http', (("", ""), ("", "http"))),
        ('for="192.0.2.1, for=9.9.9.9"', (("", ""),)),  # a comma within quotes
        ("proto=https", (("", "https"),)),
        ('for="192.0.2.1', ()),
        ("for=192.0.2.1 and more", ()),
        ("for = 192.0.2.1", ()),
    ],
)
def test_forwarded(header: str, chain: tuple[tuple[str, str], ...]) -> None:
    """RFC 7239, sections 4 and 6; the examples of section 4 among them."""
    asked = request(forwarded=header, x_forwarded_for="9.9.9.9")
    assert read_forwarded(asked).chain == chain


@given(st.text(st.characters(min_codepoint=32, max_codepoint=255)))
def test_any_header_is_read(header: str) -> None:
    asked = request(forwarded=header, x_forwarded_for=header, x_forwarded_proto=header)
    for read in (read_forwarded, read_x_forwarded):
        for host, _ in read(asked).chain:
            assert set(host) <= set("0123456789abcdefABCDEF:.")
