"""The server under test: a real process, known by its command line and its output."""

from __future__ import annotations

import itertools
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.conformance.speakers.wire import LIMIT, Wire

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]

_BANNER = re.compile(r"SERVER STARTED \((?P<host>.+):(?P<port>\d+)\)")

# What a server writes when something went wrong that nobody foresaw.
_TROUBLE = ("Traceback (most recent", "was never", "Exception ignored", "Warning: ")

# Letters of which no two, and no pairs, look alike: see "Names" in docs/protocol.md.
_SAFE_LETTERS = "abdeghkpqtuxyz"


# Lowers the limit and becomes the program that the next arguments name.
_FEWER_DESCRIPTORS = """
import os, resource, sys
count = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


class HubProcess:
    """One hub on a port of its own choosing, started and stopped as people do."""

    def __init__(
        self,
        engine: str,
        data: Path,
        *flags: str,
        limits: Mapping[str, float] | None = None,
        host: str = "127.0.0.1",
        color: str = "never",
        console: bool = False,
        descriptors: int | None = None,
        launcher: tuple[str, ...] = ("server.py",),
        under: Sequence[str] = (),
    ) -> None:
        """Start a hub and wait for its banner.

        Args:
            engine: `loop` or `threads`.
            data: Where it keeps its journal; made if absent.
            flags: More of the command line.
            limits: Settings for the table `[limits]` of its configuration.
            host: The address it listens on.
            color: `always` or `never`.
            console: Whether its standard input is an administrator's console.
            descriptors: How many open files the system allows it.
            launcher: What Python runs, with its first arguments.
            under: The beginning of a command line that runs the rest of it as its own
                process, such as that of a tracer.
        """
        data.mkdir(exist_ok=True)
        self.data = data
        self.tags = map("".join, itertools.product(_SAFE_LETTERS, repeat=4))
        self._wires: list[Wire] = []
        self._lines: list[str] = []
        self._news = threading.Condition()
        self._is_over = False
        self._checked = 0
        command = [*under, sys.executable]
        if descriptors is not None:
            command += ["-c", _FEWER_DESCRIPTORS, str(descriptors)]
        command += [*launcher, host, "0", "--engine", engine]
        command += ["--color", color, "--log-format", "text", "--tls", "auto", *flags]
        command += ["--data", str(data)]
        if not console:
            command.append("--no-console")
        if limits:
            config = data.with_name(f"{data.name}.toml")
            table = [f"{key} = {value}\n" for key, value in limits.items()]
            config.write_text("".join(["[limits]\n", *table]))
            command += ["--config", str(config)]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={k: v for k, v in os.environ.items() if k != "NO_COLOR"}
            | {"PYTHONWARNINGS": "default"},
            stdin=subprocess.PIPE if console else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read_output, daemon=True)
        self._reader.start()
        banner = self.await_output(_BANNER)
        self.host = banner["host"].strip("[]")
        self.port = int(banner["port"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.stop()
        else:
            self.kill()

    @property
    def output(self) -> str:
        """All that the process has written."""
        with self._news:
            return "".join(self._lines)

    @property
    def descriptors(self) -> int:
        """How many files and sockets the process has open (on Linux)."""
        return len(list(Path(f"/proc/{self._process.pid}/fd").iterdir()))

    @property
    def memory(self) -> int:
        """Bytes of memory that the process holds (on Linux)."""
        pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def connect(
        self, make: type[Wire] = Wire, *, receive_buffer: int | None = None
    ) -> Wire:
        """Open a connection, which is closed with the hub at the latest."""
        wire = make(self.host, self.port, receive_buffer=receive_buffer)
        self._wires.append(wire)
        return wire

    def type(self, line: str) -> None:
        """Type a line into the console."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def await_output(self, pattern: re.Pattern[str]) -> re.Match[str]:
        """Wait until a line of the output has the pattern.

        Raises:
            AssertionError: It did not come in time, or the process ended without it.
        """

        hits: list[re.Match[str]] = []

        def found() -> bool:
            hits.extend(filter(None, map(pattern.search, self._lines)))
            return bool(hits) or self._is_over

        with self._news:
            self._news.wait_for(found, LIMIT)
        if not hits:
            self.kill()
        assert hits, f"no {pattern.pattern!r} in the output:\n{self.output}"
        return hits[0]

    def terminate(self) -> None:
        """Send SIGTERM, and go on at once."""
        self._process.send_signal(signal.SIGTERM)

    def await_exit(self) -> None:
        """Wait for the end and insist on a good one.

        Raises:
            AssertionError: The exit code is not 0, the process does not end in time,
                or its output shows a failure that nobody foresaw.
        """
        try:
            code = self._process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still running after {LIMIT:.0f} s") from None
        self._release()
        assert code == 0, f"exit code {code}:\n{self.output[-4000:]}"
        self.check()

    def stop(self) -> None:
        """Ask the process to stop, unless it has, and insist on a good end.

        All connections are closed, so that nobody is waited for.
        """
        if self._process.returncode is not None:
            self._release()
            return
        self.terminate()
        self._close_wires()
        self.await_exit()

    def kill(self) -> None:
        """End the process with SIGKILL, as a power cut would."""
        self.cut_off()
        self._release()

    def cut_off(self) -> None:
        """End the process with SIGKILL, and leave open what connections were told."""
        self._process.kill()
        self._process.wait(LIMIT)

    def check(self) -> None:
        """Insist that nothing unforeseen was written since the last check."""
        output = self.output
        news, self._checked = output[self._checked :], len(output)
        for trouble in _TROUBLE:
            assert trouble not in news, news[news.index(trouble) :][:4000]

    def _read_output(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._news:
                self._lines.append(line)
                self._news.notify_all()
        with self._news:
            self._is_over = True
            self._news.notify_all()

    def _release(self) -> None:
        self._reader.join(LIMIT)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._close_wires()

    def _close_wires(self) -> None:
        for wire in self._wires:
            wire.close()
