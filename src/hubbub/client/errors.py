"""What the methods of a chat raise."""

from __future__ import annotations


class ChatError(Exception):
    """Anything that keeps a chat from doing what was asked."""


class RefusedError(ChatError):
    """The hub said no.

    Attributes:
        code: What programs match on; the list is in docs/protocol.md.
        text: One sentence that says what to do.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class UnconfirmedError(ChatError):
    """The connection was lost before the answer: what was asked may stand or not."""


class EndedError(ChatError):
    """The chat is over.

    Attributes:
        code: As in the event `Ended`.
        reason: One sentence.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class BacklogFullError(ChatError):
    """Too much waits to be sent; go on when some of it has been acknowledged."""
