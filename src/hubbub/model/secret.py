"""Secrets: what proves who a person is, and how it is kept out of sight."""

from __future__ import annotations

import re

HIDDEN = b"..."

# In a line of the plain dialect, all that follows these words; in a frame, the values
# of these fields, also when the piece at hand ends before the value does.
_COMMAND = re.compile(
    rb"^(\s*:(?:register|passwd|unregister|invite|group\s+(?:join|private)\s+\S+)"
    rb"(?=\s|$)).*",
    re.IGNORECASE | re.DOTALL,
)
_HEADER = re.compile(
    rb"^((?:proxy-)?authorization:\s*(?:\w+\s+)?|cookie:\s*)[^\r\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_FIELD = re.compile(
    rb'("(?:password|new|token|key|invite|secret|hash)"\s*:\s*)"(?:[^"\\]|\\.)*"?'
)


# The code of an invitation, wherever it stands: five groups of the characters of
# `hubbub.model.invites`. Of one that is cut within the first group the rest is told by
# its four others; of one that is cut later the beginning is.
_LETTER = rb"[0-9a-hjkmnp-tv-z]"
_CODE = re.compile(
    rb"(?:\b%(one)s{5}|\A%(one)s{0,5})(?:-%(one)s{5}){4}\b" % {b"one": _LETTER},
    re.IGNORECASE,
)
_PART = re.compile(
    rb"\b%(one)s{5}(?:-%(one)s{5}){0,3}-\w*\Z" % {b"one": _LETTER}, re.IGNORECASE
)
_QUERY = re.compile(rb"(\binvite=)[^\s&\"']*")

# An access token, wherever it stands, and as much of one as there is.
_ACCESS = re.compile(rb"hub_[0-9A-Za-z]+")

_CUT_ACCESS = re.compile(rb"\bhub_[0-9A-Za-z]*\Z")

_SECRET_HEADERS = (b"authorization:", b"proxy-authorization:", b"cookie:")

# So many letters of a header's name tell it from what somebody says.
_TOLD_BY = 4

_HTTP = b"GET "


class Secret:
    """A string that no log, trace or traceback shows."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        """Hold a value, which has to be asked for."""
        self.value = value

    def __repr__(self) -> str:
        return "Secret(...)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.value == self.value

    def __hash__(self) -> int:
        return hash(self.value)


class Mask:
    """Hides secrets in the bytes of one direction of a connection, piece by piece.

    A piece may end within a line. What goes on with a line that began as a command or a
    frame is not shown at all: what came before it is what would tell a secret from the
    rest.
    """

    __slots__ = ("_first", "_within")

    def __init__(self) -> None:
        """Begin at the beginning of a line."""
        self._first = b""
        self._within = False

    def show(self, data: bytes) -> bytes:
        """Give the next piece as it may be seen; mostly it is what it was."""
        is_new = len(self._first) < len(_HTTP)
        if is_new:
            self._first = (self._first + data)[: len(_HTTP)]
        if self._first != _HTTP:
            return self._show_lines(data)
        if not is_new:
            # WebSocket (RFC 6455, section 5.3): masked, with the key beside it.
            return HIDDEN
        head, end, rest = data.partition(b"\r\n\r\n")
        return _mask(head) + end + (HIDDEN if rest else b"")

    def _show_lines(self, data: bytes) -> bytes:
        first, *others = data.split(b"\n")
        shown = [HIDDEN if self._within and first else _mask(first)]
        shown += [_mask(line) for line in others]
        last = others[-1] if others else first
        if others or not self._within:
            self._within = _may_hold_more(last)
        return b"\n".join(shown)


def _may_hold_more(line: bytes) -> bool:
    """Tell whether what follows an unfinished line may be part of a secret."""
    if line.lstrip()[:1] in (b"{", b":") or _PART.search(line) is not None:
        return True
    begins = line.lower()
    return _CUT_ACCESS.search(line) is not None or any(
        begins.startswith(name) or (len(begins) >= _TOLD_BY and name.startswith(begins))
        for name in _SECRET_HEADERS
    )


def _mask(line: bytes) -> bytes:
    line = _HEADER.sub(rb"\1" + HIDDEN, line)
    line = _COMMAND.sub(rb"\1 " + HIDDEN, line)
    line = _QUERY.sub(rb"\1" + HIDDEN, line)
    line = _PART.sub(HIDDEN, _CODE.sub(HIDDEN, line))
    line = _ACCESS.sub(HIDDEN, line)
    return _FIELD.sub(rb'\1"' + HIDDEN + b'"', line)
