"""A client protocol played by hand: frames in, events and frames out, and no I/O."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import count
from typing import Any

from tests.unit.client.fake_hub import NOON

from hubbub.client import (
    ClientProtocol,
    Event,
)

TIME = datetime(2026, 1, 2, 12, tzinfo=UTC)
LIMITS = {"text": 4096, "line": 65536, "nonces": 128, "history": 100}


def wire(*frames: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(frame).encode() + b"\n" for frame in frames)


def welcome(**changes: Any) -> dict[str, Any]:
    return {
        "type": "welcome",
        "name": "alice",
        "user": 1,
        "token": "j1.secret",
        "seq": 1,
        "server": {"name": "hubbub", "version": "0", "protocol": 1},
        "users": ["alice", "bob"],
        "groups": [],
        "limits": LIMITS,
        **changes,
    }


def message(seq: int, text: str = "hi", **changes: Any) -> dict[str, Any]:
    return {
        "type": "message",
        "seq": seq,
        "time": NOON,
        "from": "bob",
        "to": "lobby",
        "text": text,
        **changes,
    }


def key(number: int) -> str:
    return f"key-{number:018}"


class Play:
    """A protocol and what it has sent."""

    def __init__(self, **options: Any) -> None:
        numbers, keys = count(1), count(1)
        self.protocol = ClientProtocol(
            "alice",
            new_nonce=lambda: f"n{next(numbers)}",
            new_key=lambda: key(next(keys)),
            client=None,
            **options,
        )

    def sent(self) -> list[dict[str, Any]]:
        lines = self.protocol.data_to_send().splitlines()
        return [json.loads(line) for line in lines]

    def gets(self, *frames: dict[str, Any]) -> list[Event]:
        return self.protocol.receive_data(wire(*frames))

    def joined(self, **changes: Any) -> Play:
        self.protocol.connection_made()
        self.sent()
        self.gets(welcome(**changes))
        return self

    def reconnects(self, **changes: Any) -> list[Event]:
        self.protocol.connection_lost()
        self.protocol.connection_made()
        self.sent()
        return self.gets(welcome(**changes))
