"""The QR codes, read back from what a terminal would show."""

from __future__ import annotations

import re

import pytest
import zxingcpp

from hubbub.dialects.plain.qr import draw

URLS = [
    "http://10.0.0.7:5000/",
    "http://[2001:db8:85a3:8d3:1319:8a2e:370:7348]:65535/",
]

# What the two colours that are asked for come to, and the halves of each character.
_LOOK = re.compile(r"\x1b\[38;5;16;48;5;231m(.*)\x1b\[0m")
_INK, _PAPER = 0, 255
_HALVES = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
_SCALE = 4


def photograph(rows: list[str], background: int) -> memoryview:
    """Give the pixels of a terminal that shows these rows, in grey."""
    lines: list[list[int]] = []
    for row in rows:
        shown = _LOOK.fullmatch(row)
        assert shown
        lines.extend(
            [_INK if _HALVES[cell][half] else _PAPER for cell in shown[1]]
            for half in (0, 1)
        )
    margin = 6
    width = len(lines[0]) + 2 * margin
    edge = [[background] * width] * margin
    beside = [background] * margin
    picture = [*edge, *([*beside, *line, *beside] for line in lines), *edge]
    pixels = b"".join(
        bytes(pixel for pixel in line for _ in range(_SCALE)) * _SCALE
        for line in picture
    )
    return memoryview(pixels).cast("B", shape=[len(picture) * _SCALE, width * _SCALE])


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("background", [0, 255], ids=["dark", "light"])
def test_a_camera_reads_it_from_any_terminal(url: str, background: int) -> None:
    found = zxingcpp.read_barcodes(photograph(draw(url), background))
    assert [one.text for one in found] == [url]


def test_there_is_white_around_it() -> None:
    rows = draw(URLS[0])
    assert all(not _LOOK.fullmatch(row)[1].strip() for row in (*rows[:2], rows[-1]))  # type: ignore[index]
    assert all(re.search(r"m {4}.* {4}\x1b", row) for row in rows)


def test_a_narrow_terminal_gets_none() -> None:
    width = len(_LOOK.fullmatch(draw(URLS[0])[0])[1])  # type: ignore[index]
    assert draw(URLS[0], columns=width)
    assert not draw(URLS[0], columns=width - 1)
