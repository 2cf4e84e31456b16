"""The client at a terminal that the test types into and looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.client.line.at_terminal import AtTerminal
from tests.unit.client.loopback import LoopbackHub

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def at(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AtTerminal:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return AtTerminal(hub)
