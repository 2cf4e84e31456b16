"""`hubbub admin`, without a hub; with one it is in the conformance suite."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from hubbub.app.admin_door import SOCKET_NAME, AdminDoor, reachable
from hubbub.app.cli import main
from hubbub.app.compose import JOURNAL_NAME, make_private
from hubbub.app.secrets import SecretError, ask_twice, find_password
from hubbub.journal.sqlite import SqliteJournal
from hubbub.model.events import AccountCreated
from hubbub.model.roles import Role
from hubbub.model.secret import Secret
from hubbub.node.passwords import is_right

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "correct horse"


@pytest.fixture
def password_file(tmp_path: Path) -> str:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\nand no more\n")
    return str(file)


def test_an_owner_is_made_without_a_hub(
    tmp_path: Path, password_file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The journal has the account, and its password is the one in the file."""
    data = tmp_path / "data"
    data.mkdir()
    where = ["--data", str(data), "--password-file", password_file]
    assert main(["admin", "create", "alice", *where]) == 0
    assert capsys.readouterr().out == "alice is an owner now\n"
    assert main(["admin", "create", "alice", "--role", "member", *where]) == 0
    journal = SqliteJournal(data / JOURNAL_NAME)
    created = journal.read(0, 10)[0]
    journal.close()
    assert isinstance(created, AccountCreated)
    assert (created.name, created.role) == ("alice", Role.OWNER)
    assert is_right(created.password_hash, Secret(PASSWORD))


@pytest.mark.parametrize(
    ("name", "password", "sentence"),
    [("SERVER", PASSWORD, "that name is reserved"),
     ("two words", PASSWORD, "a name"), ("alice", "short", "at least 8")],
)  # fmt: skip
def test_what_can_not_be_is_said(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    password: str,
    sentence: str,
) -> None:
    """One sentence on standard error, and exit code 1."""
    monkeypatch.setenv("HUBBUB_PASSWORD", password)
    assert main(["admin", "create", name, "--data", str(tmp_path)]) == 1
    assert sentence in capsys.readouterr().err


def test_a_folder_that_is_none(
    tmp_path: Path, password_file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--data", str(tmp_path / "none"), "--password-file", password_file]
    assert main(["admin", "create", "alice", *where]) == 1
    assert "there is no hub in" in capsys.readouterr().err


def test_the_socket_of_a_killed_hub_is_nobodys(
    tmp_path: Path, password_file: str
) -> None:
    """It is passed over, and a new hub takes its place."""
    data = tmp_path / "data"
    data.mkdir()
    left = socket.socket(socket.AF_UNIX)
    with reachable(data / SOCKET_NAME) as address:
        left.bind(address)
    left.close()
    where = ["--data", str(data), "--password-file", password_file]
    assert main(["admin", "create", "alice", *where]) == 0
    door = AdminDoor(data, lambda end: end.close())
    door.close()
    assert not (data / SOCKET_NAME).exists()


def test_a_door_that_can_not_be_opened_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The hub goes on without it."""
    AdminDoor(tmp_path / "none", lambda end: end.close()).close()
    assert "no commands are taken" in capsys.readouterr().err


def test_a_path_that_is_too_long_is_reached_all_the_same(tmp_path: Path) -> None:
    """A Unix socket's address has room for 108 bytes."""
    folder = tmp_path / ("x" * 120)
    folder.mkdir()
    with reachable(folder / "s") as address, socket.socket(socket.AF_UNIX) as one:
        one.bind(address)
    assert (folder / "s").exists()


def test_where_a_password_comes_from(
    tmp_path: Path, password_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file, then the environment, then the person; never the command line."""
    monkeypatch.delenv("HUBBUB_PASSWORD", raising=False)
    assert find_password(None) is None
    assert find_password(password_file) == PASSWORD
    monkeypatch.setenv("HUBBUB_PASSWORD", "from there")
    assert find_password(None, ask=True) == "from there"
    (tmp_path / "empty").touch()
    (tmp_path / "bytes").write_bytes(b"\xff")
    for name, sentence in (
        ("none", "can't be read"), ("empty", "is empty"), ("bytes", "is not UTF-8"),
    ):  # fmt: skip
        with pytest.raises(SecretError, match=sentence):
            find_password(tmp_path / name)


def test_a_password_is_asked_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["a", "a", "a", "b", ""])

    def ask(_prompt: str) -> str:
        return next(answers)

    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal())
    assert ask_twice("?", ask) == "a"
    with pytest.raises(SecretError, match="differ"):
        ask_twice("?", ask)
    with pytest.raises(SecretError, match="no password"):
        ask_twice("?", ask)
    monkeypatch.setattr(Terminal, "isatty", lambda _self: False)
    with pytest.raises(SecretError, match="no terminal"):
        ask_twice("?", ask)


def test_the_end_of_input_is_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-D where it is asked for: a sentence."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)

    def ends(_prompt: str) -> str:
        raise EOFError

    with pytest.raises(SecretError, match="no password was given"):
        ask_twice("?", ends)


def test_a_data_folder_is_private(tmp_path: Path) -> None:
    """0700 and 0600; what is somebody's own folder stays as it is."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder in (ours, theirs):
        folder.mkdir()
        folder.chmod(0o755)
        (folder / JOURNAL_NAME).touch()
        (folder / JOURNAL_NAME).chmod(0o644)
    (theirs / "letter").touch()
    (theirs / "letter").chmod(0o644)
    for folder, mode in ((ours, 0o700), (theirs, 0o755)):
        assert make_private(folder) == (folder is ours)
        assert folder.stat().st_mode & 0o777 == mode
        assert (folder / JOURNAL_NAME).stat().st_mode & 0o777 == 0o600
    assert (theirs / "letter").stat().st_mode & 0o777 == 0o644
