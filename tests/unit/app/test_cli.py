"""The command line, as far as no hub is started."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from hubbub import __version__
from hubbub.app.cli import client_door, main, server_door
from hubbub.app.compose import JOURNAL_NAME
from hubbub.app.flags import split_address
from hubbub.app.history import export_history, import_history
from hubbub.hub import Hub, State
from hubbub.journal.sqlite import SqliteJournal
from hubbub.model.commands import (
    CreateAccount,
    Join,
    OpenAccount,
    SetPassword,
    SignIn,
)
from hubbub.model.events import (
    SERVER_ID,
    Event,
    GroupCreated,
    LobbyPosted,
    UserJoined,
)
from hubbub.model.limits import Limits
from hubbub.model.roles import Role

if TYPE_CHECKING:
    from pathlib import Path

EVENTS: list[Event] = [
    UserJoined(1, 10, "ann", "127.0.0.1:1", "json", "hash"),
    GroupCreated(2, 11, "tea", 1, "ann"),
    LobbyPosted(3, 12, 1, "ann", "one\ntwo \u2713", "n1"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a data folder with a journal of three events."""
    folder = tmp_path / "data"
    folder.mkdir()
    journal = SqliteJournal(folder / JOURNAL_NAME)
    journal.append(EVENTS)
    journal.close()
    return folder


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "COMMAND"),
        (["nope"], "nope"),
        (["serve", "h", "x"], "'x' is no port; a port is a number from 0 to 65535"),
        (["serve", "h", "70000"], "'70000' is no port"),
        (["serve", "h", "-1"], "-1"),
        (["serve", "--rate-limit", "0"], "'0' is no rate; it is off, or a number"),
        (["serve", "--rate-limit", "nan"], "is no rate"),
        (["serve", "--engine", "uv"], "invalid choice"),
        (["serve", "--nope"], "--nope means nothing here; see hubbub serve --help"),
        (["serve", "--lna"], "(did you mean --lan?); see hubbub serve --help"),
        (["serve", "a", "1", "2"], "hubbub serve: 2 means nothing here"),
        (["join", "host:70000"], "'70000' is no port"),
        (["join", "http://h:1/", "2"], "http://h:1/ 2 names two ports; write one"),
        (["join", "h", "1", "--reconnect-for", "-1"], "-1"),
        (["join", "h", "1", "--reconnect-every", "x"], "'x' is no number of seconds"),
        (["history", "burn"], "invalid choice"),
        (["serve", "--config", "/nonexistent.toml"], "can't be read"),
    ],
)
def test_wrong_words_are_one_sentence_and_code_1(
    capsys: pytest.CaptureFixture[str], argv: list[str], said: str
) -> None:
    """Usage errors name what is wrong on standard error and exit with 1."""
    assert main(argv) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert "Traceback" not in err
    if argv:
        assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("written", "host", "port"),
    [
        ("10.0.0.1", "10.0.0.1", None),
        ("hub.example.org:81", "hub.example.org", 81),
        ("5001", None, 5001),
        ("::1", "::1", None),
        ("[::1]", "::1", None),
        ("[fe80::1%eth0]:5000", "fe80::1%eth0", 5000),
        ("http://10.0.0.1:5000/", "10.0.0.1", 5000),
        ("HTTPS://[::1]:5000/join", "::1", 5000),
    ],
)
def test_an_address_is_taken_as_people_write_it(
    written: str, host: str | None, port: int | None
) -> None:
    """With its port, or without; and as it stands in a browser."""
    assert split_address(written) == (host, port)


def test_a_program_may_be_started_without_streams(tmp_path: Path) -> None:
    """Nothing to read from and nowhere to print: it does its work all the same."""
    code = subprocess.call(
        [
            "sh",
            "-c",
            '"$0" -m hubbub.app history import --data "$1" <&- >&- 2>&-',
            sys.executable,
            str(tmp_path / "new"),
        ]
    )
    assert code == 0
    assert (tmp_path / "new" / JOURNAL_NAME).exists()


def test_a_reader_that_has_read_enough_is_no_error(folder: Path) -> None:
    """`hubbub history export | head -1`: no words, and code 1."""
    command = [sys.executable, "-m", "hubbub.app", "history", "export", "--data"]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*command, str(folder)], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize("argv", [[], ["127.0.0.1"], ["a", "1", "2"]])
def test_doors_want_two_words(
    capsys: pytest.CaptureFixture[str], argv: list[str]
) -> None:
    """`server.py IP PORT`: without the two words it shows them."""
    assert server_door(argv) == 1
    assert "server.py IP PORT" in capsys.readouterr().err
    assert client_door(argv) == 1
    assert "client.py IP PORT" in capsys.readouterr().err


def test_doors_check_the_port(capsys: pytest.CaptureFixture[str]) -> None:
    """A port is a number from 0 to 65535."""
    assert server_door(["127.0.0.1", "http"]) == 1
    assert "'http' is no port" in capsys.readouterr().err


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    """Both print to standard out and exit with 0."""
    for argv, said in (
        (["--version"], __version__),
        (["serve", "--help"], "--engine"),
        (["help"], "COMMAND"),
        (["help", "serve"], "--engine"),
    ):
        with pytest.raises(SystemExit) as caught:
            main(argv)
        assert caught.value.code == 0
        assert said in capsys.readouterr().out


