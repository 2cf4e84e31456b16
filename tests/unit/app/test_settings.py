"""Settings: defaults, then the file, then flags; a wrong one is named with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hubbub.app.compose import wants_color
from hubbub.app.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give the path of a settings file to be."""
    return tmp_path / "hubbub.toml"


def test_defaults() -> None:
    """Without a file or a flag it is the defaults."""
    assert load_settings(None, {}) == Settings()
    assert Settings().port == 5000


def test_flags_go_over_the_file_and_the_file_over_defaults(file: Path) -> None:
    """The last word has the command line; `rate` leaves the other limits alone."""
    file.write_text('port = 6000\nengine = "threads"\n[limits]\nrate = 5\ntext = 99\n')
    settings = load_settings(file, {"port": 7000, "rate": 0.0})
    assert (settings.port, settings.engine, settings.host) == (
        7000,
        "threads",
        None,
    )
    assert (settings.limits.rate, settings.limits.text) == (0.0, 99)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("port = 70000", 1, "port must be at most 65535"),
        ("port = -1", 1, "port must be at least 0"),
        ('\n\nport = "x"', 3, "port must be a whole number, not a text in quotes"),
        ('engine = "uv"', 1, "engine must be loop or threads"),
        ('tls = "on"', 1, "tls must be off or auto"),
        ("host = 1", 1, "host must be a text in quotes, not a whole number"),
        ("memory = 1", 1, "memory must be true or false, not a whole number"),
        ('origins = "x"', 1, "origins must be a list in brackets, not a text"),
        ('port = 1\nkeep = "soon"', 2, "keep must be a duration: 'soon' is no"),
        ('proxies = ["x"]', 1, "proxies must be addresses or networks, not 'x'"),
        ("keep = 30", 1, "keep must be a text in quotes, not a whole number"),
        ("# x\nprot = 1", 2, "there is no setting prot; did you mean port?"),
        ("zzz = 1", 1, "there is no setting zzz"),
        (
            "[limits]\ntxt = 1",
            2,
            "there is no setting limits.txt; did you mean limits.",
        ),
        ('[limits]\n\nline = 5\ntext = "x"', 4, "limits.text must be a whole number"),
        ("[limits]\ntext = 0", 2, "limits.text must be greater than 0, not 0"),
        ("[limits]\nrate = -1", 2, "limits.rate must be greater than 0"),
        ("limits.users = 0", 1, "limits.users must be"),
        ("[limits]\nseat_seconds = 'x'", 2, "limits.seat_seconds must be a number"),
        ("limits = 3", 1, "limits must be a table, not a whole number"),
        ("[limit]\ntext = 1", None, "there is no setting limit; did you mean limits?"),
    ],
)
def test_a_wrong_value_names_its_line(
    file: Path, text: str, line: int | None, said: str
) -> None:
    """The sentence has the file, the line and the setting."""
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_settings(file, {})
    sentence = str(caught.value)
    where = f"{file}, line {line}: " if line else f"{file}: "
    assert sentence.startswith(where + said), sentence


@pytest.mark.parametrize(
    ("keep", "seconds"),
    [("1s", 1), ("2m", 120), ("3h", 10_800), ("30d", 2_592_000), ("1w", 604_800)],
)
def test_durations(keep: str, seconds: int) -> None:
    """A whole number and a unit."""
    assert load_settings(None, {"keep": keep}).keep_seconds == seconds
    assert Settings().keep_seconds is None


def test_a_file_that_is_no_toml(file: Path) -> None:
    """TOML's own words say where; so do missing and binary files."""
    file.write_text("port = = 1")
    with pytest.raises(SettingsError, match=r"is not TOML: .*line 1"):
        load_settings(file, {})
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="is not UTF-8 text"):
        load_settings(file, {})
    with pytest.raises(SettingsError, match="can't be read: No such file"):
        load_settings(file.with_name("absent"), {})
    with pytest.raises(SettingsError, match="can't be read"):
        load_settings(file.parent, {})


def test_a_wrong_flag_is_not_blamed_on_the_file() -> None:
    """A flag's value is checked like a file's."""
    with pytest.raises(SettingsError, match=r"^port must be at most"):
        load_settings(None, {"port": 70000})


def test_a_limit_that_is_no_number_is_refused(file: Path) -> None:
    """TOML has `nan`, and no wait can be that long."""
    file.write_text("[limits]\nseat_seconds = nan")
    with pytest.raises(SettingsError, match="seat_seconds"):
        load_settings(file, {})


@pytest.mark.parametrize(
    ("color", "terminal", "no_color", "wanted"),
    [
        ("auto", True, "", True),
        ("auto", False, "", False),
        ("auto", True, "1", False),
        ("always", False, "1", True),
        ("never", True, "", False),
    ],
)
def test_colours(
    monkeypatch: pytest.MonkeyPatch,
    color: str,
    terminal: bool,
    no_color: str,
    wanted: bool,
) -> None:
    """`auto` asks the terminal and honours NO_COLOR (https://no-color.org)."""
    monkeypatch.setenv("NO_COLOR", no_color)
    settings = load_settings(None, {"color": color})
    assert wants_color(settings, terminal=terminal) is wanted


def test_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`~` is the home folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Settings(data="~/x").data_folder == tmp_path / "x"
    assert Settings().data_folder.name == "hubbub"
