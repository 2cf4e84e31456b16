"""``python -m chaos``: break things on purpose, and print what came of it."""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conformance.scene import ENGINES, SPEAKERS

from chaos import disk, kill, slow
from chaos.reconnect import Schedule
from chaos.report import table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Row = dict[str, str]
"""What is printed of one case; `""` is the engine, and `kept` the verdict."""

# Longest time from the start of a hub to its end, in seconds.
_LONGEST_LIFE = 0.5
_DISK_MESSAGES = 5000
_STEPS = 300
_RESTARTS = 6
_SLOW_RATE = 2000
# What memory may grow by beside a full outbox: two pages of the journal as they are
# read, decoded, and written for the reader that catches up, and the allocator's slack.
_MEMORY_SLACK = 8 << 20


@dataclass(frozen=True)
class Options:
    """What was asked for; see `parse`."""

    only: list[str]
    engines: list[str]
    rounds: int
    schedules: int
    cuts: int
    megabytes: int
    seed: int
    folder: Path


def parse(argv: Sequence[str] | None) -> Options:
    """Read the command line; ``None`` stands for that of this process.

    Raises:
        SystemExit: It asks for help, or for what cannot be done; the reason is told.
    """
    parser = argparse.ArgumentParser(
        prog="python -m chaos",
        description="Break hubs, connections and readers, and see what is kept.",
    )
    for name, known in (("only", list(EXPERIMENTS)), ("engines", list(ENGINES))):
        parser.add_argument(
            f"--{name}",
            nargs="+",
            metavar="NAME",
            choices=known,
            default=known,
            help=f"of {', '.join(known)}",
        )
    for name, default, most, about in (
        ("rounds", 100, 10_000, "kills for each engine"),
        ("schedules", 5, 1000, "random schedules of a bad network for each engine"),
        ("cuts", 20, 1000, "power cuts for each engine"),
        ("megabytes", 100, 10_000, "what passes while a reader does not read"),
        ("seed", random.randrange(10**6), 10**9, "of all that is drawn"),
    ):
        parser.add_argument(
            f"--{name}",
            type=_whole(most),
            default=default,
            metavar=name.upper(),
            help=f"{about} (%(default)s)",
        )
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(tempfile.gettempdir()),
        help="the hubs' data goes here meanwhile; a disk, not memory (%(default)s)",
    )
    options = Options(**vars(parser.parse_args(argv)))
    if not options.folder.is_dir():
        parser.error(f"--folder {options.folder} is not a folder")
    return options


