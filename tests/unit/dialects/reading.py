"""A connection without a socket: bytes in, requests out."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hubbub.app.compose import dialects
from hubbub.app.settings import Settings
from hubbub.dialects.json_lines import frames
from hubbub.dialects.json_lines.writer import JsonWriter
from hubbub.model.commands import (
    Hello,
)
from hubbub.model.limits import Limits

if TYPE_CHECKING:
    from hubbub.dialects.contract import Dialect, Request

LIMIT = 40


def opened(limit: int = LIMIT) -> Dialect:
    """Give what a new connection begins with."""
    settings = Settings(color="never", limits=Limits(line=limit))
    info = frames.LimitsInfo(1, 1, 1, 1)
    writer = JsonWriter(frames.ServerInfo("h", "0", 1), info)
    return dialects(settings, writer, "j")(False)


def pull(dialect: Dialect) -> list[Request]:
    """Take all requests; every name is taken in."""
    requests: list[Request] = []
    while (request := dialect.next()) is not None:
        requests.append(request)
        if isinstance(request, Hello):
            dialect.joined()
    return requests


def read(*pieces: bytes, limit: int = LIMIT) -> list[Request]:
    """Give the requests that pieces of a stream make."""
    dialect = opened(limit)
    requests: list[Request] = []
    for piece in pieces:
        dialect = dialect.receive(piece)
        requests += pull(dialect)
    return requests


def split(data: bytes, cuts: list[int]) -> list[bytes]:
    """Cut bytes into pieces."""
    at = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[a:b] for a, b in pairwise(at)]
