"""Disks of a test's own that can be filled, and be given room again."""

from __future__ import annotations

import ctypes
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

_PAGE = 4096


class Disk(Protocol):
    """A folder on a disk that is full when the test says so."""

    folder: Path

    def fill(self, pid: int) -> None:
        """Leave no room for what a process wants to write."""

    def make_room(self, pid: int) -> None:
        """Let it write again."""


class LimitedFiles:
    """The limit of the kernel on a process's files: no file can grow any more."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, pid: int) -> None:
        """Let no file grow over the largest there is."""
        largest = max(file.stat().st_size for file in self.folder.iterdir())
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (largest, hard))

    def make_room(self, pid: int) -> None:
        """Let files grow as far as they may."""
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))


class SmallDisk:
    """A filesystem in memory, of a few megabytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, pid: int = 0, free: int = 0) -> None:
        """Fill all but `free` pages."""
        status = os.statvfs(self.folder)
        taken = self._ballast.stat().st_size if self._ballast.exists() else 0
        left = status.f_bavail * status.f_frsize
        size = taken + left - free * _PAGE
        with self._ballast.open("ab") as file:
            os.posix_fallocate(file.fileno(), 0, max(size, 1))

    def forbid_writing(self) -> None:
        """Let it only be read from now on."""
        remount, read_only = 32, 1  # MS_REMOUNT, MS_RDONLY
        flags = remount | read_only
        if _libc().mount(b"", os.fsencode(self.folder), b"", flags, b""):
            raise OSError(ctypes.get_errno(), "remounting failed")

    def make_room(self, pid: int = 0) -> None:
        """Throw away what fills it."""
        self._ballast.unlink()


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk | None]:
    """Mount a small disk there; give None where this process may not mount."""
    folder.mkdir()
    options = f"size={megabytes}m".encode()
    if _libc().mount(b"hubbub-test", os.fsencode(folder), b"tmpfs", 0, options):
        yield None
        return
    try:
        yield SmallDisk(folder)
    finally:
        detach = 2  # MNT_DETACH: also if something has a file open still
        _libc().umount2(os.fsencode(folder), detach)
