r"""What a hub stores before it sends, seen from the kernel; what a power cut leaves.

`kill -9` ends a process, and the kernel still writes out what the process had written.
That shows nothing about a power cut, which also takes what the kernel had not yet put
on the disk. So here the hub runs under strace(1), which tells each write, each
``fdatasync`` and each send, in their order:

- **Stored before sent**: no send may begin with a message in it before an
  ``fdatasync`` that covers the write with that message has returned.
- **Power cuts**: for moments at which something was sent, the disk is built as a power
  cut would have left it: of each file what was synced, and of what was written since
  some of the writes, any of them or none, the last of them torn. A hub is started on
  it, and has to have every message that anybody had been sent.

The second is a model: files come, go and get their names at once. And that the disk
keeps what it has synced is the disk's own promise, which nothing here can test.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.conformance.hub_process import HubProcess
from tests.conformance.speakers.wire import Wire

from chaos.cast import history

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator
    from pathlib import Path

_CALLS = "pwrite64,ftruncate,fsync,fdatasync,unlink,rename,sendto"
_SYNCS = ("fsync", "fdatasync")

_WHOLE = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+)")
_BEGUN = re.compile(r"(\d+) +(\w+)\((.*) <unfinished \.\.\.>")
_ENDED = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (-?\d+)")
_PATH = re.compile(r"\d+<((?:\\x[0-9a-f]{2})+)>")
_BYTES = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')

# What the talker says, and nothing else at the hub looks like it.
_TEXT = re.compile(rb"mark-\d{7}")


@dataclass
class Verdict:
    """What the trace of one hub shows.

    Attributes:
        sends: Sends with a message in them.
        messages: Messages that were sent to anybody.
        syncs: Times the hub waited for the disk.
        folds: Those of them in which the write-ahead log was folded back.
        unsynced: Messages of which a send began before they were on disk.
        cuts: Power cuts.
        lost: Messages that somebody had been sent, missing after a power cut.
    """

    sends: int = 0
    messages: int = 0
    syncs: int = 0
    folds: int = 0
    unsynced: int = 0
    cuts: int = 0
    lost: int = 0

    @property
    def good(self) -> bool:
        """Whether the promise was kept, and there was something to see."""
        return not self.unsynced and not self.lost and self.messages > 0


@dataclass
class _File:
    """A file: what is on the disk for certain, and what was written since."""

    synced: bytearray = field(default_factory=bytearray)
    since: list[tuple[int, bytes]] = field(default_factory=list)

    def sync(self, count: int) -> Iterator[bytes]:
        """Have so many writes be on the disk for certain; give what they wrote."""
        done, self.since = self.since[:count], self.since[count:]
        for place, data in done:
            _put(self.synced, place, data)
            yield data

    def after_a_cut(self, dice: random.Random) -> bytes:
        """Give what might be left of it."""
        content = bytearray(self.synced)
        kept = dice.choice([0.0, 0.5, 1.0])
        chosen = [write for write in self.since if dice.random() < kept]
        for number, (place, data) in enumerate(chosen, 1):
            torn = number == len(chosen) and place >= 0
            _put(
                content, place, data[: dice.randrange(len(data) + 1)] if torn else data
            )
        return bytes(content)


# The place of a "write" that stands for a new, smaller size: minus one minus the size.
def _put(content: bytearray, place: int, data: bytes) -> None:
    if place < 0:
        size = -1 - place
        del content[size:]
        content.extend(bytes(size - len(content)))
        return
    content.extend(bytes(max(0, place - len(content))))
    content[place : place + len(data)] = data


@dataclass(frozen=True)
class _Call:
    """A system call; `result` is None at its beginning."""

    thread: str
    name: str
    arguments: str
    result: int | None


def problem() -> str | None:
    """Tell why a hub can't be traced here; None if it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(["strace", "-f", "true"], capture_output=True, check=False)
    return "strace is not allowed to trace" if tried.returncode else None


def trace(engine: str, folder: Path, messages: int) -> None:
    """Run a hub under strace while somebody talks and somebody listens.

    The trace is left in ``folder/trace``, beside the hub's data in ``folder/hub``.

    Args:
        engine: `loop` or `threads`.
        folder: An empty folder.
        messages: How many are said. After several thousand the hub folds its
            write-ahead log back into the journal.
    """
    strace = ["strace", "-D", "-f", "-q", "-y", "-xx", "-s", str(1 << 20)]
    strace += ["-e", f"trace={_CALLS}", "-e", "signal=none", "-o", f"{folder}/trace"]
    data = folder / "hub"
    with HubProcess(engine, data, limits={"rate": 0}, under=strace) as hub:
        talker = Wire(hub.host, hub.port)
        reader = Wire(hub.host, hub.port)
        reader.send(b"reader\n")
        reader.receive_line()
        talker.send(b'{"type":"hello","name":"talker"}\n')
        talker.receive_line()
        for number in range(messages):
            text = f"mark-{number:07}"
            frame = {"type": "send", "to": "lobby", "text": text, "nonce": text}
            talker.send(json.dumps(frame).encode() + b"\n")
            # Every second one waits, so that there are turns of one and of two.
            if number % 2:
                while text.encode() not in (talker.receive_line() or b""):
                    pass
                reader.receive()
        talker.close()
        reader.close()


