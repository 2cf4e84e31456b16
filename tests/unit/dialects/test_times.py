"""Clocks that lie: whatever the wall clock says can be written."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest

from hubbub.client.events import Message, ProtocolError
from hubbub.client.protocol import ClientProtocol
from hubbub.dialects.json_lines import frames
from hubbub.dialects.json_lines.writer import JsonWriter
from hubbub.dialects.plain.console import ConsoleWriter
from hubbub.dialects.plain.writer import PlainWriter
from hubbub.model.address import LOBBY
from hubbub.model.answers import History
from hubbub.model.events import LobbyPosted
from hubbub.model.time import EARLIEST, LATEST, moment

if TYPE_CHECKING:
    from collections.abc import Iterator

JSON = JsonWriter(frames.ServerInfo("h", "0", 1), frames.LimitsInfo(1, 1, 1, 1))

TIMES = {
    "the epoch": 0,
    "the second before the epoch": -1,
    "the seventies, backwards": -86_400_000,
    "year one": -62_135_596_800_000,
    "before year one": -(10**15),
    "the last second of year 9999": 253_402_300_799_999,
    "year 10000": 253_402_300_800_000,
    "the last 64 bits": 2**63 - 1,
    "the first 64 bits": -(2**63),
    "beyond any clock": 10**30,
}
each_time = pytest.mark.parametrize("wall", TIMES.values(), ids=TIMES)


@pytest.fixture(params=["UTC", "Asia/Tokyo", "America/Los_Angeles"])
def zone(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Have the machine be somewhere."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@each_time
def test_a_moment_is_within_the_calendar(wall: int) -> None:
    """What no calendar holds becomes the first or last moment that one does."""
    assert EARLIEST <= moment(wall) <= LATEST


@each_time
@pytest.mark.usefixtures("zone")
def test_plain_writes_any_time(wall: int) -> None:
    """`HH:MM:SS`, and the date as `YYYY-MM-DD` in a history of another day."""
    event = LobbyPosted(7, wall, 3, "bob", "hi", None)
    for writer in (PlainWriter(color=False), ConsoleWriter(color=False)):
        line = writer.event(event, own=False).decode()
        assert re.fullmatch(r"\[\d\d:\d\d:\d\d\] bob >> hi\n", line)
    page = PlainWriter(color=False).answer(
        History(LOBBY, (event,), more=False, reader=1), 1_700_000_000_000
    )
    last = page.decode().splitlines()[-1]
    assert re.fullmatch(r"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] bob >> hi", last)


@each_time
def test_json_writes_any_time_and_the_client_reads_it(wall: int) -> None:
    """RFC 3339 with a year of four digits."""
    frame = JSON.event(LobbyPosted(7, wall, 3, "bob", "hi", None), own=False)
    assert re.search(rb'"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"', frame)
    (event,) = joined().receive_data(frame)
    assert isinstance(event, Message)


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59.999999-23:59",
        "9999-12-31T00:00:01Z",
        "2026-01-01T00:00:00",
        "noon",
    ],
)
def test_a_time_that_not_every_zone_has_is_no_time(text: str) -> None:
    """A hub that lies about the time gets a `ProtocolError`, and no front falls."""
    frame = JSON.event(LobbyPosted(7, 0, 3, "bob", "hi", None), own=False)
    frame = frame.replace(b"1970-01-01T00:00:00.000Z", text.encode())
    (event,) = joined().receive_data(frame)
    assert isinstance(event, ProtocolError)


def joined() -> ClientProtocol:
    """Give a client that has been welcomed."""
    protocol = ClientProtocol("alice")
    protocol.connection_made()
    protocol.receive_data(
        b'{"type":"welcome","name":"alice","user":1,"token":"a.b","seq":1,'
        b'"server":{"name":"h","version":"0","protocol":1},"users":[],"groups":[],'
        b'"limits":{"text":40,"line":300,"nonces":4,"history":9}}\n'
    )
    return protocol
