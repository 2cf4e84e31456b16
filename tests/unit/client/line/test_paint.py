"""Lines on a terminal: colours, and wrapping by width."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from wcwidth import width as cells

from hubbub.fronts.line.paint import Line, Span, paint


def plain(head: str, body: str, width: int | None = None) -> list[str]:
    line = Line((Span(head),), (Span(body),))
    return paint(line, color=False, width=width).split("\n")[:-1]


def test_a_line_ends_with_a_line_end() -> None:
    line = Line((Span("head ", "33"),), (Span("body"),))
    assert paint(line, color=False) == "head body\n"
    assert paint(line, color=True) == "\x1b[33mhead \x1b[0mbody\n"
    assert line.text == "head body"


def test_the_bell_rings_on_a_terminal_alone() -> None:
    line = Line((Span("head"),), bell=True)
    assert paint(line, color=True, width=80) == "\ahead\n"
    assert paint(line, color=True) == "head\n"


def test_long_lines_continue_below_their_text() -> None:
    assert plain("[12:00:00] bob >> ", "one two three four five six", 40) == [
        "[12:00:00] bob >> one two three four ",
        "                  five six",
    ]


def test_a_space_at_the_edge_is_dropped() -> None:
    assert plain("> ", "aaaa bbbb cccc", 6) == ["> aaaa", "  bbbb", "  cccc"]
    assert plain("> ", "aaaa    bbbb", 6) == ["> aaaa", "  bbbb"]


def test_a_long_word_is_broken_anywhere() -> None:
    assert plain("> ", "x" * 12, 7) == ["> xxxxx", "  xxxxx", "  xx"]


def test_a_head_that_fills_the_row_has_a_small_indent() -> None:
    rows = plain("[12:00:00] somebody-with-a-long-name >> ", "one two three four", 42)
    assert rows == [
        "[12:00:00] somebody-with-a-long-name >> ",
        "    one two three four",
    ]


def test_wide_characters_take_two_cells() -> None:
    assert plain("> ", "漢字漢字漢字", 8) == ["> 漢字漢", "  字漢字"]
    # A row of odd width keeps its last cell free.
    assert plain("> ", "漢字漢字", 7) == ["> 漢字", "  漢字"]


def test_combining_characters_take_none_and_stay_with_theirs() -> None:
    text = "e\u0301" * 6
    assert plain("> ", text, 6) == ["> " + "e\u0301" * 4, "  " + "e\u0301" * 2]


def test_an_emoji_of_several_code_points_is_not_torn() -> None:
    family = "\U0001f469\u200d\U0001f467"
    for row in plain("> ", family * 5, 8):
        assert row.replace(family, "").strip("> ") == ""


def test_tabs_are_spaces() -> None:
    assert plain("> ", "a\tb", 80) == ["> a    b"]


def test_colours_go_on_over_the_edge() -> None:
    line = Line((Span("> "),), (Span("aaaa bbbb", "7"),))
    assert paint(line, color=True, width=6) == (
        "> \x1b[7maaaa\x1b[0m\n  \x1b[7mbbbb\x1b[0m\n"
    )


_texts = st.text(
    st.sampled_from("ab é漢字\u0301\u200d\U0001f600 ") | st.characters(codec="utf-8")
).map(lambda text: "".join(char for char in text if char.isprintable()))


@given(_texts, _texts, st.integers(20, 60))
def test_no_row_is_wider_than_the_terminal(head: str, body: str, width: int) -> None:
    rows = plain(head, body, width)
    assert all(cells(row) <= width for row in rows)
    whole = "".join(rows).replace(" ", "")
    assert whole == (head + body).replace(" ", "")
