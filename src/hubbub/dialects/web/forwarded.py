"""For whom a proxy asks, as it says in the headers of a request.

One header is read and the other never: a proxy sets the one it knows, and passes on
what its client wrote into the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hubbub.dialects.contract import Forwarded
from hubbub.dialects.web.requests import HttpRequest

ReadForwarded = Callable[[HttpRequest], Forwarded]

# RFC 7239, section 4: elements with commas between, of pairs with semicolons between.
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - RFC 9110's word, no secret
_PAIR = re.compile(rf'\s*(?:({_TOKEN})=({_TOKEN}|"(?:[^"\\]|\\.)*"))?\s*(;|,|$)')

# `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]`, `[2001:db8::1]:80` (section 6).
_NODE = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::\w+)?|([0-9.]+)(?::\w+)?")


def read_x_forwarded(request: HttpRequest) -> Forwarded:
    """Read `X-Forwarded-For` and `X-Forwarded-Proto`, which every proxy knows."""
    hosts = request.header("x-forwarded-for")
    scheme = request.header("x-forwarded-proto").rpartition(",")[2].strip().lower()
    chain = tuple(host.strip() for host in hosts.split(",")) if hosts else ()
    return Forwarded(tuple((_host(host), scheme) for host in chain))


def read_forwarded(request: HttpRequest) -> Forwarded:
    """Read `Forwarded` (RFC 7239); one that is not well formed says nothing."""
    header = request.header("forwarded")
    chain: list[tuple[str, str]] = []
    element: dict[str, str] = {}
    place = 0
    while place < len(header):
        pair = _PAIR.match(header, place)
        if pair is None:
            return Forwarded(())
        place = pair.end()
        name, value, end = pair.groups()
        if name is not None:
            element[name.lower()] = re.sub(r"\\(.)", r"\1", value.strip('"'))
        if end != ";":
            chain.append(
                (_host(element.get("for", "")), element.get("proto", "").lower())
            )
            element = {}
    return Forwarded(tuple(chain))


def _host(node: str) -> str:
    """Give the address of a node; "" for one that hides, or that is none."""
    found = _NODE.fullmatch(node)
    if found is not None:
        return found[1] or found[2]
    # `X-Forwarded-For` has IPv6 addresses without brackets.
    return node if re.fullmatch(r"[0-9A-Fa-f:.]+", node) else ""
