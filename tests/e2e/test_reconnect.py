"""Both chats behind a network that cuts, delays and reorders; see `make chaos`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from chaos.proxy import Fate, Proxy
from chaos.reconnect import Schedule
from tests.conformance.hub_process import HubProcess
from tests.unit.client.loopback import Face

from hubbub.client import Connected, Message

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e


@pytest.mark.timeout(60)
@pytest.mark.parametrize("seed", [1, 2])
def test_no_gap_and_no_repeat(engine: str, tmp_path: Path, seed: int) -> None:
    """docs/promises.md, 3."""
    with Schedule(engine, tmp_path / "hub", seed) as schedule:
        verdict = schedule.run(steps=60, restarts=1)
    assert verdict.good, verdict
    assert verdict.connections > 2
    assert verdict.events > 100


@pytest.mark.parametrize("face", ["blocking", "aio"])
@pytest.mark.parametrize("down", [0, 1, 100])
def test_a_welcome_that_is_lost_shuts_nobody_out(
    engine: str, tmp_path: Path, face: str, down: int
) -> None:
    """The hub has let the client in, and only the client does not know."""
    fates = [Fate(down=down), Fate(down=down)]
    with (
        HubProcess(engine, tmp_path / "hub", limits={"rate": 0}) as hub,
        Proxy(hub.port, lambda _: fates.pop() if fates else Fate()) as proxy,
    ):
        chat = Face(face, "127.0.0.1", proxy.port, name="alice", reconnect_every=0.001)
        chat.call("send", "hello")
        chat.call("flush")
        chat.call("close")
        events = chat.rest()
        chat.close()
        assert proxy.cuts == 2
    assert len([event for event in events if isinstance(event, Connected)]) == 1
    assert [event.text for event in events if isinstance(event, Message)] == ["hello"]
