"""Times as frames have them."""

from __future__ import annotations

from hubbub.model.time import moment


class UtcTime:
    """Unix milliseconds to RFC 3339, computed once a second up to the milliseconds."""

    __slots__ = ("_second", "_text")

    def __init__(self) -> None:
        self._second: int | None = None
        self._text = ""

    def __call__(self, time: int) -> str:
        """Give `YYYY-MM-DDTHH:MM:SS.mmmZ`."""
        second, milliseconds = divmod(time, 1000)
        if second != self._second:
            self._second = second
            # Not strftime: it writes years before 1000 with fewer than four digits.
            self._text = moment(time).replace(tzinfo=None).isoformat()
        return f"{self._text}.{milliseconds:03d}Z"
