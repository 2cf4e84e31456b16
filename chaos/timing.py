"""Whether time tells a name that there is from one that there is not.

Run it as ``python -m chaos.timing`` or ``make timing``. Wrong passwords are tried for
names that are somebody's own and for names that nobody has, in an order drawn by
chance, each from an address of its own on the loopback, so that no wait for wrong
passwords is ever measured. A third series is drawn like the first: what these two
differ by is noise.

All names have a letter beyond ASCII, for these take longest to be looked up.

Two tests, and both have to find a difference:

- Mann-Whitney's U: how likely one answer takes longer than one of the other kind. It
  asks for no kind of distribution, and no outlier moves it.
- The difference of the medians, with a bootstrap interval of 99 %.

The hub is a process of its own, and nothing of it is imported.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import os
import random
import socket
import statistics
import string
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.machine import facts
from tests.conformance.hub_process import ROOT, HubProcess
from tests.conformance.scene import ENGINES
from tests.conformance.speakers.wire import LIMIT
from tests.conformance.tokens import make_token

from chaos.report import table

_PASSWORD = "correct-horse"
_WRONG = "battery-staple"

# Fewer than after which answers for a name come later; see docs/limits.md.
_TRIES_OF_A_NAME = 12
_RESAMPLES = 2000
_CERTAIN = 0.01

Ask = Callable[[socket.socket, str], float]
"""Tries a wrong password for a name; gives the seconds until the answer."""


def _timed(connection: socket.socket, line: str, expected: bytes) -> float:
    connection.sendall(line.encode() + b"\n")
    start = time.perf_counter()
    answer = connection.recv(4096)
    passed = time.perf_counter() - start
    assert expected in answer, answer
    return passed


def _ask_json(connection: socket.socket, name: str) -> float:
    hello = {"type": "hello", "name": name, "password": _WRONG}
    return _timed(connection, json.dumps(hello), b'"password_wrong"')


def _ask_plain(connection: socket.socket, name: str) -> float:
    _timed(connection, name, b"PASSWORD :")
    return _timed(connection, _WRONG, b"the name or the password is wrong")


def _ask_token(connection: socket.socket, token: str) -> float:
    head = (
        f"GET /lobby?limit=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
    )
    return _timed(connection, f"{head}\r", b" 401 ")


def _ask_prompt(connection: socket.socket, name: str) -> float:
    return _timed(connection, name, b"PASSWORD :")


@dataclass(frozen=True)
class Case:
    """One way to ask, of one kind of hub.

    Attributes:
        name: Of the row.
        ask: Asks.
        flags: The hub's.
        tries: Whether it counts as a try, of which a name has not many.
        tokens: Whether tokens are tried: those that begin as one that there is.
    """

    name: str
    ask: Ask
    flags: tuple[str, ...] = ()
    tries: bool = True
    tokens: bool = False


CASES = (
    Case("json, open hub", _ask_json),
    Case("json, --members-only", _ask_json, ("--members-only",)),
    Case("plain, --members-only", _ask_plain, ("--members-only",)),
    Case("plain, until asked", _ask_prompt, ("--members-only",), tries=False),
    Case("http, access token", _ask_token, tokens=True),
    Case("json, --password-file", _ask_json, ("--password-file",)),
    Case("plain, --password-file", _ask_plain, ("--password-file",)),
)


@dataclass(frozen=True)
class Comparison:
    """Two series of seconds against each other.

    Attributes:
        likelihood: That one of the first takes longer than one of the second; a half
            where they are alike.
        p: How likely chance alone gives as much (Mann-Whitney, two-sided).
        median: The difference of the medians, in seconds.
        low: Where its interval begins.
        high: Where it ends.
    """

    likelihood: float
    p: float
    median: float
    low: float
    high: float

    def differs(self, certain: float) -> bool:
        """Tell whether both tests find a difference."""
        return self.p < certain and not self.low <= 0 <= self.high


def compare(one: Sequence[float], other: Sequence[float], seed: int = 0) -> Comparison:
    """Compare two series.

    Args:
        one: Some tens or more.
        other: As many.
        seed: Of the resamples.
    """
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(rank for rank, (_, which) in enumerate(ranked, 1) if not which)
    pairs = len(one) * len(other)
    greater = ranks - len(one) * (len(one) + 1) / 2
    spread = math.sqrt(pairs * (len(ranked) + 1) / 12)
    p = math.erfc(abs(greater - pairs / 2) / spread / math.sqrt(2))
    draw = random.Random(seed)
    differences = sorted(
        statistics.median(draw.choices(one, k=len(one)))
        - statistics.median(draw.choices(other, k=len(other)))
        for _ in range(_RESAMPLES)
    )
    edge = int(_RESAMPLES * _CERTAIN / 2)
    median = statistics.median(one) - statistics.median(other)
    return Comparison(
        greater / pairs, p, median, differences[edge], differences[-edge - 1]
    )


def _sources() -> Iterator[str]:
    """Give addresses of this machine (RFC 6890, 127.0.0.0/8), none of them twice."""
    for number in itertools.count(256):
        yield f"127.{1 + number // 65_536}.{number // 256 % 256}.{number % 256}"


def _make_accounts(data: Path, count: int) -> list[str]:
    names = [f"mémber{number}" for number in range(count)]
    for name in names:
        command = [sys.executable, "-m", "hubbub.app", "admin", "create", name]
        subprocess.run(
            [*command, "--role", "member", "--data", str(data)],
            cwd=ROOT,
            env={**os.environ, "HUBBUB_PASSWORD": _PASSWORD},
            stdout=subprocess.DEVNULL,
            check=True,
        )
    return names


def measure(
    engine: str, case: Case, count: int, draw: random.Random
) -> dict[str, list[float]]:
    """Measure one case: `count` answers of each series."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        flags = list(case.flags)
        if "--password-file" in flags:
            secret = Path(folder) / "password"
            secret.write_text(_PASSWORD)
            secret.chmod(0o600)
            flags.append(str(secret))
        with HubProcess(engine, data, *flags) as hub:
            if case.tokens:
                real = make_token(hub, "ci", post=("lobby",)).secret
                known = [_guess(draw, real) for _ in range(2 * count)]
                unknown = [_guess(draw, "hub_") for _ in range(count)]
                return _sample(hub, case.ask, known, unknown, count, draw)
            needed = 2 * count // _TRIES_OF_A_NAME if case.tries else 20
            accounts = _make_accounts(data, needed + 2)
            nobodys = [f"nóbody{number}" for number in range(len(accounts))]
            return _sample(hub, case.ask, accounts, nobodys, count, draw)


