"""`hubbub token` where no hub runs: the journal is opened for one question."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from hubbub.app.cli import main


@pytest.fixture
def data(tmp_path: Path) -> list[str]:
    return ["--data", str(tmp_path)]


def test_a_token_is_made_listed_and_revoked(
    data: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The token alone on standard output, once; the rest is for a person."""
    made = ["create", "ci", "--post", "#ops", "--post", "lobby", "--read", "@Ann"]
    assert main(["token", *made, "--expires", "90d", *data]) == 0
    told = capsys.readouterr()
    token = told.out.removesuffix("\n")
    assert re.fullmatch(r"hub_[0-9A-Za-z]{30}", token)
    assert f'curl -H "Authorization: Bearer {token}" -d hello ' in told.err
    assert "/groups/ops\n" in told.err
    assert main(["token", "list", *data]) == 0
    heads, row = capsys.readouterr().out.splitlines()
    assert heads.split()[:2] == ["ID", "NAME"]
    number, name, last = row.split()[:3]
    assert (name, last) == ("ci", token[-4:])
    assert "#ops lobby" in row
    assert token not in row
    assert main(["token", "list", "--json", *data]) == 0
    (one,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (one["id"], one["post"], one["read"]) == (
        int(number),
        ["#ops", "lobby"],
        ["@ann"],
    )
    assert main(["token", "revoke", number, *data]) == 0
    assert main(["token", "revoke", number, *data]) == 1
    assert "there is no token" in capsys.readouterr().err
    assert main(["token", "list", "--json", *data]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("read", "path"),
    [("lobby", "lobby?limit=10"), ("all", "lobby?limit=10"),
     ("@zoë", "users/zo%C3%AB?limit=10")],
)  # fmt: skip
def test_a_token_to_read_is_tried_by_reading(
    data: list[str], capsys: pytest.CaptureFixture[str], read: str, path: str
) -> None:
    assert main(["token", "create", "ci", "--read", read, *data]) == 0
    told = capsys.readouterr().err
    assert f"/{path}" in told
    assert "until it is revoked" in told
    assert main(["token", "list", *data]) == 0
    assert capsys.readouterr().out.splitlines()[1].split()[3] == "-"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["create", "ci"], "say where the token is for"),
        (["create", "ci", "--post", "ops"], "say where the token is for"),
        (["create", "two words", "--post", "lobby"], "name"),
        (["create", "ci", "--post", "lobby", "--expires", "soon"], "'soon' is no time"),
        (["create", "ci", "--post", "lobby", "--expires", "99999w"], "10 years"),
        (["revoke", "x"], "invalid int value"),
        (["revoke", "5"], "there is no token 5"),
        ([], "ACTION"),
    ],
)
def test_what_makes_no_sense(
    data: list[str],
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    sentence: str,
) -> None:
    """One sentence on standard error, and exit code 1."""
    assert main(["token", *words, *(data if words else [])]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert sentence in told.err


def test_a_folder_that_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--data", str(tmp_path / "none")]
    assert main(["token", "list", *where]) == 1
    assert "there is no hub in" in capsys.readouterr().err
