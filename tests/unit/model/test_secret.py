"""Secrets stay out of what is written for somebody to read."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.model.secret import Mask, Secret

LINES = [
    b":register SECRET\n",
    b":PASSWD SECRET SECRET\n",
    b" :unregister SECRET",
    b'{"type":"hello","name":"ann","password":"SECRET","client":"x"}\n',
    b'{"type":"hello","resume":{"token":"SECRET","after":1}}\n',
    b'{"action":"passwd","password" : "SECRET\\"SECRET","new":"SECRET"}\n',
    b'{"type":"hello","password":"SEC\\u0052ET',
    b":invite SECRET\n",
    b'{"type":"invite","id":7,"invite":"SECRET"}\n',
    b"GET /join.svg?invite=SECRET HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nAuthorization: Bearer SECRET\r\nCookie: SECRET\r\n\r\nSECRET",
]


@pytest.mark.parametrize("line", LINES)
def test_a_secret_is_not_shown(line: bytes) -> None:
    shown = Mask().show(line)
    assert b"SECRET" not in shown
    assert b"ET" not in shown.replace(b"GET", b"")
    assert b"..." in shown


CODE = b"7k2mx-9qd4v-t3e8r-w1zyh-c5n6p"
TOLD = [
    b"[12:00:00] Invitation 7, for one person:\n  " + CODE + b"\n  a line\n",
    b"  http://10.0.0.2:5000/#invite=" + CODE + b"\n",
    b'{"type":"invite","link":"http://10.0.0.2/#invite=' + CODE + b'","id":7}\n',
    b"  hubbub join 10.0.0.2 5000 --invite " + CODE.upper(),
    b"GET /join.svg?invite=" + CODE + b" HTTP/1.1\r\n\r\n",
]


@pytest.mark.parametrize("told", TOLD)
@pytest.mark.parametrize("cut", range(100))
def test_a_code_is_not_shown_wherever_it_stands(told: bytes, cut: int) -> None:
    """Nor in two pieces: no more than its first group, and nothing of the rest."""
    mask = Mask()
    shown = b"".join(mask.show(piece) for piece in (told[:cut], told[cut:]) if piece)
    groups = CODE.split(b"-")
    assert not [one for one in groups[1:] if one in shown.lower()], shown


@given(st.sampled_from(LINES), st.lists(st.integers(0, 90)))
def test_not_in_pieces_either(line: bytes, cuts: list[int]) -> None:
    """However the line is cut, no piece shows more than a part of one letter row."""
    edges = [0, *sorted(cut for cut in cuts if cut < len(line)), len(line)]
    mask = Mask()
    pieces = itertools.pairwise(edges)
    shown = b"".join(mask.show(line[a:b]) for a, b in pieces if a < b)
    assert b"SECRET" not in shown


@pytest.mark.parametrize(
    "text",
    [b"hello", b"hello\nworld\n", b'{"type":"send","to":"lobby","text":"hi"}\n',
     b":pm bob :register is a command\n", b":registered users\n", b""],
)  # fmt: skip
def test_the_rest_is_shown_as_it_is(text: bytes) -> None:
    assert Mask().show(text) == text


ACCESS = b"hub_0123456789abcdefghijABCDEFGHIJ"


@pytest.mark.parametrize(
    "line",
    [b"POST /lobby HTTP/1.1\r\nAuthorization: Bearer %b\r\n\r\nhi",
     b"[12:00:00] Over HTTP: Authorization: Bearer %b\n",
     b"  %b\n",
     b'{"type":"token","token":"%b","id":5}\n',
     b"see %b!\n"],
)  # fmt: skip
def test_an_access_token_is_not_shown(line: bytes) -> None:
    """Wherever it stands; cut after its beginning, the rest is not shown either."""
    whole = line % ACCESS
    assert ACCESS[4:] not in Mask().show(whole)
    start = whole.index(ACCESS)
    for cut in range(start + 4, len(whole)):
        mask = Mask()
        shown = mask.show(whole[:cut]) + mask.show(whole[cut:])
        assert not any(ACCESS[at : at + 4] in shown for at in range(4, len(ACCESS)))
    for cut in range(whole.lower().find(b"authorization") + 4, start):
        mask = Mask()
        assert ACCESS[4:] not in mask.show(whole[:cut]) + mask.show(whole[cut:])


def test_a_secret_is_equal_to_the_same_secret() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert len({Secret("a"), Secret("a")}) == 1
    assert Secret("a") != "a"