def _guess(draw: random.Random, beginning: str) -> str:
    """Make what is written as an access token is, with two thirds of another's."""
    return beginning[:24] + "".join(
        draw.choices(string.ascii_letters, k=34 - len(beginning[:24]))
    )


def _sample(
    hub: HubProcess,
    ask: Ask,
    known: Sequence[str],
    unknown: Sequence[str],
    count: int,
    draw: random.Random,
) -> dict[str, list[float]]:
    """Ask for what is known, for that again, and for what is not, in any order."""
    names = {"taken": known, "again": known, "nobody's": unknown}
    following = {id(one): itertools.cycle(one) for one in (known, unknown)}
    order = [series for series in names for _ in range(count)]
    draw.shuffle(order)
    series: dict[str, list[float]] = {one: [] for one in names}
    sources = _sources()
    for which in order:
        name = next(following[id(names[which])])
        source = (next(sources), 0)
        with socket.create_connection((hub.host, hub.port), LIMIT, source) as one:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            series[which].append(ask(one, name))
    return series


def _row(engine: str, case: Case, series: dict[str, list[float]]) -> dict[str, str]:
    control = compare(series["taken"], series["again"])
    found = compare(series["taken"], series["nobody's"])
    certain = _CERTAIN / (len(CASES) * len(ENGINES))

    def shown(one: Comparison) -> str:
        interval = f"{one.low * 1000:+.2f} to {one.high * 1000:+.2f}"
        return f"{one.median * 1000:+.2f} ({interval})"

    return {
        "engine": engine,
        "asked": case.name,
        "answers": str(len(series["taken"])),
        "median ms": f"{statistics.median(series['taken']) * 1000:.2f}",
        "noise ms": shown(control),
        "difference ms": shown(found),
        "longer": f"{found.likelihood:.3f}",
        "p": f"{found.p:.3f}",
        "p of noise": f"{control.p:.3f}",
        "told apart": "yes" if found.differs(certain) else "no",
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Measure all, print a table; 1 if anything can be told apart."""
    parser = argparse.ArgumentParser(
        prog="python -m chaos.timing",
        description="Try whether the time of an answer tells which names there are.",
    )
    parser.add_argument("--answers", type=int, default=200, help="of each series")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("--only", default="", help="cases whose name has this in it")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args(argv)
    print(f"seed {options.seed}")
    for fact, value in facts(Path(tempfile.gettempdir())).items():
        print(f"{fact}: {value}")
    draw = random.Random(options.seed)
    rows = [
        _row(engine, case, measure(engine, case, options.answers, draw))
        for case in CASES
        if options.only in case.name
        for engine in options.engines
    ]
    print(table("Names that there are, and names that there are not", rows))
    return int(any(row["told apart"] == "yes" for row in rows))


if __name__ == "__main__":
    sys.exit(main())
