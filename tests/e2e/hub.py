"""A real hub process for end-to-end tests, and a person at a socket to talk with it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 10.0

_STARTED = re.compile(r"SERVER STARTED \((.*):(\d+)\)")


class HubProcess:
    """`server.py` in a process of its own, its output read line by line.

    Attributes:
        port: Where it listens.
        lines: Everything it has written so far.
    """

    def __init__(self, *flags: str, port: int = 0) -> None:
        """Start it on the loopback, on a free port unless one is named, and wait."""
        self.process = subprocess.Popen(
            [sys.executable, "server.py", "127.0.0.1", str(port), *flags],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "NO_COLOR": "1"},
        )
        self.lines: list[str] = []
        self._news = threading.Condition()
        self._ended = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.port = int(self.wait_for(_STARTED)[2])
        self.wait_for("Waiting for client")

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self.lines.append(line.decode().rstrip("\n"))
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def wait_for(self, pattern: str | re.Pattern[str]) -> re.Match[str]:
        """Wait for a line of output that matches."""
        regex = re.compile(pattern)

        def found() -> re.Match[str] | None:
            matches = (regex.search(line) for line in self.lines)
            return next((match for match in matches if match), None)

        with self._news:
            self._news.wait_for(lambda: self._ended or found(), LIMIT)
            match = found()
        assert match, f"no {pattern!r} in:\n" + "\n".join(self.lines)
        return match

    def type(self, line: str) -> None:
        """Type a line at its console."""
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def wait(self) -> int:
        """Wait for its end; give its exit code."""
        code = self.process.wait(LIMIT)
        self._reader.join(LIMIT)
        return code

    def terminate(self) -> int:
        """End it in good order."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self.process.kill()
        self.wait()

    def close(self) -> None:
        """Leave nothing behind, whatever has happened."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(LIMIT)
        self._reader.join(LIMIT)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


class Person:
    """Somebody at a socket who writes and reads lines."""

    def __init__(self, port: int) -> None:
        """Connect."""
        self.socket = socket.create_connection(("127.0.0.1", port), LIMIT)
        self._file = self.socket.makefile("rb")

    def say(self, *lines: str) -> None:
        """Write lines."""
        self.socket.sendall("".join(f"{line}\n" for line in lines).encode())

    def send(self, **frame: Any) -> None:
        """Write a frame of the JSON dialect."""
        self.say(json.dumps(frame))

    def read(self) -> str:
        """Read a line; "" at the end."""
        return self._file.readline().decode().rstrip("\n")

    def read_until(self, pattern: str) -> list[str]:
        """Read lines up to one that matches; give them all."""
        lines: list[str] = []
        while not lines or not re.search(pattern, lines[-1]):
            line = self.read()
            assert line, f"the end before {pattern!r}: {lines}"
            lines.append(line)
        return lines

    def frames_until(self, **wanted: Any) -> list[dict[str, Any]]:
        """Read frames up to one with these fields; give them all."""
        frames: list[dict[str, Any]] = []
        while not frames or not (wanted.items() <= frames[-1].items()):
            line = self.read()
            assert line, f"the end before {wanted}: {frames}"
            frames.append(json.loads(line))
        return frames

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self.socket.close()


def close_all(things: Iterable[Any]) -> None:
    """Close whatever a test has opened."""
    for thing in things:
        thing.close()