def test_a_port_in_use_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """A hub that can't listen says why, and exits with 1."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert server_door(["127.0.0.1", port, "--memory", "--no-console"]) == 1
    assert f"port {port} is in use" in capsys.readouterr().err


def test_a_data_folder_that_can_not_be_is_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A file where the folder should be: a sentence, and what to do."""
    (tmp_path / "file").touch()
    assert main(["serve", "127.0.0.1", "0", "--data", str(tmp_path / "file")]) == 1
    assert "choose another with --data" in capsys.readouterr().err


def test_history_goes_out_and_in_again(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was exported and imported is the same events; and exports the same bytes."""
    file, other = tmp_path / "all.jsonl", tmp_path / "other"
    moving = ["--data", str(folder), "--with-secrets"]
    assert main(["history", "export", str(file), *moving]) == 0
    assert main(["history", "import", str(file), "--data", str(other)]) == 0
    assert capsys.readouterr().err == "3 events exported\n3 events imported\n"
    journal = SqliteJournal(other / JOURNAL_NAME)
    assert journal.read(0, 10) == EVENTS
    journal.close()
    out = io.BytesIO()
    assert export_history(other, out, with_secrets=True) == 3
    assert out.getvalue() == file.read_bytes()


def test_an_export_that_fails_leaves_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty file would pass for a backup, and stand in the way of the next one."""
    file = tmp_path / "all.jsonl"
    for command in ("history", "audit"):
        assert main([command, "export", str(file), "--data", str(tmp_path)]) == 1
        assert capsys.readouterr().err.startswith("there is no journal in")
        assert not file.exists()


def test_an_export_overwrites_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is there may be the last backup."""
    (folder / "all").write_text("precious")
    assert main(["history", "export", str(folder / "all"), "--data", str(folder)]) == 1
    assert "File exists" in capsys.readouterr().err
    assert (folder / "all").read_text() == "precious"


def test_ctrl_c_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever waits no longer gets the shell back, with the code that shells give."""

    def interrupted(_wait: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("hubbub.fronts.line.hubs.find_hubs", interrupted)
    assert main(["find"]) == 130
    assert capsys.readouterr().err == ""


def test_an_export_has_no_secrets_unless_it_is_told_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The hashes of passwords and tokens stay at home, those of a snapshot as well."""
    journal = SqliteJournal(tmp_path / JOURNAL_NAME)
    hub = Hub(Limits())
    for actor, command in (
        (SERVER_ID, Join("ann", "token-1")),
        (1, OpenAccount("hash-1")),
        (1, SignIn("token-2")),
        (1, SetPassword("hash-2", "token-1")),
        (SERVER_ID, CreateAccount("bob", Role.OWNER, "hash-3")),
    ):
        outcome = hub.execute(actor, command, 1)
        assert isinstance(outcome, list)
        journal.append([event for event, _ in outcome], hub.state.dump())
    secrets = ("token-1", "token-2", "hash-1", "hash-2", "hash-3")
    for flags, expected in ((["--with-secrets"], secrets), ([], ())):
        assert main(["history", "export", "--data", str(tmp_path), *flags]) == 0
        out = capsys.readouterr().out
        assert tuple(one for one in secrets if one in out) == expected
    state = hub.state
    state.forget_secrets()
    assert b"hash-" not in state.dump()
    assert b"token-" not in state.dump()
    assert State.load(state.dump()) == state
    journal.close()


def test_history_through_pipes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a file it is standard out and standard in."""
    out = io.TextIOWrapper(io.BytesIO())
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        assert main(["history", "export", "--data", str(folder)]) == 0
    out.buffer.seek(0)
    monkeypatch.setattr(sys, "stdin", out)
    assert main(["history", "import", "-", "--data", str(tmp_path / "new")]) == 0


def test_import_wants_an_empty_journal(
    folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A journal with events is not written to."""
    file = tmp_path / "all.jsonl"
    main(["history", "export", str(file), "--data", str(folder)])
    assert main(["history", "import", str(file), "--data", str(folder)]) == 1
    assert "holds 3 events already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (b"nonsense\n", "line 1 is no event"),
        (b'{"kind":"lobby_message"}\n', "line 1 is no event"),
        (b"\xff\n", "line 1 is no event"),
        (b'{"kind":"seat_ended","seq":2,"time":1,"user":1,"name":"a"}', "has seq 2"),
    ],
)
def test_a_bad_line_imports_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lines: bytes, said: str
) -> None:
    """The line is named, and the journal stays empty, to be tried again."""
    file = tmp_path / "bad.jsonl"
    file.write_bytes(lines)
    for _ in range(2):
        assert main(["history", "import", str(file), "--data", str(tmp_path)]) == 1
        assert said in capsys.readouterr().err
    assert import_history(tmp_path, io.BytesIO()) == 0


def test_export_overwrites_nothing(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is there stays; a journal that is not there is said to be missing."""
    file = tmp_path / "mine.txt"
    file.write_text("mine")
    assert main(["history", "export", str(file), "--data", str(folder)]) == 1
    assert file.read_text() == "mine"
    assert "File exists" in capsys.readouterr().err
    assert main(["history", "export", "--data", str(tmp_path)]) == 1
    assert "there is no journal" in capsys.readouterr().err
