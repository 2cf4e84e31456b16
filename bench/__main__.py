"""``python -m bench``: measure, print a table, and write a JSON file if asked to."""

from __future__ import annotations

import resource
import shlex
import signal
import sys
from typing import TYPE_CHECKING

from bench import machine, record, report
from bench.contestants import CONTESTANTS
from bench.loads import LOADS
from bench.options import parse
from bench.record import Run, Table, Who
from bench.results import conclude
from bench.server import Cores
from bench.trial import Setting, attempt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.contestant import Contestant
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
    loads = [LOADS[name](options.connections) for name in options.only]
    _raise_file_limit(max(len(load.seats) for load in loads))
    setting = Setting(Cores.choose(), options.seconds, options.folder)
    about = machine.facts(options.folder)
    print(*(f"{name}: {value}" for name, value in about.items()), sep=" · ")
    present, left_out = _present(options.contestants)
    print(*left_out, sep="\n")
    try:
        outcomes = _run(loads, present, setting, options.repeat)
    except KeyboardInterrupt:
        return 130
    tables = [
        Table(
            load.name,
            load.about,
            not load.observer_of,
            conclude(outcomes[load.name]),
        )
        for load in loads
    ]
    for table in tables:
        print("\n" + report.as_text(table))
    if options.json:
        run = Run(
            about,
            shlex.join(["python", "-m", "bench", *(argv or sys.argv[1:])]),
            options.seconds,
            options.repeat,
            setting.cores.server is not None,
            [_who(contestant) for contestant in present],
            left_out,
            tables,
        )
        record.write(run, options.json)
    problems = (
        outcome.problem
        for by_contestant in outcomes.values()
        for rounds in by_contestant.values()
        for outcome in rounds
    )
    return int(any(problems))


def _run(
    loads: Sequence[Load],
    contestants: Sequence[Contestant],
    setting: Setting,
    repeat: int,
) -> dict[str, dict[Contestant, list[Outcome]]]:
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
    return outcomes


def _present(keys: Sequence[str]) -> tuple[list[Contestant], list[str]]:
    """The contestants that can be run here, and why the others are left out."""
    present = []
    left_out = []
    for contestant in CONTESTANTS:
        if contestant.key in keys:
            reason = contestant.missing()
            if reason is None:
                present.append(contestant)
            else:
                left_out.append(f"left out: {contestant.title}, because {reason}")
    return present, left_out


def _who(contestant: Contestant) -> Who:
    return Who(
        contestant.key,
        contestant.title,
        contestant.version(),
        contestant.stores,
        contestant.synced,
        contestant.echoes,
    )


def _progress(what: str) -> None:
    """Show what is going on, on a terminal alone: it is no part of the results."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{what}")
        sys.stderr.flush()


def _raise_file_limit(connections: int) -> None:
    """Allow as many open files as there are connections, here and in the servers."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = connections + SPARE_FILES
    if most != resource.RLIM_INFINITY:
        most = max(most, needed)
    try:
        # Root may raise both limits, others the first up to the second.
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, most))
    except (OSError, ValueError):
        sys.exit(
            f"{connections:,} connections need as many open files, and this system "
            "allows fewer (ulimit -Hn): raise that, or ask for fewer connections."
        )


if __name__ == "__main__":
    sys.exit(main())
