"""The audit trail, out of a hub that people have been put out of."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.hub import LIMIT, ROOT, HubProcess, Person

pytestmark = pytest.mark.e2e


@pytest.fixture
def engine() -> str:
    """One engine: what is exported is read from the disk, whoever wrote it."""
    return "loop"


def export(folder: Path) -> list[dict[str, Any]]:
    """Run `hubbub audit export`; give its lines."""
    done = subprocess.run(
        [sys.executable, "-m", "hubbub.app", "audit", "export", "--data", str(folder)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    acts = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.stderr == f"{len(acts)} acts exported\n"
    return acts


def test_each_act_is_in_the_trail(
    start_hub: Callable[..., HubProcess],
    connect: Callable[[HubProcess], Person],
    tmp_path: Path,
) -> None:
    """Who did what to whom, when and why; while the hub runs, and when it does not."""
    folder = tmp_path / "hub"
    began = time.time_ns() // 1_000_000
    hub = start_hub("--data", str(folder))
    rude, loud = connect(hub), connect(hub)
    for person, name in ((rude, "rude"), (loud, "loud")):
        person.send(type="hello", name=name)
        person.frames_until(type="welcome")
    loud.send(type="send", to="lobby", text="a secret that got out")
    said = loud.frames_until(type="message")[-1]["seq"]
    for line in (
        f":delete {said} it is private",
        ":kick rude bad manners",
        ":ban loud for 2h and again",
    ):
        hub.type(line)
    rude.frames_until(type="kicked", name="rude")
    loud.frames_until(type="kicked", name="loud")
    while_it_runs = export(folder)
    hub.terminate()
    ended = time.time_ns() // 1_000_000
    acts = export(folder)
    assert acts == while_it_runs
    assert all(began <= act["time"] <= ended for act in acts)
    told = [(act["action"], act["by"], act["name"], act["reason"]) for act in acts]
    assert told == [
        ("deleted", "SERVER", "loud", "it is private"),
        ("kicked", "SERVER", "rude", "bad manners"),
        ("banned", "SERVER", "loud", "and again"),
        ("kicked", "SERVER", "loud", "and again"),
    ]
    deleted, _, banned, _ = acts
    assert deleted["message"] == said
    assert banned["until"] - banned["time"] == 2 * 3_600_000
    assert "secret" not in json.dumps(acts)
