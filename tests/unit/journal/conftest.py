"""Fixtures: a journal in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.journal.breaking import said

from hubbub.journal.sqlite import SqliteJournal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path of a journal to be."""
    return tmp_path / "journal.sqlite3"


@pytest.fixture
def journal(path: Path) -> Iterator[SqliteJournal]:
    """Give a journal with two events."""
    journal = SqliteJournal(path)
    journal.append(said(1, 2), b"two")
    yield journal
    journal.close()
