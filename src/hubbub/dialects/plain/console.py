"""Lines of the plain dialect for the administrator's console."""

from __future__ import annotations

from collections.abc import Callable

from hubbub.dialects.plain.commands import console_help
from hubbub.dialects.plain.words import RED, listed
from hubbub.dialects.plain.writer import PlainWriter
from hubbub.model.answers import Answer, Bye, HelpText, KeptOut
from hubbub.model.invites import InviteMade


class ConsoleWriter(PlainWriter):
    """Writes for the console: the same lines, help of its own, and whom it guards."""

    def __init__(
        self, *, color: bool, draw: Callable[[str], list[str]] | None = None
    ) -> None:
        """Choose colours, and what draws a link for cameras; None: nothing does."""
        super().__init__(color=color)
        self._draw = draw

    def answer(self, answer: Answer, time: int) -> bytes:
        """Write an answer, or what nobody else is told."""
        if isinstance(answer, KeptOut):
            return self._kept_out(answer, time).encode()
        return super().answer(answer, time)

    def _kept_out(self, answer: KeptOut, time: int) -> str:
        more = answer.count - len(answer.networks)
        who = listed((*answer.networks, *([f"{more} more"] if more else ())))
        are = "is" if answer.count == 1 else "are"
        return self._line(
            RED,
            f"[{self._clock(time)}] {who} {are} kept out for "
            f"{answer.seconds:g} seconds: too much of it had to be refused",
        )

    def _invite(self, answer: InviteMade, ts: str, time: int) -> str:
        lines = super()._invite(answer, ts, time)
        if self._draw is None or not answer.link:
            return lines
        return lines + "".join(f"{row}\n" for row in self._draw(answer.link))

    def _help(self, answer: HelpText, ts: str, _time: int) -> str:
        how = "A line is said to everyone as SERVER. "
        lines = "\n".join(console_help(answer.about))
        return f"{ts} {'' if answer.about else how}Commands:\n{lines}\n"

    def _bye(self, _answer: Bye, _ts: str, _time: int) -> str:
        return ""
