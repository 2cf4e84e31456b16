"""TLS as people meet it: first sight, a change of certificate, and none at all."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from tests.e2e.hub import LIMIT, ROOT, HubProcess

from hubbub.client import Connected, Encryption, Ended, Event, Message, connect
from hubbub.client.aio import connect as connect_async

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def blocking(port: int, **options: Any) -> list[Event]:
    """Join, say hello, and leave; give the events."""
    events: list[Event] = []
    with connect("127.0.0.1", port, name="ann", **options) as chat:
        chat.send("hello")
        for event in chat:
            events.append(event)
            if isinstance(event, Message | Ended):
                break
    return events


def asynchronous(port: int, **options: Any) -> list[Event]:
    """Do the same with the other shell."""

    async def talk() -> list[Event]:
        events: list[Event] = []
        async with connect_async("127.0.0.1", port, name="ann", **options) as chat:
            await chat.send("hello")
            async for event in chat:
                events.append(event)
                if isinstance(event, Message | Ended):
                    break
        return events

    return asyncio.run(talk())


@pytest.fixture(params=[blocking, asynchronous])
def talk(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., list[Event]]:
    """Give one shell, with a file of known hubs of its own."""

    def one(hub: HubProcess, **options: Any) -> list[Event]:
        known = tmp_path / "known_hubs"
        events: list[Event] = request.param(
            hub.port, known_hubs=known, reconnect_for=0, **options
        )
        return events

    return one


def encryption(events: list[Event]) -> Encryption:
    return next(event for event in events if isinstance(event, Encryption))


def fingerprint(hub: HubProcess) -> str:
    return hub.wait_for(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}")[0]


def test_a_hub_is_remembered_at_first_sight(
    start_hub: Callable[..., HubProcess],
    talk: Callable[..., list[Event]],
    tmp_path: Path,
) -> None:
    hub = start_hub("--tls", "auto", "--data", str(tmp_path / "data"))
    first = encryption(talk(hub, tls="always"))
    assert first.fingerprint == fingerprint(hub)
    assert (first.first_sight, first.summary[:4]) == (True, "TLSv")
    # From now on it is encrypted without being asked for, though it is so near.
    again = encryption(talk(hub))
    assert (again.first_sight, again.fingerprint) == (False, first.fingerprint)


def test_a_man_in_the_middle_is_refused(
    start_hub: Callable[..., HubProcess],
    talk: Callable[..., list[Event]],
    tmp_path: Path,
) -> None:
    """Whoever answers at the place of a known hub with another certificate."""
    hub = start_hub("--tls", "auto", "--data", str(tmp_path / "data"))
    talk(hub, tls="always")
    port = hub.port
    hub.type(":shutdown")
    assert hub.wait() == 0
    other = start_hub("--tls", "auto", "--data", str(tmp_path / "other"), port=port)
    with pytest.raises(Exception, match="ANOTHER CERTIFICATE"):
        talk(other)
    hub_says_nothing_of = [line for line in other.lines if "CONNECTED" in line]
    assert hub_says_nothing_of == []


def test_a_fingerprint_pins_beforehand(
    start_hub: Callable[..., HubProcess],
    talk: Callable[..., list[Event]],
    tmp_path: Path,
) -> None:
    hub = start_hub("--tls", "auto", "--memory", "--data", str(tmp_path / "hub"))
    pinned = talk(hub, fingerprint=fingerprint(hub))
    assert any(isinstance(event, Connected) for event in pinned)
    with pytest.raises(Exception, match="not the one that was asked for"):
        talk(hub, fingerprint="00" * 32)


def test_a_hub_without_tls_is_not_taken_for_one_that_must_have_it(
    start_hub: Callable[..., HubProcess], talk: Callable[..., list[Event]]
) -> None:
    hub = start_hub("--memory")
    with pytest.raises(Exception, match="TLS: "):
        talk(hub, tls="always")
    assert any(isinstance(event, Connected) for event in talk(hub))


def test_the_client_tells_of_it(
    start_hub: Callable[..., HubProcess], tmp_path: Path
) -> None:
    hub = start_hub("--tls", "auto", "--memory", "--data", str(tmp_path / "hub"))
    join = [sys.executable, "client.py", "127.0.0.1", str(hub.port), "--name", "ci"]
    done = subprocess.run(
        [*join, "--fingerprint", fingerprint(hub)],
        cwd=ROOT,
        input="build done\n",
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
        env={"XDG_DATA_HOME": str(tmp_path), "HOME": str(tmp_path)},
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert "Encrypted (TLSv1.3" in done.stderr
    hub.wait_for("ci >> build done")
