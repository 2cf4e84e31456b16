"""A hub on the loopback, and both chats with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.client.loopback import LIMIT, Face, LoopbackHub, Start

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def hub() -> Iterator[LoopbackHub]:
    with LoopbackHub() as server:
        yield server


@pytest.fixture(params=["blocking", "aio"])
def start(request: pytest.FixtureRequest, hub: LoopbackHub) -> Iterator[Start]:
    faces: list[Face] = []

    def one(**options: Any) -> Face:
        settings: dict[str, Any] = {
            "host": hub.host,
            "port": hub.port,
            "name": "alice",
            "reconnect_every": 0.02,
            "reconnect_for": LIMIT,
            **options,
        }
        faces.append(Face(request.param, **settings))
        return faces[-1]

    yield one
    for face in faces:
        face.close()
