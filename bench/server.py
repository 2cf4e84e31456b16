"""A contestant's process: start it, read what it costs, end it."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bench.contestant import HOST, TrialError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.contestant import Contestant

START_SECONDS = 20.0
STOP_SECONDS = 10.0
PORTS = range(20_000, 32_000)
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cores:
    """Which core is whose; both None where processes cannot be pinned apart."""

    server: int | None
    generator: int | None

    @classmethod
    def choose(cls) -> Self:
        """Take the first two cores that this process may use, if there are two."""
        allowed = sorted(os.sched_getaffinity(0))
        return cls(*allowed[:2]) if len(allowed) > 1 else cls(None, None)

    @contextlib.contextmanager
    def lent_to_server(self) -> Iterator[None]:
        """Run on the server's core, for a child to inherit it, then on our own."""
        if self.server is None or self.generator is None:
            yield
            return
        os.sched_setaffinity(0, {self.server})
        try:
            yield
        finally:
            os.sched_setaffinity(0, {self.generator})


def busy_seconds(core: int | None) -> float:
    """How long a core has worked for processes, or was kept from us, since the boot.

    Args:
        core: Its number; None for "not pinned", of which nothing is known.

    Returns:
        All time but idle and waiting for disks; 0 where it is not told.
    """
    with contextlib.suppress(OSError):
        for line in Path("/proc/stat").read_text("utf-8").splitlines():
            name, *ticks = line.split()
            if name == f"cpu{core}":
                # proc_stat(5): user nice system idle iowait irq softirq steal ...; what
                # loopback does in softirq counts as the sender's own time, too.
                user, nice, system, _, _, *rest = map(int, ticks[:8])
                return (user + nice + system + sum(rest)) / TICKS_PER_SECOND
    return 0.0


def _free_port() -> int:
    """A port on which nobody listens, and that the kernel gives to nobody by itself.

    Ports that it does give (ip(7), ``ip_local_port_range``) may be taken by anybody's
    connection before the contestant has come to listen.

    Raises:
        TrialError: There is none.
    """
    for port in random.sample(PORTS, len(PORTS)):
        with contextlib.suppress(OSError):
            socket.create_server((HOST, port)).close()
            return port
    raise TrialError(f"has no free port from {PORTS[0]} to {PORTS[-1]}")


@dataclass(frozen=True)
class Memory:
    """Resident memory of a process, in KiB; ``pss`` is None where it is not told."""

    rss: int
    pss: int | None


class Server:
    """A running contestant. Use it in a ``with`` block, which ends the process.

    Attributes:
        port: Where it listens on ``HOST``.
    """

    def __init__(self, contestant: Contestant, folder: Path, cores: Cores) -> None:
        """Start the process and wait until its port accepts connections.

        Args:
            contestant: Whose command to run.
            folder: A new empty folder for its files.
            cores: The server's core is the one that the process is pinned to.

        Raises:
            TrialError: It ended, or did not listen within ``START_SECONDS``.
        """
        self.port = _free_port()
        self._complaints = folder / "stderr.txt"
        command = contestant.command(self.port, folder)
        with self._complaints.open("wb") as stderr, cores.lent_to_server():
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
            )
        try:
            self._wait_for_port()
        except BaseException:
            self.stop()
            raise

    def _wait_for_port(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self.check()
            with contextlib.suppress(OSError):
                socket.create_connection((HOST, self.port), timeout=1).close()
                return
            time.sleep(0.02)
        raise TrialError(f"did not listen within {START_SECONDS:.0f} s")

    def check(self, within: float = 0.0) -> None:
        """Raise if the process has ended.

        Args:
            within: Seconds to wait for that; its sockets close before it is gone.

        Raises:
            TrialError: With the exit code and the last line that it wrote to stderr.
        """
        try:
            code = self._process.wait(within)
        except subprocess.TimeoutExpired:
            return
        lines = self._complaints.read_text("utf-8", "replace").strip().splitlines()
        raise TrialError(f"ended with exit code {code}: {lines[-1] if lines else '-'}")

    def cpu_seconds(self) -> float:
        """User and system time of all its threads since it started.

        Raises:
            TrialError: The process has ended.
        """
        # proc_pid_stat(5): the name in brackets may hold spaces; utime and stime are
        # the fields 14 and 15, counted from 1, so 11 and 12 after the bracket.
        stat = self._proc("stat").rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / TICKS_PER_SECOND

    def memory(self) -> Memory:
        """Its resident memory now.

        Raises:
            TrialError: The process has ended.
        """
        sizes = dict[str, int]()
        for line in self._proc("status").splitlines():
            if line.startswith("VmRSS:"):
                sizes["Rss"] = int(line.split()[1])
        with contextlib.suppress(TrialError):
            for line in self._proc("smaps_rollup").splitlines():
                if line.startswith("Pss:"):
                    sizes["Pss"] = int(line.split()[1])
        return Memory(sizes["Rss"], sizes.get("Pss"))

    def _proc(self, name: str) -> str:
        try:
            return Path(f"/proc/{self._process.pid}/{name}").read_text("utf-8")
        except OSError as error:
            self.check()
            raise TrialError(f"/proc does not tell: {error}") from error

    def send_signal(self, number: int) -> None:
        """Send the process a signal."""
        self._process.send_signal(number)

    def stop(self) -> None:
        """End the process: SIGTERM, and SIGKILL if it stays for ``STOP_SECONDS``."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
