"""The first bytes of a connection say which dialect it speaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hubbub.dialects.contract import Dialect, Writer
from hubbub.model.answers import Answer, Bye
from hubbub.model.commands import Command, HubCommand
from hubbub.model.refusals import Refusal

Opening = Callable[[], Dialect]


class Sniffer:
    """Holds the first bytes until they can belong to one dialect only.

    A dialect like the others, so that nobody above has to know of it; it has no
    requests of its own and hands the bytes on to whom they are for.
    """

    __slots__ = ("_fallback", "_held", "_openings")

    name = "?"
    keeps_seat = False

    def __init__(self, openings: Mapping[bytes, Opening], fallback: Opening) -> None:
        """Know the dialects.

        Args:
            openings: For each signature, what opens the dialect that begins with it.
            fallback: Opens the dialect of everything else.
        """
        self._openings = openings
        self._fallback = fallback
        self._held = b""

    @property
    def writer(self) -> Writer:
        """That of the dialect everybody can read."""
        return self._fallback().writer

    @property
    def waits(self) -> bool:
        """Whether there are bytes that quiet would decide on."""
        return bool(self._held)

    def receive(self, data: bytes) -> Dialect:
        """Decide, or hold the bytes while they are the beginning of a signature."""
        self._held += data
        for signature, opening in self._openings.items():
            if self._held.startswith(signature):
                return opening().receive(self._held)
        if self._held and any(
            signature.startswith(self._held) for signature in self._openings
        ):
            return self
        return self._fallback().receive(self._held) if self._held else self

    def quiet(self) -> Dialect:
        """Decide by what there is: an unfinished signature is a name."""
        if not self._held:
            return self
        return self._fallback().receive(self._held).quiet()

    def next(self) -> Command | Refusal | None:
        """Give nothing: there are no requests before a dialect is known."""
        return None

    def joined(self) -> None:
        """Never called: nobody joins before a dialect is known."""

    def unjoined(self) -> None:
        """Never called."""

    def answer(self, answer: Answer, time: int) -> bytes:
        """Write in the dialect that everybody can read.

        But not that the hub ends: a program that was about to say `hello` would take
        the line for another server's and stay away, and a bare end it takes for what
        it is, an accident after which to come back.
        """
        if isinstance(answer, Bye) and answer.code == "shutdown":
            return b""
        return self._fallback().answer(answer, time)

    def refusal(
        self, refusal: Refusal, command: Command | HubCommand | None, time: int
    ) -> bytes:
        """Write a refusal."""
        return self.writer.refusal(refusal, command, time)
