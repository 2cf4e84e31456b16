"""A hub whose stages are timed: what `bench.stages` starts and asks.

Run as ``python bench/staged_hub.py OUT HOST PORT [options]``, with all but OUT as for
``server.py``. SIGUSR1 begins to count; SIGUSR2 ends it and writes OUT, a JSON object.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from hubbub.app.cli import server_door
from hubbub.engines import event_loop, threads
from hubbub.engines.steps import Steps
from hubbub.node import Node
from hubbub.node.intake import Intake
from hubbub.node.storage import Storage
from hubbub.node.telling import Telling

STAGES: tuple[tuple[object, str, str], ...] = (
    (Steps, "receive", "receive"),
    (Steps, "receive_new", "receive"),
    (Node, "receive", "take"),
    (Intake, "decide", "decide"),
    (Storage, "append", "append"),
    (Telling, "deliver", "deliver"),
    (Node, "turn", "turn"),
    (event_loop, "flush_all", "send"),
    (threads, "flush_all", "send"),
)

_nanoseconds: Counter[str] = Counter()
_calls: Counter[str] = Counter()
_before: dict[str, Counter[str]] = {}


def _time(owner: Any, name: str, stage: str) -> None:
    """Have every call of a function counted as a stage."""
    original = getattr(owner, name)
    clock = time.thread_time_ns

    def timed(*args: Any, **kwargs: Any) -> Any:
        before = clock()
        try:
            return original(*args, **kwargs)
        finally:
            _nanoseconds[stage] += clock() - before
            _calls[stage] += 1

    setattr(owner, name, timed)


def _so_far() -> dict[str, Counter[str]]:
    nanoseconds = Counter(_nanoseconds)
    nanoseconds["all"] = time.process_time_ns()
    return {"nanoseconds": nanoseconds, "calls": Counter(_calls)}


def _begin(*_: object) -> None:
    # Nothing is set back: the signal may come amid an addition, which would undo that.
    _before.update(_so_far())


def _end(out: Path) -> None:
    found = {name: counts - _before[name] for name, counts in _so_far().items()}
    draft = out.with_suffix(".new")
    draft.write_text(json.dumps(found), encoding="utf-8")
    draft.replace(out)


def main(argv: list[str]) -> int:
    """Serve as ``server.py`` does."""
    out = Path(argv[0])
    for owner, name, stage in STAGES:
        _time(owner, name, stage)
    signal.signal(signal.SIGUSR1, _begin)
    signal.signal(signal.SIGUSR2, lambda *_: _end(out))
    return server_door(argv[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
