"""The crossed fixtures: every case meets every engine, and every mix of dialects."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Protocol

import pytest
from tests.conformance.hub_process import HubProcess
from tests.conformance.scene import ENGINES, MIXES, Scene

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from pathlib import Path

_HUBS = pytest.StashKey[list[HubProcess]]()


class Launch(Protocol):
    """Starts a hub for one case; it is stopped, and checked, when the case ends."""

    def __call__(
        self,
        *flags: str,
        limits: Mapping[str, float] | None = None,
        host: str = "127.0.0.1",
        color: str = "never",
        console: bool = False,
    ) -> HubProcess: ...


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Give the engine under test."""
    return str(request.param)


@pytest.fixture(scope="session")
def hub(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """Give the hub that all cases share which need no limits of their own."""
    with HubProcess(engine, tmp_path_factory.mktemp(f"hub-{engine}")) as process:
        yield process


@pytest.fixture
def launch(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Launch]:
    """Give a way to start hubs. All of one case share the folder of the journal."""
    hubs = request.node.stash.setdefault(_HUBS, [])

    with ExitStack() as running:

        def start(
            *flags: str,
            limits: Mapping[str, float] | None = None,
            host: str = "127.0.0.1",
            color: str = "never",
            console: bool = False,
        ) -> HubProcess:
            process = HubProcess(
                engine,
                tmp_path / "hub",
                *flags,
                limits=limits,
                host=host,
                color=color,
                console=console,
            )
            hubs.append(process)
            return running.enter_context(process)

        yield start


@pytest.fixture(params=MIXES, ids="+".join)
def kinds(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Give the dialects of the people in a scene, in turn."""
    return tuple(request.param)


@pytest.fixture
def scene(
    hub: HubProcess, kinds: tuple[str, ...], request: pytest.FixtureRequest
) -> Iterator[Scene]:
    """Give an empty scene at the hub."""
    request.node.stash.setdefault(_HUBS, []).append(hub)
    stage = Scene(hub, kinds)
    yield stage
    stage.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the hub wrote beside a case that failed."""
    report = yield
    if report.failed:
        hubs: list[HubProcess] = item.stash.get(_HUBS, [])
        for number, process in enumerate(hubs, 1):
            report.sections.append((f"hub {number}", process.output[-4000:]))
    return report
