"""JSON frames by hand, where what is looked at is the frame itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.conformance.hub_process import HubProcess
    from tests.conformance.speakers.wire import Wire


def send(wire: Wire, **frame: object) -> None:
    """Send a frame."""
    wire.send(json.dumps(frame).encode() + b"\n")


def frame_of(wire: Wire, *kinds: str) -> dict[str, Any]:
    """Pass over frames up to one of these types."""
    while True:
        line = wire.receive_line()
        assert line is not None, f"the end before {kinds}"
        frame: dict[str, Any] = json.loads(line)
        if frame["type"] in kinds:
            return frame


def settled(wire: Wire) -> list[dict[str, Any]]:
    """Give the frames that had come by now, to one who has caught up."""
    send(wire, type="ping", id="by now")
    frames: list[dict[str, Any]] = []
    while True:
        frame = json.loads(wire.receive_line() or b"{}")
        if frame == {"type": "pong", "id": "by now"}:
            return frames
        frames.append(frame)


def enter(hub: HubProcess, name: str, **fields: object) -> Wire:
    """Come in with JSON, past the welcome."""
    wire = hub.connect()
    send(wire, type="hello", name=name, **fields)
    frame_of(wire, "welcome")
    return wire
