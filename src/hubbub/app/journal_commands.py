"""Commands for a journal: out of it, into it, and what is old removed from it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from hubbub.app.flags import add_data_flag, add_keep_flag
from hubbub.app.outcome import fail


def add_journal_commands(commands: Any) -> None:
    """Add `hubbub history`, `hubbub audit` and `hubbub compact` to the command line."""
    history = commands.add_parser("history", help="write or read a journal")
    history.add_argument("action", choices=("export", "import"))
    history.add_argument(
        "file", nargs="?", default="-", help="JSON lines (default: standard in or out)"
    )
    add_data_flag(history)
    history.add_argument(
        "--with-secrets",
        action="store_true",
        help="export the hashes of passwords and tokens as well, to move a hub",
    )
    history.set_defaults(run=_history)
    audit = commands.add_parser("audit", help="write the trail of administrative acts")
    audit.add_argument("action", choices=("export",))
    audit.add_argument("file", nargs="?", default="-", help="(default: standard out)")
    add_data_flag(audit)
    audit.set_defaults(run=_audit)
    compact = commands.add_parser(
        "compact", help="remove old messages from a journal, also while a hub runs"
    )
    add_keep_flag(compact)
    add_data_flag(compact)
    compact.add_argument("--config", type=Path, metavar="FILE", help="settings in TOML")
    compact.set_defaults(run=_compact)


def _history(options: argparse.Namespace) -> int:
    from hubbub.app.history import export_history, import_history
    from hubbub.app.settings import Settings

    folder = Settings(data=options.data).data_folder
    if options.action == "export":
        export = partial(export_history, folder, with_secrets=options.with_secrets)
        return _count(options.file, _export_to, export, "events exported")
    read = partial(import_history, folder)
    return _count(options.file, _import_from, read, "events imported")


def _audit(options: argparse.Namespace) -> int:
    from hubbub.app.audit import export_audit
    from hubbub.app.settings import Settings

    export = partial(export_audit, Settings(data=options.data).data_folder)
    return _count(options.file, _export_to, export, "acts exported")


_Work = Callable[[BinaryIO], int]


def _count(
    file: str, pass_through: Callable[[str, _Work], int], work: _Work, what: str
) -> int:
    """Have lines go out or in by a file, and say how many they were."""
    from hubbub.app.compose import StartError

    try:
        count = pass_through(file, work)
    except StartError as error:
        return fail(str(error))
    except BrokenPipeError:
        raise
    except OSError as error:
        return fail(f"{file}: {error.strerror}")
    sys.stderr.write(f"{count} {what}\n")
    return 0


def _export_to(file: str, export: _Work) -> int:
    if file == "-":
        count = export(sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return count
    path = Path(file)
    # It is as private as the journal.
    path.touch(mode=0o600, exist_ok=False)
    try:
        with path.open("wb") as out:
            return export(out)
    except BaseException:
        # Half an export would pass for a backup.
        path.unlink()
        raise


def _import_from(file: str, read: _Work) -> int:
    if file == "-":
        return read(sys.stdin.buffer)
    with Path(file).open("rb") as lines:
        return read(lines)


def _compact(options: argparse.Namespace) -> int:
    from hubbub.app.compaction import compact
    from hubbub.app.compose import StartError
    from hubbub.app.settings import SettingsError, load_settings

    flags = {
        name: value
        for name in ("data", "keep")
        if (value := getattr(options, name)) is not None
    }
    try:
        settings = load_settings(options.config, flags)
        report = compact(settings.data_folder, settings.limits, settings.keep_seconds)
    except (StartError, SettingsError) as error:
        return fail(str(error))
    sys.stderr.write(
        f"{report.removed} events removed, the file is "
        f"{max(0, report.freed) / 1e6:.1f} MB smaller\n"
    )
    if settings.keep is None:
        sys.stderr.write("nothing is too old unless you say so, as in --keep 30d\n")
    if not report.gives_back:
        sys.stderr.write(
            "the space is used again for what comes; to have the file made smaller, "
            "stop the hub and compact once more\n"
        )
    return 0
