"""`hubbub compact`, and history that was compacted going out and in again."""

from __future__ import annotations

import io
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import pytest

from hubbub.app.cli import main
from hubbub.app.compaction import compact
from hubbub.app.compose import JOURNAL_NAME, StartError, open_data
from hubbub.app.history import export_history, import_history
from hubbub.hub import Hub
from hubbub.journal import JournalError
from hubbub.journal.sqlite import SqliteJournal
from hubbub.model.address import LOBBY
from hubbub.model.commands import CreateGroup, HubCommand, Join, Post
from hubbub.model.events import SERVER_ID, Event
from hubbub.model.limits import Limits
from hubbub.node.storage import load_state

if TYPE_CHECKING:
    from pathlib import Path

LIMITS = Limits()
YEAR = 365 * 86_400
OLD = 1_000_000_000_000  # 2001
FAR = 4_000_000_000_000  # 2096: young for as long as this test is run


def say(folder: Path, times: list[int]) -> Hub:
    """Write what ann says at these times; give the hub she said it to."""
    hub = Hub(LIMITS)
    with closing(SqliteJournal(folder / JOURNAL_NAME)) as journal:
        hub.state = load_state(journal, LIMITS)
        events: list[Event] = []
        commands: list[tuple[int, HubCommand]]
        commands = [(SERVER_ID, Join("ann", "hash")), (1, CreateGroup("tea"))]
        for number in range(len(times)):
            commands.append((1, Post(LOBBY, f"m{number}", f"n{number}")))
        first = [times[0]] * 2
        for (actor, command), time in zip(commands, first + times, strict=True):
            outcome = hub.execute(actor, command, time)
            assert isinstance(outcome, list)
            events += [event for event, _ in outcome]
        journal.append(events)
    return hub


def seqs(folder: Path) -> list[int]:
    """List what is kept."""
    with closing(SqliteJournal(folder / JOURNAL_NAME)) as journal:
        return [event.seq for event in journal.read(0, 100_000)]


@pytest.mark.parametrize("beside", [False, True])
def test_old_messages_go_and_the_state_stays(tmp_path: Path, beside: bool) -> None:
    """With a hub holding the folder and without; who is there does not change."""
    hub = say(tmp_path, [OLD] * 5000 + [FAR] * 3)
    pauses: list[float] = []
    with ExitStack() as stack:
        if beside:
            open_data(tmp_path, stack)
        report = compact(tmp_path, LIMITS, YEAR, pauses.append)
    assert report.removed == 5002
    assert bool(pauses) is beside
    assert seqs(tmp_path) == [5003, 5004, 5005]
    with closing(SqliteJournal(tmp_path / JOURNAL_NAME)) as journal:
        assert journal.last_seq == 5005
        assert load_state(journal, LIMITS) == hub.state


def test_without_keep_nothing_is_removed(tmp_path: Path) -> None:
    """Only what is free already is given back."""
    say(tmp_path, [OLD] * 5)
    assert compact(tmp_path, LIMITS, None).removed == 0
    assert len(seqs(tmp_path)) == 7


def test_a_compacted_history_goes_out_and_in_again(tmp_path: Path) -> None:
    """Events, state and seq are the same, and so is what is exported again."""
    hub = say(tmp_path, [OLD] * 50 + [FAR] * 3)
    compact(tmp_path, LIMITS, YEAR)
    out, again = io.BytesIO(), io.BytesIO()
    assert export_history(tmp_path, out, with_secrets=True) == 3
    assert import_history(tmp_path / "new", io.BytesIO(out.getvalue())) == 3
    assert export_history(tmp_path / "new", again, with_secrets=True) == 3
    assert again.getvalue() == out.getvalue()
    with closing(SqliteJournal(tmp_path / "new" / JOURNAL_NAME)) as journal:
        assert journal.last_seq == 55
        assert load_state(journal, LIMITS) == hub.state


