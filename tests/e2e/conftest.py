"""Fixtures: real hubs on both engines, and people to talk with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tests.e2e.hub import HubProcess, Person, close_all


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
