"""What a long history costs: the same hub on a small journal and on a very large one.

Run it as ``python -m bench.growth`` or ``make bench-growth``. It builds both journals
in a folder of its own, which is removed afterwards, and prints a table.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.machine import facts
from hubbub.app.compose import JOURNAL_NAME
from hubbub.hub import Hub
from hubbub.journal.sqlite import SqliteJournal
from hubbub.model.address import LOBBY, ToGroup
from hubbub.model.commands import CreateGroup, HubCommand, Join, Post
from hubbub.model.event import LOBBY_ROOM
from hubbub.model.events import SERVER_ID
from hubbub.model.limits import Limits
from hubbub.node.storage import SNAPSHOT_EVERY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hubbub.model.events import Event

ROOT = Path(__file__).resolve().parents[1]

_SMALL = 1_000
_LARGE = 10_000_000
_USERS = 100
_BATCH = 20_000
_PAGE = 101
_START = 1_700_000_000_000
_TEXT = "what somebody says to all the others, of an ordinary length"


def _commands(count: int) -> Iterator[tuple[int, HubCommand]]:
    """People come, make a group, and talk in the lobby and, one time in ten, in it."""
    for number in range(_USERS):
        yield SERVER_ID, Join(f"user{number}", f"hash{number}", dialect="json")
    yield 1, CreateGroup("tea")
    for number in range(count):
        to = ToGroup("tea") if number % 10 == 0 else LOBBY
        user = 1 if number % 10 == 0 else 1 + number % _USERS
        yield user, Post(to, f"{number} {_TEXT}", f"n{number}")


def build(folder: Path, count: int) -> float:
    """Fill a journal, with as long a tail after its snapshot as there can be.

    Returns:
        Seconds it took.
    """
    folder.mkdir()
    began = time.perf_counter()
    hub = Hub(Limits())
    journal = SqliteJournal(folder / JOURNAL_NAME)
    events: list[Event] = []
    snapshot_at = count + _USERS + 1 - (SNAPSHOT_EVERY - 1)
    for actor, command in _commands(count):
        outcome = hub.execute(actor, command, _START + hub.state.seq)
        assert isinstance(outcome, list), outcome
        events += [event for event, _ in outcome]
        at_snapshot = events[-1].seq == snapshot_at
        if len(events) >= _BATCH or at_snapshot:
            journal.append(events, hub.state.dump() if at_snapshot else None)
            events = []
    if events:
        journal.append(events)
    journal.close()
    return time.perf_counter() - began


def timed(times: int, call: Callable[[], object]) -> tuple[float, float]:
    """Give the median and the slowest of several calls, in milliseconds."""
    took: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took), max(took)


def serve(folder: Path) -> tuple[float, float]:
    """Start a hub; give the seconds until it is there, and its memory in MiB."""
    began = time.perf_counter()
    hub = subprocess.Popen(
        [sys.executable, "server.py", "127.0.0.1", "0", "--data", str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert hub.stdout is not None
    try:
        for line in hub.stdout:
            if "SERVER STARTED" in line:
                break
        took = time.perf_counter() - began
        status = Path(f"/proc/{hub.pid}/status").read_text("utf-8")
        resident = re.search(r"VmRSS:\s+(\d+) kB", status)
    finally:
        hub.send_signal(signal.SIGTERM)
        hub.communicate(timeout=30)
    return took, int(resident[1]) / 1024 if resident else 0.0


def measure(folder: Path) -> dict[str, float]:
    """Measure one journal; what was appended to it stays."""
    start, memory = serve(folder)
    again, _ = serve(folder)
    journal = SqliteJournal(folder / JOURNAL_NAME)
    draw = random.Random(1)
    newest = timed(300, lambda: journal.messages(LOBBY_ROOM, None, _PAGE))
    anywhere = timed(
        300,
        lambda: journal.messages(LOBBY_ROOM, draw.randrange(journal.last_seq), _PAGE),
    )
    later = timed(100, lambda: journal.read(draw.randrange(journal.last_seq), 512))
    size = journal.size / 2**20
    hub = Hub(Limits())
    hub.execute(SERVER_ID, Join("late"), 0)

    def append() -> None:
        hub.state.seq = journal.last_seq
        events: list[Event] = []
        for _ in range(100):
            outcome = hub.execute(1, Post(LOBBY, _TEXT), _START)
            assert isinstance(outcome, list)
            events.append(outcome[0][0])
        journal.append(events)

    appended = timed(200, append)
    journal.put_snapshot(journal.last_seq, hub.state.dump())
    step = timed(20, lambda: journal.compact(_START * 2, 1_000))
    journal.close()
    return {
        "start, seconds": min(start, again),
        "memory after the start, MiB": memory,
        "newest page, ms": newest[0],
        "page from anywhere, ms": anywhere[0],
        "page from anywhere, slowest, ms": anywhere[1],
        "512 events for one who is behind, ms": later[0],
        "append of 100 events at FULL, ms": appended[0],
        "a step of compaction, ms": step[0],
        "a step of compaction, slowest, ms": step[1],
        "file, MiB": size,
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Build both, measure both, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth")
    parser.add_argument("--messages", type=int, default=_LARGE)
    parser.add_argument("--folder", type=Path, help="where both are built")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        print(json.dumps(facts(folder)))
        columns: dict[int, dict[str, float]] = {}
        for count in (_SMALL, options.messages):
            took = build(folder / str(count), count)
            print(f"{count:,} messages written in {took:.1f} s", flush=True)
            columns[count] = measure(folder / str(count))
    print(f"\n| | {' | '.join(f'{count:,} messages' for count in columns)} |")
    print("|---|" + "---|" * len(columns))
    for row in columns[_SMALL]:
        cells = (f"{column[row]:.2f}" for column in columns.values())
        print(f"| {row} | {' | '.join(cells)} |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
