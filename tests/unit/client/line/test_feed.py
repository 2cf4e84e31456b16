"""Lines from standard input, read past Python's buffer."""

from __future__ import annotations

import errno
import itertools
import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.fronts.line.feed import (
    MAX_LINE,
    InputError,
    NotForReadingError,
    input_fd,
    leave_terminal_alone,
    read_lines,
)

if TYPE_CHECKING:
    from pathlib import Path


def lines_of(pieces: list[bytes], monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    chunks = iter([piece for piece in pieces if piece])
    with monkeypatch.context() as patch:
        patch.setattr(os, "read", lambda _fd, _size: next(chunks, b""))
        return list(read_lines(0))


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=9),
        min_size=1,
    ),
    st.lists(st.integers(0, 200), max_size=6),
    st.sampled_from(["\n", "\r\n"]),
)
def test_any_split_is_the_same(texts: list[str], cuts: list[int], end: str) -> None:
    data = end.join(texts).encode()
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    pieces = [data[a:b] for a, b in itertools.pairwise(edges)]
    with pytest.MonkeyPatch.context() as patch:
        got = lines_of(pieces, patch)
    assert got == (texts if texts[-1] else texts[:-1])


def test_a_line_that_is_too_long_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    long = b"x" * (MAX_LINE // 2 + 1)
    pieces = [b"one\n", long, long, long, b"tail\ntwo\n"]
    assert lines_of(pieces, monkeypatch) == ["one", None, "two"]
    assert lines_of([long, long, b"and no end"], monkeypatch) == [None]


def test_what_is_no_utf8_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lines_of([b"a\xffb\n"], monkeypatch) == ["a\ufffdb"]


def test_a_terminal_of_another_job(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_fd: int, _size: int) -> bytes:
        raise OSError(errno.EIO, "")

    monkeypatch.setattr(os, "read", fail)
    with pytest.raises(NotForReadingError):
        list(read_lines(0))


def test_a_folder_is_no_input(tmp_path: Path) -> None:
    fd = os.open(tmp_path, os.O_RDONLY)
    with pytest.raises(InputError, match="can't be read: Is a directory"):
        list(read_lines(fd))
    os.close(fd)


def test_no_input_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with open(os.devnull) as nothing:  # noqa: PTH123
        monkeypatch.setattr(sys, "stdin", nothing)
        assert input_fd() is None
    # Closed by now.
    assert input_fd() is None
    monkeypatch.setattr(sys, "stdin", None)
    assert input_fd() is None
    with (tmp_path / "lines").open("w+") as file:
        monkeypatch.setattr(sys, "stdin", file)
        assert input_fd() == file.fileno()


def test_the_shell_does_not_stop_us() -> None:
    before = signal.getsignal(signal.SIGTTIN)
    leave_terminal_alone()
    assert signal.getsignal(signal.SIGTTIN) is signal.SIG_IGN
    signal.signal(signal.SIGTTIN, before)
