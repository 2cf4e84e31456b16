"""The command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from hubbub import __version__
from hubbub.app.admin import add_admin_commands
from hubbub.app.flags import (
    add_join_flags,
    add_keep_flag,
    add_serve_flags,
    port,
    seconds,
)
from hubbub.app.secrets import SecretError, find_password

# The flags of a server that are settings of the same name.
_SETTINGS = (
    "host",
    "port",
    "engine",
    "lan",
    "data",
    "memory",
    "keep",
    "rate",
    "console",
    "color",
    "trace",
    "log_format",
    "log_text",
    "tls",
    "tls_cert",
    "tls_key",
    "require_tls",
    "proxies",
    "password_file",
    "members_only",
    "allow_plaintext_passwords",
)


class _UsageError(Exception):
    """The words on the command line are wrong. The message is a sentence."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        raise _UsageError(f"{self.format_usage()}{self.prog}: {message}")


def _serve(options: argparse.Namespace) -> int:
    from hubbub.app.compose import StartError, serve
    from hubbub.app.settings import SettingsError, load_settings

    flags = {
        name: getattr(options, name)
        for name in _SETTINGS
        if getattr(options, name) is not None
    }
    try:
        settings = load_settings(options.config, flags)
        password = settings.password or find_password(
            settings.password_file, ask=bool(options.password)
        )
        # Who has started the one from a checkout has the other there.
        command = "python client.py" if options.two_words else "hubbub join"
        serve(msgspec.structs.replace(settings, password=password), command)
    except (StartError, SettingsError, SecretError) as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return 130
    return 0


def _join(options: argparse.Namespace) -> int:
    from hubbub.fronts.line import LineOptions
    from hubbub.fronts.line import main as join

    try:
        password = find_password(options.password_file)
    except SecretError as error:
        return _fail(str(error))
    named = (options.host, options.port)
    hub = _chosen_hub() if options.host is None else named
    if hub is None:
        return 0
    return join(
        LineOptions(
            host=hub[0],
            port=hub[1],
            name=options.name,
            password=password,
            reconnect_for=options.reconnect_for,
            reconnect_every=options.reconnect_every,
            color=options.color,
            trace=options.trace,
            tls=options.tls,
            fingerprint=options.fingerprint,
        )
    )


def _chosen_hub() -> tuple[str, int] | None:
    """Give the hub to join when none is named; None when the person wants none."""
    from hubbub.fronts.line import is_interactive
    from hubbub.fronts.line.hubs import HERE, PORT, choose_hub

    # What a program says must not go to whoever answers on the network.
    return choose_hub() if is_interactive() else (HERE, PORT)


def _find(options: argparse.Namespace) -> int:
    from hubbub.fronts.line.hubs import list_hubs

    return list_hubs(options.wait, as_json=options.json)


def _history(options: argparse.Namespace) -> int:
    from hubbub.app.compose import StartError
    from hubbub.app.history import export_history, import_history
    from hubbub.app.settings import Settings

    folder = Settings(data=options.data).data_folder
    file = options.file
    exporting = options.action == "export"
    export = partial(export_history, with_secrets=options.with_secrets)
    try:
        if file == "-":
            stream = sys.stdout.buffer if exporting else sys.stdin.buffer
            work = export if exporting else import_history
            count = work(folder, stream)
            stream.flush()
        elif exporting:
            # It is as private as the journal.
            Path(file).touch(mode=0o600, exist_ok=False)
            with Path(file).open("wb") as out:
                count = export(folder, out)
        else:
            with Path(file).open("rb") as lines:
                count = import_history(folder, lines)
    except BrokenPipeError:
        return 1
    except StartError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"{file}: {error.strerror}")
    sys.stderr.write(f"{count} events {options.action}ed\n")
    return 0


def _audit(options: argparse.Namespace) -> int:
    from hubbub.app.audit import export_audit
    from hubbub.app.compose import StartError
    from hubbub.app.settings import Settings

    folder = Settings(data=options.data).data_folder
    try:
        if options.file == "-":
            count = export_audit(folder, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        else:
            # It is as private as the journal.
            Path(options.file).touch(mode=0o600, exist_ok=False)
            with Path(options.file).open("wb") as out:
                count = export_audit(folder, out)
    except BrokenPipeError:
        return 1
    except StartError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"{options.file}: {error.strerror}")
    sys.stderr.write(f"{count} acts exported\n")
    return 0


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
        return _fail(str(error))
    sys.stderr.write(
        f"{report.removed} events removed, the file is "
        f"{max(0, report.freed) / 1e6:.1f} MB smaller\n"
    )
    if not report.gives_back:
        sys.stderr.write(
            "the space is used again for what comes; to have the file made smaller, "
            "stop the hub and compact once more\n"
        )
    return 0


