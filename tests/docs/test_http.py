"""The curl lines of docs/http.md, replayed on a live hub."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from tests.conformance.examples import same_value
from tests.conformance.hub_process import HubProcess
from tests.conformance.scene import ENGINES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "http.md"

_BLOCK = re.compile(r"^```curl\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples() -> list[tuple[str, int, object]]:
    """Give each command with the status and the JSON that the page shows."""
    lines = "".join(_BLOCK.findall(PAGE.read_text(encoding="utf-8"))).splitlines()
    assert len(lines) % 3 == 0
    return [
        (lines[at], int(lines[at + 1]), json.loads(lines[at + 2]))
        for at in range(0, len(lines), 3)
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_lines_do_what_the_page_says(engine: str, tmp_path: Path) -> None:
    """All of them, in order, on one hub."""
    with HubProcess(engine, tmp_path / "data", "--memory") as hub:
        for line, status, shown in examples():
            command = line.replace("curl ", "curl -s -w '\\n%{http_code}' ", 1)
            done = subprocess.run(
                ["bash", "-c", command],
                env={"HUB": f"http://{hub.host}:{hub.port}", "PATH": "/usr/bin:/bin"},
                capture_output=True,
                text=True,
                check=True,
            )
            body, _, code = done.stdout.rpartition("\n")
            assert int(code) == status, line
            assert same_value(shown, json.loads(body)), (line, body)
