"""What the figures of a run depend on: the machine, and the state of the code."""

from __future__ import annotations

import contextlib
import os
import platform
import sqlite3
import statistics
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.contestant import ROOT

SYNCS = 50


def facts(folder: Path) -> dict[str, str | int | float | None]:
    """Describe this machine, for the head of a table and for JSON.

    Args:
        folder: Where the servers keep their data. Its filesystem is told, and what it
            takes to sync a few bytes there: a journal synced to memory costs nothing.

    Returns:
        A flat table; None for what the machine does not tell.
    """
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "filesystem": _filesystem(folder),
        "sync_ms": round(_sync_seconds(folder) * 1000, 3),
    }


def _cpu() -> str | None:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or None


def _commit() -> str | None:
    """The commit, with ``-dirty`` if the code differs from it; None without git."""
    git = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude=*"]
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        answer = subprocess.run(
            git, capture_output=True, text=True, timeout=10, check=True
        )
        return answer.stdout.strip() or None
    return None


def _filesystem(folder: Path) -> str | None:
    """The type of the filesystem that holds ``folder``, such as ``ext4``."""
    best: tuple[int, str] | None = None
    with contextlib.suppress(OSError):
        for line in Path("/proc/mounts").read_text("utf-8").splitlines():
            _, at, kind, *_ = line.split()
            if folder.resolve().is_relative_to(at):
                best = max(best or (0, ""), (len(at), kind))
    return best[1] if best else None


def _sync_seconds(folder: Path) -> float:
    """What it takes to append a few bytes to a file and sync them: the median."""
    spent = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(SYNCS):
            started = time.perf_counter()
            file.write(b"a few bytes")
            file.flush()
            os.fdatasync(file.fileno())
            spent.append(time.perf_counter() - started)
    return statistics.median(spent)