def _whole(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or not 0 < int(text) <= most:
            raise argparse.ArgumentTypeError(
                f"{text!r} is no whole number from 1 to {most:,}"
            )
        return int(text)

    return read


def main(argv: Sequence[str] | None = None) -> int:
    """Run the experiments.

    Returns:
        0, or 1 if a promise was not kept.
    """
    if sys.platform != "linux":
        sys.exit("These experiments read /proc and run strace, so they need Linux.")
    options = parse(argv)
    # Whoever ends this also ends the hubs that it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print(f"seed {options.seed}\n")
    kept = True
    for name in options.only:
        title, experiment = EXPERIMENTS[name]
        rows = list(experiment(options))
        _progress("")
        if rows:
            print(table(title, rows), flush=True)
        kept = kept and all(row["kept"] == "yes" for row in rows)
    return int(not kept)


def _progress(what: str) -> None:
    """Show what is going on, on a terminal alone: it is no part of the results."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{what}")
        sys.stderr.flush()


def _count(what: str, number: int) -> None:
    _progress(f"{what} {number}")


def _folders(options: Options, engines: Iterable[str]) -> Iterator[tuple[str, Path]]:
    for engine in engines:
        with tempfile.TemporaryDirectory(dir=options.folder) as name:
            yield engine, Path(name)


def _kill(options: Options) -> Iterator[Row]:
    dice = random.Random(options.seed)
    for engine, folder in _folders(options, options.engines):
        moments = [
            kill.after_seconds(dice.uniform(0, _LONGEST_LIFE))
            for _ in range(options.rounds)
        ]
        verdict = kill.kill_again_and_again(
            engine,
            folder / "hub",
            moments,
            note=partial(_count, f"kill {engine}"),
        )
        yield {
            "engine": engine,
            "kills": f"{verdict.rounds:,}",
            "acknowledged": f"{verdict.acknowledged:,}",
            "shown": f"{verdict.shown:,}",
            "missing": str(verdict.missing),
            "twice": str(verdict.repeated),
            "another seq": str(verdict.moved),
            "another order": str(verdict.disordered),
            "kept": _yes(verdict.good, verdict.faults),
        }


def _disk(options: Options) -> Iterator[Row]:
    problem = disk.problem()
    if problem:
        print(f"disk: left out, because {problem}\n")
        return
    for engine, folder in _folders(options, options.engines):
        disk.trace(engine, folder, _DISK_MESSAGES)
        verdict = disk.examine(
            folder,
            engine,
            random.Random(options.seed),
            options.cuts,
            partial(_count, f"power cut {engine}"),
        )
        yield {
            "engine": engine,
            "messages sent": f"{verdict.messages:,}",
            "sends": f"{verdict.sends:,}",
            "syncs": f"{verdict.syncs:,}",
            "log folded back": str(verdict.folds),
            "sent before synced": str(verdict.unsynced),
            "power cuts": str(verdict.cuts),
            "lost": str(verdict.lost),
            "kept": _yes(verdict.good, []),
        }


def _reconnect(options: Options) -> Iterator[Row]:
    for engine in options.engines:
        verdicts = []
        for number in range(options.schedules):
            seed = options.seed + number
            _progress(f"reconnect {engine} seed {seed}")
            for _, folder in _folders(options, [engine]):
                with Schedule(engine, folder / "hub", seed) as schedule:
                    verdicts.append(schedule.run(_STEPS, _RESTARTS))
        faults = [f"seed {v.seed}: {fault}" for v in verdicts for fault in v.faults]
        yield {
            "engine": engine,
            "schedules": str(len(verdicts)),
            "connections": f"{sum(v.connections for v in verdicts):,}",
            "restarts": str(sum(v.restarts for v in verdicts)),
            "events": f"{sum(v.events for v in verdicts):,}",
            "sent": f"{sum(v.sent for v in verdicts):,}",
            "missing": str(sum(v.missing for v in verdicts)),
            "twice": str(sum(v.repeated for v in verdicts)),
            "another order": str(sum(v.disordered for v in verdicts)),
            "kept": _yes(all(v.good for v in verdicts), faults),
        }


def _slow(options: Options) -> Iterator[Row]:
    size = options.megabytes * slow.MEGABYTE
    for kind in SPEAKERS:
        for engine, folder in _folders(options, options.engines):
            _progress(f"slow {engine} {kind}")
            verdict = slow.hold_a_reader(engine, kind, folder / "hub", size, _SLOW_RATE)
            verdict.end = slow.never_read_again(engine, kind, folder / "hub2")
            twice = verdict.p99_during <= 2 * verdict.p99_before
            small = verdict.grown <= slow.OUTBOX + _MEMORY_SLACK
            faults = [] if twice else ["the others waited"]
            faults += [] if small else ["memory grew"]
            yield {
                "engine": engine,
                "slow one": kind,
                "passed MB": f"{verdict.passed / slow.MEGABYTE:.0f}",
                "p99 ms before": f"{verdict.p99_before:.1f}",
                "p99 ms during": f"{verdict.p99_during:.1f}",
                "memory MiB before": f"{verdict.memory_before / (1 << 20):.1f}",
                "grown MiB": f"{verdict.grown / (1 << 20):.1f}",
                "lost, twice, disordered": str(verdict.wrong),
                "never reads": str(verdict.end),
                "kept": _yes(verdict.complete and not faults, faults),
            }


def _yes(good: bool, faults: Sequence[str]) -> str:
    return "yes" if good else "; ".join(["no", *faults[:3]])


EXPERIMENTS: dict[str, tuple[str, Callable[[Options], Iterator[Row]]]] = {
    "kill": (f"`kill -9` under load by {kill.SENDERS} senders", _kill),
    "disk": ("What is sent is on disk, and survives a power cut", _disk),
    "reconnect": ("Two chats behind a bad network", _reconnect),
    "slow": ("A reader that stops reading", _slow),
}


if __name__ == "__main__":
    sys.exit(main())
