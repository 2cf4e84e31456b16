"""A network of the test's own: a namespace without a way out of it (Linux).

What is announced there by multicast reaches no real network.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.hub import ROOT

LIMIT = 15.0

# The machine's addresses in that network; they are those of its loopback interface,
# since not every kernel has another kind that goes nowhere.
ADDRESS, ADDRESS_6 = "192.168.7.5", "fd00:7::5"

_PREPARE = (
    f"ip link set lo up && ip address add {ADDRESS}/24 dev lo && "
    f"ip -6 address add {ADDRESS_6}/64 dev lo && echo ready && exec cat"
)


class Network:
    """Processes that share a network with each other and with nobody else."""

    def __init__(self, home: Path) -> None:
        """Make it; where that is not allowed, the test is skipped.

        Args:
            home: The folder where its people keep what they know.
        """
        self.environment = {
            **os.environ,
            "NO_COLOR": "1",
            "PATH": f"{ROOT}/.venv/bin:{os.environ['PATH']}",
            "XDG_DATA_HOME": str(home),
        }
        user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        self._running: list[Started] = []
        try:
            self._holder = subprocess.Popen(
                ["unshare", "--net", *user, "sh", "-c", _PREPARE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        except FileNotFoundError:
            pytest.skip("a network of its own needs Linux, with unshare and ip")
        assert self._holder.stdout is not None
        is_ready = self._holder.stdout.readline() == b"ready\n"
        enter = ["--user", "--preserve-credentials"] if user else []
        self._enter = ["nsenter", f"--target={self._holder.pid}", "--net", *enter, "--"]
        if not is_ready:
            self.close()
            pytest.skip("this system allows no network of one's own")

    def command(self, *words: str) -> list[str]:
        """Give the command line that runs another one in this network."""
        return [*self._enter, *words]

    def run(self, *words: str, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            self.command(*words),
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
            **more,
        )

    def hubbub(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `hubbub` to its end."""
        return self.run(sys.executable, "-m", "hubbub.app", *words)

    def start_hub(self, *words: str) -> Started:
        """Start a hub, and wait until it takes connections."""
        command = self.command(sys.executable, "-m", "hubbub.app", "serve", *words)
        hub = Started([*command, "--memory", "--no-console"], self.environment)
        self._running.append(hub)
        hub.wait_for("Waiting for client")
        return hub

    def close(self) -> None:
        """End all that was started in it."""
        for one in self._running:
            one.close()
        assert self._holder.stdin is not None
        assert self._holder.stdout is not None
        self._holder.stdin.close()
        self._holder.wait(LIMIT)
        self._holder.stdout.close()


class Started:
    """A process whose output is read line by line."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        """Start it."""
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._news = threading.Condition()
        self._is_over = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._news:
                self.lines.append(line.rstrip("\n"))
                self._news.notify_all()
        with self._news:
            self._is_over = True
            self._news.notify_all()

    def wait_for(self, pattern: str) -> str:
        """Wait for a line that matches, and give it."""

        def found() -> str | None:
            return next((one for one in self.lines if re.search(pattern, one)), None)

        with self._news:
            self._news.wait_for(lambda: self._is_over or found(), LIMIT)
            line = found()
        assert line is not None, f"no {pattern!r} in:\n" + "\n".join(self.lines)
        return line

    def behind(self, heading: str) -> list[str]:
        """Give the indented lines behind a heading."""
        at = self.lines.index(heading) + 1
        rest = self.lines[at:]
        end = next(
            (n for n, line in enumerate(rest) if not line.startswith("  ")), len(rest)
        )
        return [line[2:] for line in rest[:end]]

    def terminate(self) -> int:
        """End it in good order; give its exit code."""
        self._process.terminate()
        return self._process.wait(LIMIT)

    def close(self) -> None:
        """Leave nothing behind."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(LIMIT)
        self._reader.join(LIMIT)
        assert self._process.stdout is not None
        self._process.stdout.close()
        assert not any("Traceback" in line for line in self.lines), self.lines