def _fail(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="hubbub",
        description="Chat for any network on which you can open a port.",
    )
    parser.set_defaults(two_words=False)
    parser.add_argument("--version", action="version", version=f"hubbub {__version__}")
    commands = parser.add_subparsers(
        required=True, metavar="COMMAND", parser_class=_Parser
    )
    serve = commands.add_parser("serve", help="start a hub")
    serve.add_argument(
        "host",
        nargs="?",
        metavar="IP",
        help="(default: 127.0.0.1; every address with --lan)",
    )
    serve.add_argument(
        "port", nargs="?", type=port, metavar="PORT", help="(default: 5000)"
    )
    add_serve_flags(serve)
    serve.set_defaults(run=_serve)
    join = commands.add_parser("join", help="join a hub")
    join.add_argument(
        "host", nargs="?", metavar="IP", help="(default: choose one of this network)"
    )
    join.add_argument(
        "port",
        nargs="?",
        type=port,
        default="5000",
        metavar="PORT",
        help="(default: 5000)",
    )
    add_join_flags(join)
    join.set_defaults(run=_join)
    find = commands.add_parser("find", help="list the hubs on this network")
    find.add_argument(
        "--json", action="store_true", help="write an object of JSON for each"
    )
    find.add_argument(
        "--wait",
        type=seconds,
        default=2.0,
        metavar="SECONDS",
        help="how long to listen for them (default: 2)",
    )
    find.set_defaults(run=_find)
    history = commands.add_parser("history", help="write or read a journal")
    history.add_argument("action", choices=("export", "import"))
    history.add_argument(
        "file", nargs="?", default="-", help="JSON lines (default: standard in or out)"
    )
    history.add_argument("--data", metavar="DIR", help="where the history is kept")
    history.add_argument(
        "--with-secrets",
        action="store_true",
        help="export the hashes of passwords and tokens as well, to move a hub",
    )
    history.set_defaults(run=_history)
    audit = commands.add_parser("audit", help="write the trail of administrative acts")
    audit.add_argument("action", choices=("export",))
    audit.add_argument("file", nargs="?", default="-", help="(default: standard out)")
    audit.add_argument("--data", metavar="DIR", help="where the history is kept")
    audit.set_defaults(run=_audit)
    compact = commands.add_parser(
        "compact", help="remove old messages from a journal, also while a hub runs"
    )
    add_keep_flag(compact)
    compact.add_argument("--data", metavar="DIR", help="where the history is kept")
    compact.add_argument("--config", type=Path, metavar="FILE", help="settings in TOML")
    compact.set_defaults(run=_compact)
    add_admin_commands(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command `hubbub`; give its exit code."""
    return _run(_parser(), sys.argv[1:] if argv is None else argv)


def server_door(argv: Sequence[str]) -> int:
    """Run `server.py IP PORT [options]`; give its exit code."""
    return _door("server.py", argv, add_serve_flags, _serve)


def client_door(argv: Sequence[str]) -> int:
    """Run `client.py IP PORT [options]`; give its exit code."""
    return _door("client.py", argv, add_join_flags, _join)


def _door(program: str, argv: Sequence[str], add_flags: Any, run: Any) -> int:
    parser = _Parser(prog=program, usage=f"{program} IP PORT [options]")
    parser.add_argument("address", nargs="*", metavar="IP PORT")
    add_flags(parser)
    parser.set_defaults(run=run, two_words=True)
    return _run(parser, argv)


def _run(parser: argparse.ArgumentParser, argv: Sequence[str]) -> int:
    try:
        options = parser.parse_args(argv)
        if options.two_words:
            if len(options.address) != 2:
                return _fail(parser.format_usage().rstrip())
            options.host, text = options.address
            options.port = port(text)
    except (_UsageError, argparse.ArgumentTypeError) as error:
        return _fail(str(error))
    code: int = options.run(options)
    return code
