"""Clean text: nothing in it drives a terminal."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.model.text import MAX_MARKS, clean, echo, is_empty, marks, one_line

# Said again by hand: C0 but tab and newline, DEL, C1, bidi controls of UAX 9 that
# reorder, lone surrogates.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0001]"
)

nasty = st.text(
    st.sampled_from(
        "\x1b\x9b\x9d\x9c\x90\x07[]\\mPX^_0;31 a\n\r\t\u202e\u2028\x85\x7f"
        "\ufeff\u0301\u0316\u20dd\u200d\ufe0f\ufe0e\U0001f3f4\U000e0061\U000e0062\U000e007f\ufff9"
    )
)


@given(st.text() | nasty)
def test_cleaned_text_has_no_controls(text: str) -> None:
    """Tab and newline stay; no other control, no bidi override, no surrogate."""
    cleaned = clean(text)
    assert not FORBIDDEN.search(cleaned)
    cleaned.encode()
    assert cleaned == cleaned.strip("\n")
    assert marks(cleaned) <= MAX_MARKS


@given(st.text() | nasty)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    """Nothing is put together by what was taken out."""
    assert clean(clean(text)) == clean(text)


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp", "Mn", "Me"])))
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


FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize(
    "text",
    [
        FAMILY,
        ENGLAND,
        "\u2764\ufe0f",
        "\U0001f3fb\U0001f9d1\U0001f3ff\u200d\U0001f4bb",
        "\u845b\U000e0100",
        "\u0e17\u0e35\u0e48",
        "\u05d1\u05bc\u05b0\u0591",
        "\u0f67\u0f90\u0fb5\u0fa8\u0fb3\u0fba\u0fbc\u0fbb\u0f82",
        "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\ue0b0 \u0378",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    """Joined emoji, flags, one selector, the marks of Thai, Hebrew and Tibetan, the
    non-joiner of Persian, private and unassigned letters."""
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("e" + "\u0301" * 100, "e" + "\u0301" * MAX_MARKS),
        ("e" + "\u0301\u200d" * 20, "e" + "\u0301\u200d" * MAX_MARKS + "\u200d" * 12),
        ("a\ufe0f\ufe0e\ufe01b", "a\ufe0fb"),
        ("a\U000e0100\U000e0101\U000e0102b", "a\U000e0100b"),
        ("hi\U000e0068\U000e0069", "hi"),
        ("\U0001f3f4\U000e0068\U000e0069", "\U0001f3f4"),
        (ENGLAND + "\U000e0041", ENGLAND),
        ("\ufeffbom", "bom"),
        ("seen\ufff9hidden\ufffbon", "seenhiddenon"),
        ("a\u206ab", "ab"),
    ],
)
def test_what_hides_or_floods_goes(text: str, cleaned: str) -> None:
    """UTS 39 and 51, and chapter 23 of the Unicode Standard."""
    assert clean(text) == cleaned


def test_what_has_several_lines_can_be_made_one() -> None:
    """A reason or a name is on one line; a sentence repeats only a little."""
    assert one_line("a\u2028b\x1b[2J\nc") == "a b c"
    assert echo("a\nb") == "a b"
    assert len(echo("x" * 10_000)) == 65


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\t\n",
        "\u00a0",
        "\u3000",
        "\u200b",
        "\u200d\ufe0f",
        "\u3164",
        "\u2800 ",
    ],
)
def test_empty(text: str) -> None:
    """White space alone is nothing to show, nor is what has no looks."""
    assert is_empty(text)


def test_not_empty() -> None:
    """One letter is something."""
    assert not is_empty(" a ")
