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
from hubbub.app.secrets import SecretError, find_password

_HOST = "127.0.0.1"
_PORT = "5000"

# The flags of a server that are settings of the same name.
_SETTINGS = (
    "host",
    "port",
    "engine",
    "data",
    "memory",
    "keep",
    "rate",
    "console",
    "color",
    "trace",
    "log_format",
    "tls",
    "tls_cert",
    "tls_key",
    "require_tls",
    "proxies",
    "password_file",
    "allow_plaintext_passwords",
)


class _UsageError(Exception):
    """The words on the command line are wrong. The message is a sentence."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        raise _UsageError(f"{self.format_usage()}{self.prog}: {message}")


def _port(text: str) -> int:
    if not (
        text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535
    ):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no port; a port is a number from 0 to 65535"
        )
    return int(text)


def _rate(text: str) -> float:
    if text == "off":
        return 0.0
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate < float("inf"):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no rate; it is off, or messages per second"
        )
    return rate


def _fingerprint(text: str) -> str:
    from hubbub.client.trust import parse_fingerprint

    try:
        return parse_fingerprint(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _duration(text: str) -> str:
    from hubbub.app.settings import parse_duration

    try:
        parse_duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return seconds


def _add_serve_flags(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--engine",
        choices=("loop", "threads"),
        help="one thread for all connections, or one for each (default: loop)",
    )
    add("--data", metavar="DIR", help="where the history is kept")
    add("--memory", action="store_true", default=None, help="keep nothing on disk")
    _add_keep_flag(parser)
    add(
        "--rate-limit",
        dest="rate",
        type=_rate,
        metavar="off|N",
        help="messages per second of one connection (default: 50)",
    )
    add(
        "--no-console",
        dest="console",
        action="store_false",
        default=None,
        help="take no commands from this terminal",
    )
    add(
        "--password",
        action="store_true",
        default=None,
        help="let in only who knows a password; asks for it (see --password-file)",
    )
    _add_password_file(parser, "the hub's password")
    add(
        "--allow-plaintext-passwords",
        action="store_true",
        default=None,
        help="take passwords over connections that others can listen to",
    )
    add("--color", choices=("auto", "always", "never"), help="(default: auto)")
    add("--config", type=Path, metavar="FILE", help="settings in TOML")
    add(
        "--trace",
        action="store_true",
        default=None,
        help="print every step of every socket",
    )
    add("--log-format", choices=("text", "json"), help="(default: text)")
    _add_wire_flags(parser)


def _add_wire_flags(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--tls",
        choices=("off", "auto"),
        help="speak TLS too, with a certificate of its own (default: off)",
    )
    add("--tls-cert", metavar="FILE", help="the certificate to speak TLS with (PEM)")
    add("--tls-key", metavar="FILE", help="its key (PEM)")
    add(
        "--require-tls",
        action="store_true",
        default=None,
        help="refuse whoever does not speak TLS",
    )
    add(
        "--proxy",
        dest="proxies",
        action="append",
        metavar="ADDRESS",
        help="believe this proxy for whom it asks; may be given several times",
    )


def _add_keep_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--keep",
        type=_duration,
        metavar="TIME",
        help="how long the history is kept, such as 30d or 12h (default: for ever)",
    )


def _add_password_file(parser: argparse.ArgumentParser, meaning: str) -> None:
    parser.add_argument(
        "--password-file",
        metavar="FILE",
        help=f"{meaning}, on its first line (or in the variable HUBBUB_PASSWORD)",
    )


def _add_join_flags(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--name", help="your name; asked for when it is not given")
    _add_password_file(parser, "the password of your name, or of the hub")
    add(
        "--reconnect-for",
        type=_seconds,
        default=120.0,
        metavar="SECONDS",
        help="how long to try again when the connection drops (default: 120)",
    )
    add(
        "--reconnect-every",
        type=_seconds,
        default=5.0,
        metavar="SECONDS",
        help="the time between two tries (default: 5)",
    )
    add("--color", choices=("auto", "always", "never"), default="auto")
    add("--trace", action="store_true", help="print every step of the socket")
    add(
        "--tls",
        choices=("auto", "always", "never"),
        default="auto",
        help="whether to encrypt (default: auto, where the hub can)",
    )
    add(
        "--fingerprint",
        type=_fingerprint,
        metavar="SHA256",
        help="take this certificate alone, as the hub prints it at its start",
    )


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
        serve(msgspec.structs.replace(settings, password=password))
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
    return join(
        LineOptions(
            host=options.host,
            port=options.port,
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
            with Path(file).open("xb") as out:
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
    parser.add_argument("--version", action="version", version=f"hubbub {__version__}")
    commands = parser.add_subparsers(
        required=True, metavar="COMMAND", parser_class=_Parser
    )
    serve = commands.add_parser("serve", help="start a hub")
    serve.add_argument("host", nargs="?", metavar="IP", help="(default: 127.0.0.1)")
    serve.add_argument(
        "port", nargs="?", type=_port, metavar="PORT", help="(default: 5000)"
    )
    _add_serve_flags(serve)
    serve.set_defaults(run=_serve)
    join = commands.add_parser("join", help="join a hub")
    join.add_argument("host", nargs="?", default=_HOST, metavar="IP")
    join.add_argument("port", nargs="?", type=_port, default=_PORT, metavar="PORT")
    _add_join_flags(join)
    join.set_defaults(run=_join)
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
    compact = commands.add_parser(
        "compact", help="remove old messages from a journal, also while a hub runs"
    )
    _add_keep_flag(compact)
    compact.add_argument("--data", metavar="DIR", help="where the history is kept")
    compact.add_argument("--config", type=Path, metavar="FILE", help="settings in TOML")
    compact.set_defaults(run=_compact)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command `hubbub`; give its exit code."""
    return _run(_parser(), sys.argv[1:] if argv is None else argv)


def server_door(argv: Sequence[str]) -> int:
    """Run `server.py IP PORT [options]`; give its exit code."""
    return _door("server.py", argv, _add_serve_flags, _serve)


def client_door(argv: Sequence[str]) -> int:
    """Run `client.py IP PORT [options]`; give its exit code."""
    return _door("client.py", argv, _add_join_flags, _join)


def _door(program: str, argv: Sequence[str], add_flags: Any, run: Any) -> int:
    parser = _Parser(prog=program, usage=f"{program} IP PORT [options]")
    parser.add_argument("address", nargs="*", metavar="IP PORT")
    add_flags(parser)
    parser.set_defaults(run=run, two_words=True)
    return _run(parser, argv)


def _run(parser: argparse.ArgumentParser, argv: Sequence[str]) -> int:
    try:
        options = parser.parse_args(argv)
        if getattr(options, "two_words", False):
            if len(options.address) != 2:
                return _fail(parser.format_usage().rstrip())
            options.host, port = options.address
            options.port = _port(port)
    except (_UsageError, argparse.ArgumentTypeError) as error:
        return _fail(str(error))
    code: int = options.run(options)
    return code