def test_an_empty_compacted_history_goes_out_and_in_again(tmp_path: Path) -> None:
    """A snapshot alone is enough to go on from."""
    hub = say(tmp_path, [OLD] * 5)
    compact(tmp_path, LIMITS, YEAR)
    out = io.BytesIO()
    assert export_history(tmp_path, out, with_secrets=True) == 0
    out.seek(0)
    assert import_history(tmp_path / "new", out) == 0
    with closing(SqliteJournal(tmp_path / "new" / JOURNAL_NAME)) as journal:
        assert journal.last_seq == 7
        assert load_state(journal, LIMITS) == hub.state


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: [lines[0], *lines[2:]], "does not fit events 54 to 55"),
        (lambda lines: lines[1:], "line 1 has seq 53 where 1 should follow"),
        (lambda lines: [lines[1], lines[0]], "has seq 53 where 1"),
        (lambda lines: [lines[0], lines[0]], "line 2 is a snapshot"),
        (lambda lines: [lines[0], lines[1], lines[3]], "where 54 should follow"),
        (lambda lines: lines[:2], "does not fit events 53 to 53"),
        (
            lambda lines: [lines[0].replace(b'"seq":55', b'"seq":54', 1), *lines[1:]],
            "line 1 is no event: its state is that of seq 55",
        ),
        (lambda _: [b'{"kind":"snapshot","seq":1,"state":7}'], "line 1 is no event"),
    ],
)
def test_what_does_not_fit_together_is_not_imported(
    tmp_path: Path, change: object, said: str
) -> None:
    """The sentence says where; and nothing was written."""
    say(tmp_path, [OLD] * 50 + [FAR] * 3)
    compact(tmp_path, LIMITS, YEAR)
    if said.startswith("does not fit events 54"):
        # A snapshot that is older than what follows it leaves a gap.
        with closing(SqliteJournal(tmp_path / JOURNAL_NAME)) as journal:
            state = load_state(journal, LIMITS)
            state.seq = 52
            journal._db.execute(
                "UPDATE snapshot SET seq = 52, state = ?", (state.dump(),)
            )
    out = io.BytesIO()
    export_history(tmp_path, out, with_secrets=True)
    lines = change(out.getvalue().splitlines())  # type: ignore[operator]
    with pytest.raises(StartError, match=said):
        import_history(tmp_path / "new", io.BytesIO(b"\n".join(lines)))
    assert import_history(tmp_path / "new", io.BytesIO()) == 0


def test_the_command_says_what_it_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It takes `keep` and `data` from flags and from the configuration."""
    say(tmp_path, [OLD] * 5 + [FAR])
    config = tmp_path / "hub.toml"
    config.write_text(f'data = "{tmp_path}"\nkeep = "52w"\n')
    assert main(["compact", "--config", str(config)]) == 0
    assert capsys.readouterr().err == "7 events removed, the file is 0.0 MB smaller\n"
    assert main(["compact", "--keep", "1d", "--data", str(tmp_path)]) == 0
    assert capsys.readouterr().err.startswith("0 events removed")
    assert main(["compact", "--data", str(tmp_path)]) == 0
    assert capsys.readouterr().err.endswith("unless you say so, as in --keep 30d\n")


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--keep", "soon"], "'soon' is no duration; it is a number and s, m, h, d"),
        (["--keep", "0d"], "'0d' is no duration"),
        (["--keep", "30"], "'30' is no duration"),
        (["--keep", "9999999999w"], "is no duration"),
        (["--data", "/nonexistent"], "there is no journal in /nonexistent"),
        (["--config", "/nonexistent"], "can't be read"),
    ],
)
def test_wrong_words_are_one_sentence(
    capsys: pytest.CaptureFixture[str], flags: list[str], said: str
) -> None:
    """And exit code 1."""
    assert main(["compact", *flags]) == 1
    assert said in capsys.readouterr().err


def test_a_file_of_old_is_rebuilt_when_no_hub_is_beside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a hub beside its space is only used again, and that is said."""
    say(tmp_path, [OLD] * 20)
    with closing(SqliteJournal(tmp_path / JOURNAL_NAME)) as journal:
        journal._db.execute("PRAGMA auto_vacuum = NONE")
        journal._db.execute("VACUUM")
    with ExitStack() as stack:
        open_data(tmp_path, stack)
        assert main(["compact", "--keep", "1d", "--data", str(tmp_path)]) == 0
        assert "stop the hub and compact once more" in capsys.readouterr().err
    assert main(["compact", "--keep", "1d", "--data", str(tmp_path)]) == 0
    assert "once more" not in capsys.readouterr().err


def test_what_fails_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal that is none, and one that can't be written."""
    say(tmp_path, [OLD])

    def fail(*_: object) -> None:
        raise JournalError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(SqliteJournal, "compact", fail)
        with pytest.raises(StartError, match="can't be compacted: the disk is full"):
            compact(tmp_path, LIMITS, YEAR)
    (tmp_path / JOURNAL_NAME).write_bytes(b"diary" * 1000)
    with pytest.raises(StartError, match="can't be opened"):
        compact(tmp_path, LIMITS, YEAR)
