"""What was typed is kept, and for nobody else to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.history import InMemoryHistory

from hubbub.fronts.line import input_history
from hubbub.fronts.line.input_history import TypedHistory, open_history

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "typed_lines"


def kept(path: Path) -> list[str]:
    return list(TypedHistory(path, lambda _line: True).load_history_strings())


def test_lines_are_kept_newest_first(path: Path) -> None:
    history = TypedHistory(path, lambda _line: True)
    history.append_string("one")
    history.append_string("two\nlines")
    assert kept(path) == ["two\nlines", "one"]


def test_the_file_is_private(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"")
    path.chmod(0o644)
    TypedHistory(path, lambda _line: True)
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_not_wanted_is_not_kept(path: Path) -> None:
    TypedHistory(path, lambda _line: False).append_string("my name")
    assert kept(path) == []


def test_the_file_does_not_grow_for_ever(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(input_history, "_KEPT", 3)
    monkeypatch.setattr(input_history, "_TRIM_AT", 500)
    history = TypedHistory(path, lambda _line: True)
    for number in range(50):
        history.append_string(str(number))
    assert kept(path) == ["49", "48", "47"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_full_disk_is_no_reason_to_stop(path: Path) -> None:
    history = TypedHistory(path, lambda _line: True)
    path.unlink()
    path.mkdir()
    history.append_string("still here")
    assert history.get_strings() == ["still here"]


def test_without_a_place_for_it_there_is_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_bytes(b"")
    monkeypatch.setattr(input_history, "user_state_path", lambda *_, **__: in_the_way)
    assert isinstance(open_history(lambda _line: True), InMemoryHistory)
    monkeypatch.setattr(input_history, "user_state_path", lambda *_, **__: tmp_path)
    assert isinstance(open_history(lambda _line: True), TypedHistory)
