"""A program with an access token, as a process: README, "Bots"."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.e2e.hub import LIMIT, HubProcess, Person

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

StartHub = Callable[..., HubProcess]
Connect = Callable[[HubProcess], Person]


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `hubbub` with something to say."""
    return subprocess.run(
        [sys.executable, "-m", "hubbub.app", *words],
        input="from a pipe\n",
        capture_output=True,
        text=True,
        timeout=LIMIT,
        env={**os.environ, **environment},
        check=False,
    )


@pytest.mark.parametrize("source", ["file", "environment"])
def test_a_pipe_with_a_token_needs_no_name(
    start_hub: StartHub, connect: Connect, tmp_path: Path, source: str
) -> None:
    """The exit code says whether it was said; after the token's end it is not."""
    data = tmp_path / "data"
    hub = start_hub("--data", str(data))
    bob = connect(hub)
    bob.say("bob")
    bob.read_until("Welcome")
    where = ("--data", str(data))
    made = run("token", "create", "ci", "--post", "lobby", *where)
    token = made.stdout.strip()
    file = tmp_path / "token"
    file.write_text(made.stdout)
    flags = ["--token-file", str(file)] if source == "file" else []
    variable = {} if flags else {"HUBBUB_TOKEN": token}
    join = ("join", "127.0.0.1", str(hub.port), *flags)
    said = run(*join, **variable)
    assert said.returncode == 0, said.stderr
    bob.read_until("ci >> from a pipe")
    number = re.search(r"token (\d+) of ci", made.stderr)
    assert number is not None
    assert run("token", "revoke", number[1], *where).returncode == 0
    refused = run(*join, **variable)
    assert refused.returncode == 1
    assert "that token is unknown here" in refused.stderr
    assert token not in refused.stderr
