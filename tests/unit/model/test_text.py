"""Clean text: nothing in it drives a terminal."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.model.text import clean, is_empty

# Said again by hand: C0 but tab and newline, DEL, C1, bidi controls of UAX 9 that
# reorder, lone surrogates.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)

nasty = st.text(
    st.sampled_from("\x1b\x9b\x9d\x9c\x90\x07[]\\mPX^_0;31 a\n\r\t\u202e\u2028\x85\x7f")
)


@given(st.text() | nasty)
def test_cleaned_text_has_no_controls(text: str) -> None:
    """Tab and newline stay; no other control, no bidi override, no surrogate."""
    cleaned = clean(text)
    assert not FORBIDDEN.search(cleaned)
    cleaned.encode()
    assert cleaned == cleaned.strip("\n")


@given(st.text() | nasty)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    """Nothing is put together by what was taken out."""
    assert clean(clean(text)) == clean(text)


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"])))
def test_printable_text_is_left_as_it_is(text: str) -> None:
    """Any language, any emoji, comes out as it went in."""
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb\rc\u2028d\x85e\x0bf", "a\nb\nc\nd\ne\nf"),
        ("\n\na\n\n", "a"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07x", "x"),
        ("\x1b]8;;http://e.vil\x1b\\link", "link"),
        ("\x1bPq#0\x1b\\x", "x"),
        ("\x1b[2J\x1b[Hhome", "home"),
        ("a\x1b(0b", "ab"),
        ("a\x00\x07\x08b", "ab"),
        ("\u202egnp.exe", "gnp.exe"),
        ("\x1b", ""),
        ("\x1b]never ended", ""),
        ("\x1b]ended by the line\nnext", "next"),
        ("a\u200fb", "a\u200fb"),
    ],
)
def test_escape_sequences_go_as_a_whole(text: str, cleaned: str) -> None:
    """ECMA-48 sequences leave nothing to read; every line break is one newline."""
    assert clean(text) == cleaned


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u00a0", "\u3000"])
def test_empty(text: str) -> None:
    """White space alone is nothing to show."""
    assert is_empty(text)


def test_not_empty() -> None:
    """One letter is something."""
    assert not is_empty(" a ")
