"""What a hub tells of itself to whoever has not come in."""

from __future__ import annotations

import json
import re

import pytest
import zxingcpp

from hubbub.dialects.web.card import About, Card
from hubbub.dialects.web.http import Ask, Outcome
from hubbub.dialects.web.origins import Origins
from hubbub.dialects.web.requests import HttpRequest
from hubbub.dialects.web.responses import Response
from hubbub.model.answers import Pinged, Present

PLACED = About("hubbub", "1", ("http://10.0.0.2:5000/", "http://[fd00::2]:5000/"))
NOWHERE = About("hubbub", "1")
PUBLIC = "https://chat.example.org"


def request(host: str = "127.0.0.1:5000", scheme: str = "http") -> HttpRequest:
    return HttpRequest("GET", "/about.json", {"host": host}, scheme=scheme)


def told(about: About, asked: HttpRequest) -> dict[str, object]:
    outcome: Outcome | None = Card(about, Origins([PUBLIC])).about(asked)
    if isinstance(outcome, Ask):
        assert outcome.response(Pinged("x")) is None
        outcome = outcome.response(Present(("ann",), 2))
    assert isinstance(outcome, Response)
    found: dict[str, object] = json.loads(outcome.body)
    return found


@pytest.mark.parametrize(
    ("about", "asked", "urls"),
    [
        (PLACED, request(), list(PLACED.urls)),
        (PLACED, request("chat.example.org"), [f"{PUBLIC}/", *PLACED.urls]),
        (NOWHERE, request(), ["http://127.0.0.1:5000/"]),
        (NOWHERE, request("[::1]:5000", "https"), ["https://[::1]:5000/"]),
        (NOWHERE, request(""), []),
    ],
)
def test_the_first_address_is_for_everyone(
    about: About, asked: HttpRequest, urls: list[str]
) -> None:
    assert told(about, asked)["urls"] == urls


def test_who_is_in_is_told_where_anybody_may_come_in() -> None:
    assert told(NOWHERE, request()).keys() == {
        "name",
        "version",
        "urls",
        "users",
        "observers",
    }
    closed = About("hubbub", "1", fingerprint=lambda: "AB", is_closed=True)
    assert told(closed, request()) == {
        "name": "hubbub",
        "version": "1",
        "urls": ["http://127.0.0.1:5000/"],
        "fingerprint": "AB",
    }


def picture(about: About, asked: HttpRequest) -> Response:
    outcome = Card(about, Origins([])).picture(asked)
    assert isinstance(outcome, Response)
    return outcome


def test_a_camera_reads_the_picture() -> None:
    response = picture(PLACED, request())
    assert dict(response.headers)["Content-Type"] == "image/svg+xml"
    found = zxingcpp.read_barcodes(pixels(response.body.decode()))
    assert [one.text for one in found] == [PLACED.urls[0]]


def pixels(svg: str, scale: int = 4) -> memoryview:
    """Paint the strokes of a QR code: moves and lines to the right, a module high."""
    size = re.search(r'viewBox="0 0 (\d+) \1"', svg)
    path = re.search(r'stroke="#000" d="([^"]+)"', svg)
    assert size
    assert path
    modules = int(size[1])
    rows = [bytearray(b"\xff" * modules) for _ in range(modules)]
    x, y = 0.0, 0.0
    for step, first, second in re.findall(r"([Mmh])(-?[\d.]+) ?(-?[\d.]+)?", path[1]):
        if step == "h":
            for column in range(int(x), int(x) + int(first)):
                rows[int(y)][column] = 0
            x += int(first)
        else:
            at = (float(first), float(second or 0))
            x, y = at if step == "M" else (x + at[0], y + at[1])
    grown = b"".join(
        bytes(module for module in row for _ in range(scale)) * scale for row in rows
    )
    return memoryview(grown).cast("B", shape=[modules * scale, modules * scale])


def test_there_is_no_picture_of_nothing_or_of_too_much() -> None:
    assert picture(NOWHERE, request("")).status == 404
    assert picture(NOWHERE, request("a" * 121)).status == 404
    assert picture(NOWHERE, request("a" * 120)).status == 200


CODE = "7k2mx-9qd4v-t3e8r-w1zyh-c5n6p"
INVITING = About("hubbub", "1", invite_url="https://10.0.0.2:5000/")


def invited(asked: HttpRequest, code: str = CODE, about: About = INVITING) -> Response:
    asked = HttpRequest(
        "GET", f"/join.svg?invite={code}", asked.headers, scheme=asked.scheme
    )
    outcome = Card(about, Origins([PUBLIC])).picture(asked)
    assert isinstance(outcome, Response)
    return outcome


@pytest.mark.parametrize(
    ("asked", "link"),
    [
        (request(), "https://10.0.0.2:5000/"),
        (request("localhost:5000"), "https://10.0.0.2:5000/"),
        (request("[::1]:5000"), "https://10.0.0.2:5000/"),
        (request("ada:5000"), "http://ada:5000/"),
        (request("10.0.0.9", "https"), "https://10.0.0.9/"),
        (request("chat.example.org"), f"{PUBLIC}/"),
    ],
)
def test_a_camera_reads_an_invitation(asked: HttpRequest, link: str) -> None:
    """Where whoever asks has come in; and nobody keeps it."""
    response = invited(asked)
    assert dict(response.headers)["Cache-Control"] == "no-store"
    found = zxingcpp.read_barcodes(pixels(response.body.decode()))
    assert [one.text for one in found] == [f"{link}#invite={CODE}"]


@pytest.mark.parametrize(
    "code",
    ["", "x", CODE.upper(), CODE.replace("-", ""), f"{CODE}-00000", f"{CODE}%0A"],
)
def test_nothing_but_a_code_is_drawn(code: str) -> None:
    """Whoever reads the picture goes where it says."""
    assert invited(request(), code).status == 400


def test_there_is_no_picture_of_an_invitation_to_nowhere() -> None:
    assert invited(request(""), about=NOWHERE).status == 404
    assert invited(request("a" * 100)).status == 404
