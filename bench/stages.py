"""Where the time of a delivery goes: a hub under the loads, with its stages timed.

Run it as ``python -m bench.stages`` or ``make bench-stages``; it takes the options of
``python -m bench`` as far as they make sense. What it prints is CPU time, which other
work on the machine disturbs less than it does a rate. The clock itself costs some
tenths of a microsecond a call, which is in the figures.
"""

from __future__ import annotations

import json
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.contestant import ROOT, TrialError
from bench.crowd import Crowd
from bench.loads import LOADS
from bench.options import parse
from bench.ours import Hubbub
from bench.server import Cores, Server

if TYPE_CHECKING:
    from bench.loads import Load

_WARM_UP_SECONDS = 1.0
_QUIET_SECONDS = 0.5
_ANSWER_SECONDS = 10.0

# In the order of a message's way, with what each holds besides the stages named.
ROWS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("receive", "RECEIVE: the system call", ()),
    ("take", "bytes to lines", ()),
    ("decide", "lines to commands, rules, events", ()),
    ("append", "journal: encode, insert, commit", ()),
    ("deliver", "render once, fill outboxes", ()),
    ("turn", "the rest of the turn", ("decide", "append", "deliver")),
    ("send", "SEND: a system call for each receiver", ()),
    (
        "all",
        "waiting for sockets, calling back, all else",
        ("receive", "take", "turn", "send"),
    ),
)


class StagedHub(Hubbub):
    """The hub, started with its stages timed."""

    def command(self, port: int, folder: Path) -> list[str]:
        """`bench/staged_hub.py` in the place of `server.py`."""
        python, _door, *rest = super().command(port, folder)
        script = str(ROOT / "bench/staged_hub.py")
        return [python, script, str(folder / "stages.json"), *rest]


def measure(engine: str, load: Load, seconds: float, folder: Path) -> str:
    """Put one engine under one load; give the table of its stages.

    Raises:
        TrialError: It could not be measured.
    """
    contestant = StagedHub(engine)
    with (
        tempfile.TemporaryDirectory(prefix="bench-", dir=folder) as place,
        Server(contestant, Path(place), Cores.choose()) as server,
        Crowd(load, contestant, server.port) as crowd,
    ):
        crowd.join(load.seats)
        crowd.settle(_QUIET_SECONDS)
        crowd.begin()
        crowd.drive(_WARM_UP_SECONDS)
        server.send_signal(signal.SIGUSR1)
        delivered = crowd.drive(seconds)
        server.send_signal(signal.SIGUSR2)
        out = Path(place) / "stages.json"
        deadline = time.monotonic() + _ANSWER_SECONDS
        # The hub answers signals between two turns, so it has to be kept going.
        while not out.exists():
            crowd.drive(0.05)
            if time.monotonic() > deadline:
                raise TrialError("did not tell of its stages")
        return table(json.loads(out.read_text("utf-8")), delivered)


def table(found: dict[str, dict[str, int]], delivered: int) -> str:
    """Lay out what a hub has told.

    Args:
        found: What `bench/staged_hub.py` wrote.
        delivered: How many deliveries were made meanwhile.
    """
    spent = found["nanoseconds"]
    turns = found["calls"].get("turn", 0) or 1
    lines = [
        "| stage | us a turn | us a delivery | share |",
        "| --- | --: | --: | --: |",
    ]
    for stage, about, within in ROWS:
        own = spent.get(stage, 0) - sum(spent.get(one, 0) for one in within)
        lines.append(
            f"| {about} | {own / turns / 1000:,.1f} | {own / delivered / 1000:.4f} "
            f"| {own / spent['all']:.0%} |"
        )
    whole = spent["all"]
    lines.append(
        f"| **all** | {whole / turns / 1000:,.1f} | {whole / delivered / 1000:.4f} | |"
    )
    per_turn = delivered / turns
    return "\n".join(
        [*lines, "", f"{turns:,} turns, {per_turn:,.1f} deliveries in each."]
    )


def main(argv: list[str] | None = None) -> int:
    """Print a table for each engine and load asked for."""
    options = parse(argv)
    failed = False
    for name in options.only:
        load = LOADS[name](options.connections)
        if not load.observer_of:
            continue
        for engine in Hubbub.ENGINES:
            if engine not in options.contestants:
                continue
            print(f"**{load.name}**, {engine}: {load.about}.\n")
            try:
                print(measure(engine, load, options.seconds, options.folder))
            except (OSError, TrialError) as error:
                failed = True
                print(f"could not be measured: {error}")
            print(flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
