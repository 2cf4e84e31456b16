"""Those who are there when something breaks, and what each of them has seen."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from tests.conformance.scene import SPEAKERS
from tests.conformance.speakers.wire import Wire
from tests.conformance.speakers.words import Ended, Said

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conformance.hub_process import HubProcess
    from tests.conformance.speakers.speaker import Speaker

WINDOW = 16
"""Messages that a sender has unacknowledged at a time."""

Frame = dict[str, Any]


class LastWords(Wire):
    """A connection whose hub may die amid a line. Half a line was never said."""

    def receive_line(self) -> bytes | None:
        """Give the next whole line; None when no more will come."""
        try:
            return super().receive_line()
        except AssertionError:
            if not self._ended:
                raise
            return None

    _ended = False

    def _receive(self) -> bytes:
        data = super()._receive()
        self._ended = not data
        return data


class Sender:
    """A program that sends as fast as it is acknowledged, and comes back.

    It has the rules of docs/protocol.md and nothing of the client library: the same
    nonce for a message sent again, and `resume` with the last `seq` seen.

    Attributes:
        name: Its own.
        seen: Each message that it was shown, with its `seq`, in the order shown.
        acknowledged: Its own messages that came back, with the `seq` of the first time.
        faults: What it was told that it must not be told.
    """

    def __init__(self, name: str, progress: Callable[[], None]) -> None:
        """Be somebody who has not come in yet.

        Args:
            name: Nobody else's.
            progress: Called after every acknowledgement.
        """
        self.name = name
        self.seen: list[tuple[str, int]] = []
        self.acknowledged: dict[str, int] = {}
        self.faults: list[str] = []
        self._progress = progress
        self._open: dict[str, bytes] = {}
        self._token = ""
        self._last = 0
        self._count = 0
        self._stop = threading.Event()

    def enter(self, hub: HubProcess) -> None:
        """Come in for the first time, and leave the connection: the seat is kept."""
        with LastWords(hub.host, hub.port) as wire:
            wire.send(_line({"type": "hello", "name": self.name}))
            line = wire.receive_line()
            assert line is not None, "the hub died before anything was done to it"
            self._welcome(json.loads(line))

    def stop(self) -> None:
        """Send nothing new; what is open is still waited for."""
        self._stop.set()

    def live(self, wire: Wire) -> None:
        """Come back, send again what is open, and go on; until the connection ends."""
        resume = {"token": self._token, "after": self._last}
        try:
            wire.send(_line({"type": "hello", "name": self.name, "resume": resume}))
            while (line := wire.receive_line()) is not None:
                frame: Frame = json.loads(line)
                if frame["type"] == "welcome":
                    if not frame.get("resumed"):
                        self.faults.append(f"{self.name} did not get its seat back")
                    self._welcome(frame)
                    wire.send(b"".join(self._open.values()))
                elif frame["type"] == "message":
                    self._message(frame)
                elif frame["type"] == "error":
                    self.faults.append(f"{self.name} was refused: {frame}")
                elif frame["type"] == "users":
                    return
                else:
                    self._last = max(self._last, frame.get("seq", 0))
                wire.send(self._more())
        except ConnectionError:
            return

    def _more(self) -> bytes:
        if self._stop.is_set():
            # The last thing asked: its answer, unlike pong, waits for what was missed.
            return b"" if self._open else _line({"type": "users"})
        # In bundles: a turn of the hub then has something to share a commit.
        if len(self._open) > WINDOW // 2:
            return b""
        news = []
        while len(self._open) < WINDOW:
            self._count += 1
            nonce = f"{self.name} {self._count}"
            frame = {"type": "send", "to": "lobby", "text": nonce, "nonce": nonce}
            self._open[nonce] = _line(frame)
            news.append(self._open[nonce])
        return b"".join(news)

    def _welcome(self, frame: Frame) -> None:
        self._token = frame["token"]
        self._last = max(self._last, frame["seq"])

    def _message(self, frame: Frame) -> None:
        seq, text = frame["seq"], frame["text"]
        nonce = frame.get("nonce")
        if nonce is not None:
            first = self.acknowledged.setdefault(nonce, seq)
            if first != seq:
                self.faults.append(f"{nonce!r} acknowledged as {first} and as {seq}")
            self._open.pop(nonce, None)
            self._progress()
        if seq > self._last:
            self._last = seq
            self.seen.append((text, seq))
        elif nonce is None:
            self.faults.append(f"{self.name} was shown {text!r} out of order")


class Reader:
    """Somebody of any dialect who only reads, from coming in to the end of the hub.

    Attributes:
        texts: What was said while they were there, in the order shown.
    """

    def __init__(self, kind: str, name: str, wire: Wire) -> None:
        """Take a connection over; `live` does the rest.

        Args:
            kind: A key of `tests.conformance.scene.SPEAKERS`.
            name: Nobody else's.
            wire: A fresh connection.
        """
        self.kind = kind
        self.texts: list[str] = []
        self._name = name
        # Whoever comes and goes is passed over.
        self._speaker: Speaker = SPEAKERS[kind](wire, lambda _: True)

    def live(self) -> None:
        """Come in and read, until the connection ends."""
        try:
            self._speaker.give_name(self._name)
            while not isinstance(told := self._speaker.hear(), Ended):
                if isinstance(told, Said):
                    self.texts.append(told.text)
        except ConnectionError:
            return


def history(hub: HubProcess) -> list[tuple[str, int]]:
    """Read all that was ever said in the lobby, with its `seq`, page by page."""
    pages: list[list[Frame]] = []
    with Wire(hub.host, hub.port) as wire:

        def ask(frame: Frame, kind: str) -> Frame:
            wire.send(_line(frame))
            while True:
                line = wire.receive_line()
                assert line is not None, "the hub ended while its history was read"
                answer: Frame = json.loads(line)
                assert answer["type"] != "error", answer
                if answer["type"] == kind:
                    return answer

        ask({"type": "hello", "name": "historian"}, "welcome")
        question: Frame = {"type": "history", "of": "lobby"}
        more = True
        while more:
            page = ask(question, "history")
            pages.append(page["messages"])
            more = page["more"]
            if more:
                question["before"] = page["messages"][0]["seq"]
        ask({"type": "bye"}, "bye")
    return [(m["text"], m["seq"]) for page in reversed(pages) for m in page]


def _line(frame: Frame) -> bytes:
    return json.dumps(frame).encode() + b"\n"
