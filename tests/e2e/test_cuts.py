"""Connections cut at every byte, between a client of the library and a real hub."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest
from chaos.proxy import Fate, Proxy
from tests.conformance.hub_process import HubProcess
from tests.unit.client.loopback import Face

from hubbub.client import Acknowledged, Message, Reconnected, Unconfirmed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e

WHOLE = Fate()

# A chat and an engine know nothing of each other, so each is tried with one of them.
FACES = {"loop": "aio", "threads": "blocking"}


@pytest.fixture
def hub(engine: str, tmp_path: Path) -> Iterator[HubProcess]:
    """Give a hub with a journal on disk."""
    with HubProcess(engine, tmp_path / "hub", limits={"rate": 0}) as process:
        yield process


@pytest.mark.timeout(60)
@pytest.mark.parametrize("way", ["up", "down"])
def test_a_cut_at_every_byte(hub: HubProcess, engine: str, way: str) -> None:
    """Each message of many, each with its own cut, stands once, and is shown once.

    A connection carries `hello`, `welcome`, what was missed, the message, and its
    acknowledgement; the first cut is before all of that, and the last after it.
    """
    fates: list[Fate] = [WHOLE]
    with Proxy(hub.port, lambda _: fates.pop() if fates else WHOLE) as proxy:
        options = {"name": "alice", "reconnect_every": 0.001}
        chat = Face(FACES[engine], "127.0.0.1", proxy.port, **options)
        chat.call("send", "0")
        chat.call("flush")
        for size in count():
            cuts = proxy.cuts
            # Every second time the client sees a reset, and not an end.
            reset = bool(size % 2)
            up, down = (size, None) if way == "up" else (None, size)
            fates.append(Fate(up, down, reset=reset))
            proxy.cut()
            chat.call("send", f"{size + 1}")
            chat.call("flush")
            if proxy.cuts == cuts and not fates:
                break
        chat.call("close")
        events = chat.rest()
        chat.close()
    texts = [str(number) for number in range(size + 2)]
    assert size > 100
    assert [e.text for e in events if isinstance(e, Message)] == texts
    assert len([e for e in events if isinstance(e, Acknowledged)]) == len(texts)
    assert not [e for e in events if isinstance(e, Unconfirmed)]
    assert all(e.resumed for e in events if isinstance(e, Reconnected))
