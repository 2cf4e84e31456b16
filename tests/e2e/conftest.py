"""Fixtures: real hubs on both engines, and people to talk with them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest
from tests.e2e.hub import LIMIT, ROOT, HubProcess, Person, close_all


@pytest.fixture(params=["loop", "threads"])
def engine(request: pytest.FixtureRequest) -> str:
    """Both engines."""
    return str(request.param)


@pytest.fixture
def start_hub(engine: str) -> Iterator[Callable[..., HubProcess]]:
    """Start hubs with the engine and further flags."""
    hubs: list[HubProcess] = []

    def start(*flags: str, port: int = 0) -> HubProcess:
        hubs.append(HubProcess("--engine", engine, *flags, port=port))
        return hubs[-1]

    yield start
    close_all(hubs)
    for hub in hubs:
        assert not any("Traceback" in line for line in hub.lines), hub.lines


@pytest.fixture
def connect() -> Iterator[Callable[[HubProcess], Person]]:
    """Connect people."""
    people: list[Person] = []

    def one(hub: HubProcess) -> Person:
        people.append(Person(hub.port))
        return people[-1]

    yield one
    close_all(people)


@pytest.fixture
def open_client(tmp_path: Path) -> Iterator[Callable[..., pexpect.spawn]]:
    """Open terminal clients, each in a terminal and with a state of its own."""
    clients: list[pexpect.spawn] = []

    def one(port: int, *flags: str) -> pexpect.spawn:
        clients.append(
            pexpect.spawn(
                sys.executable,
                ["client.py", "127.0.0.1", str(port), "--color", "never", *flags],
                cwd=str(ROOT),
                env={
                    **os.environ,
                    "PROMPT_TOOLKIT_NO_CPR": "1",
                    "TERM": "xterm",
                    "XDG_STATE_HOME": str(tmp_path / f"state{len(clients)}"),
                },
                encoding="utf-8",
                timeout=LIMIT,
                dimensions=(24, 100),
            )
        )
        return clients[-1]

    yield one
    for client in clients:
        client.close(force=True)
