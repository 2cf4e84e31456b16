"""``python -m bench``: measure, print a table, and write a JSON file if asked to."""

from __future__ import annotations

import json
import resource
import signal
import sys
from typing import TYPE_CHECKING

from bench import machine, report
from bench.contestants import CONTESTANTS
from bench.loads import LOADS
from bench.options import parse
from bench.server import Cores
from bench.trial import Setting, attempt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.contestants import Contestant
    from bench.loads import Load
    from bench.trial import Outcome

# Files that a process has open besides its connections.
SPARE_FILES = 100


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark.

    Returns:
        0, or 1 if a contestant could not be measured.
    """
    if sys.platform != "linux":
        sys.exit("The benchmark reads epoll and /proc, so it needs Linux.")
    options = parse(argv)
    # A benchmark that is told to end still has to end its servers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    loads = [
        LOADS[name](options.idle if name == "idle" else options.connections)
        for name in options.only
    ]
    _raise_file_limit(max(len(load.seats) for load in loads))
    setting = Setting(Cores.choose(), options.seconds, options.folder)
    about = machine.facts(options.folder)
    print(*(f"{name}: {value}" for name, value in about.items()), sep=" · ")
    contestants = _present(options.contestants)
    try:
        results = _run(loads, contestants, setting, options.repeat)
    except KeyboardInterrupt:
        return 130
    for load, rows in results:
        print("\n" + report.table(load, rows))
    if options.json:
        facts = {
            "machine": about,
            "seconds": options.seconds,
            "rounds": options.repeat,
            "pinned": setting.cores.server is not None,
            "loads": [report.as_json(load, rows) for load, rows in results],
        }
        options.json.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    problems = (o.problem for _, rows in results for row in rows for o in row.outcomes)
    return int(any(problems))


def _run(
    loads: Sequence[Load],
    contestants: Sequence[Contestant],
    setting: Setting,
    repeat: int,
) -> list[tuple[Load, list[report.Result]]]:
    """Measure everyone under every load, round after round.

    The rounds are interleaved, so that a machine that becomes slow for a while is slow
    for everyone.
    """
    outcomes: dict[str, dict[Contestant, list[Outcome]]] = {
        load.name: {contestant: [] for contestant in contestants} for load in loads
    }
    for number in range(repeat):
        for load in loads:
            for contestant in contestants:
                _progress(f"{number + 1}/{repeat} {load.name}: {contestant.title}")
                outcome = attempt(contestant, load, setting)
                outcomes[load.name][contestant].append(outcome)
    _progress("")
    return [(load, report.conclude(outcomes[load.name])) for load in loads]


def _present(keys: Sequence[str]) -> list[Contestant]:
    """The contestants that can be run here; the others are named and left out."""
    present = []
    for contestant in CONTESTANTS:
        if contestant.key in keys:
            reason = contestant.missing()
            if reason is None:
                present.append(contestant)
            else:
                print(f"left out: {contestant.title}, because {reason}")
    return present


def _progress(what: str) -> None:
    """Show what is going on, on a terminal alone: it is no part of the results."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{what}")
        sys.stderr.flush()


def _raise_file_limit(connections: int) -> None:
    """Allow as many open files as there are connections, here and in the servers."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = connections + SPARE_FILES
    if most != resource.RLIM_INFINITY and most < needed:
        sys.exit(
            f"{connections:,} connections need as many open files, and this system "
            f"allows {most:,} (ulimit -Hn): ask for fewer connections."
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, most))


if __name__ == "__main__":
    sys.exit(main())