def examine(
    folder: Path,
    engine: str,
    dice: random.Random,
    cuts: int,
    note: Callable[[int], None] = lambda _: None,
) -> Verdict:
    """Read a trace, and start hubs on what power cuts would have left.

    Args:
        folder: Where `trace` left its own.
        engine: For the hubs that are started.
        dice: Chooses the moments, and what is left of unsynced writes.
        cuts: How many power cuts.
        note: Called with the number of each cut.
    """
    log = folder / "trace"
    with log.open("rb") as lines:
        total = sum(
            b" sendto(" in line and b"\\x6d\\x61\\x72" in line for line in lines
        )
    moments = set(dice.sample(range(1, total + 1), min(cuts, total)))
    verdict = Verdict()
    told: set[bytes] = set()
    disk = _Disk(f"{folder}/hub/")
    for call in _calls(log):
        if call.name != "sendto":
            disk.see(call)
        elif call.result is None and (texts := set(_TEXT.findall(_data(call)))):
            verdict.sends += 1
            verdict.unsynced += len(texts - disk.texts)
            told |= texts
            if verdict.sends in moments:
                verdict.cuts += 1
                note(verdict.cuts)
                left = folder / f"cut-{verdict.cuts}"
                disk.cut(left, dice)
                verdict.lost += len(told - _messages(engine, left))
                shutil.rmtree(left)
    verdict.messages = len(told)
    verdict.syncs = disk.syncs
    verdict.folds = disk.folds
    return verdict


class _Disk:
    """The files below a folder as the trace goes by."""

    def __init__(self, folder: str) -> None:
        self.syncs = 0
        self.folds = 0
        self.texts: set[bytes] = set()
        self._folder = folder
        self._files: dict[str, _File] = {}
        self._syncing: dict[str, int] = {}

    def see(self, call: _Call) -> None:
        """Take a call in, at its beginning or at its end."""
        if call.name in ("unlink", "rename"):
            if call.result == 0:
                self._rename(call)
            return
        path = _path(call)
        # The journal and what belongs to it; certificates have other promises.
        if not path.startswith(f"{self._folder}journal"):
            return
        file = self._files.setdefault(path, _File())
        if call.name in _SYNCS:
            if call.result is None:
                # What is written while it runs may be left out.
                self._syncing[call.thread] = len(file.since)
            else:
                for data in file.sync(self._syncing.pop(call.thread)):
                    self.texts.update(_TEXT.findall(data))
                self.syncs += 1
                # Before the first message the file is made.
                self.folds += path.endswith(".sqlite3") and bool(self.texts)
        elif call.result is not None:
            last = int(call.arguments.rpartition(",")[2])
            if call.name == "ftruncate":
                file.since.append((-1 - last, b""))
            else:
                file.since.append((last, _data(call)[: call.result]))

    def _rename(self, call: _Call) -> None:
        old, *new = (_bytes(path).decode() for path in _BYTES.findall(call.arguments))
        file = self._files.pop(old, None)
        if file is not None and new:
            self._files[new[0]] = file

    def cut(self, folder: Path, dice: random.Random) -> None:
        """Write what a power cut would leave now."""
        folder.mkdir()
        for path, file in self._files.items():
            # Shared memory is no file on a disk; it is made anew.
            if not path.endswith("-shm"):
                name = path.removeprefix(self._folder)
                (folder / name).write_bytes(file.after_a_cut(dice))


def _calls(log: Path) -> Iterator[_Call]:
    """Give each call twice, at its beginning and at its end, as they are in the log."""
    begun: dict[str, str] = {}
    with log.open("r", encoding="ascii") as lines:
        for line in lines:
            if found := _WHOLE.match(line):
                thread, name, arguments, result = found.groups()
                yield _Call(thread, name, arguments, None)
                yield _Call(thread, name, arguments, int(result))
            elif found := _BEGUN.match(line):
                thread, name, arguments = found.groups()
                begun[thread] = arguments
                yield _Call(thread, name, arguments, None)
            elif found := _ENDED.match(line):
                thread, name, rest, result = found.groups()
                arguments = begun.pop(thread) + rest
                yield _Call(thread, name, arguments, int(result))


def _path(call: _Call) -> str:
    found = _PATH.match(call.arguments)
    return _bytes(found[1]).decode() if found else ""


def _data(call: _Call) -> bytes:
    found = _BYTES.search(call.arguments)
    return _bytes(found[1]) if found else b""


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _messages(engine: str, data: Path) -> set[bytes]:
    with HubProcess(engine, data) as hub:
        return {text.encode() for text, _ in history(hub)}
