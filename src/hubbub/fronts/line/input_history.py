"""What was typed, kept from one run to the next for nobody else to read."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from platformdirs import user_state_path
from prompt_toolkit.history import FileHistory, History, InMemoryHistory

# Lines kept, and the size of the file at which older ones are dropped.
_KEPT = 1000
_TRIM_AT = 256 * 1024


class TypedHistory(FileHistory):
    """A file of typed lines, private and of bounded size."""

    def __init__(self, path: Path, wanted: Callable[[str], bool]) -> None:
        """Open the file, making it if need be.

        Args:
            path: The file.
            wanted: Tells whether the line just typed is to be kept.

        Raises:
            OSError: The file can't be written.
        """
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # With the mode from the start: nobody may open it in between.
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        path.chmod(0o600)
        super().__init__(str(path))
        self._wanted = wanted
        if path.stat().st_size > _TRIM_AT:
            self._trim(path)

    def append_string(self, string: str) -> None:
        """Keep a line, unless it was an answer or holds a secret."""
        if self._wanted(string):
            super().append_string(string)

    def store_string(self, string: str) -> None:
        """Write a line to the file; a full disk is no reason to stop talking."""
        with contextlib.suppress(OSError):
            super().store_string(string)

    def _trim(self, path: Path) -> None:
        newest = list(islice(self.load_history_strings(), _KEPT))
        path.write_bytes(b"")
        for string in reversed(newest):
            self.store_string(string)


class UnkeptHistory(InMemoryHistory):
    """Typed lines of this run alone."""

    def __init__(self, wanted: Callable[[str], bool]) -> None:
        """Begin empty; `wanted` is as for `TypedHistory`."""
        super().__init__()
        self._wanted = wanted

    def append_string(self, string: str) -> None:
        """Keep a line, unless it was an answer or holds a secret."""
        if self._wanted(string):
            super().append_string(string)


def open_history(wanted: Callable[[str], bool]) -> History:
    """Give the history of typed lines, in memory alone where no file can be kept."""
    try:
        path = user_state_path("hubbub", appauthor=False) / "typed_lines"
        return TypedHistory(path, wanted)
    except OSError:
        return UnkeptHistory(wanted)
