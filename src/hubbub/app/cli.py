"""The command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec

from hubbub import __version__
from hubbub.app.admin import add_admin_commands
from hubbub.app.flags import (
    add_join_flags,
    add_serve_flags,
    port,
    seconds,
    split_address,
    split_invite,
)
from hubbub.app.journal_commands import add_journal_commands
from hubbub.app.outcome import fail
from hubbub.app.secrets import SecretError, find_password, find_token
from hubbub.app.tokens import add_token_commands

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
    """Says what is wrong in a sentence, and where to read what is right.

    The list of all flags, which argparse puts before each of its errors, would push the
    sentence out of sight.
    """

    def error(self, message: str) -> Any:
        raise _UsageError(f"{self.prog}: {message}; see {self.prog} --help")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            flags = list(self._option_string_actions)
            near = get_close_matches(unknown[0].partition("=")[0], flags, n=1)
            guess = f" (did you mean {near[0]}?)" if near else ""
            self.error(f"{unknown[0]} means nothing here{guess}")
        return found, unknown


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
        return fail(str(error))
    return 0


def _join(options: argparse.Namespace) -> int:
    from hubbub.fronts.line import LineOptions
    from hubbub.fronts.line import main as join

    try:
        password = find_password(options.password_file)
        token = find_token(options.token_file)
    except SecretError as error:
        return fail(str(error))
    named = (options.host, 5000 if options.port is None else options.port)
    hub = _chosen_hub() if options.host is None else named
    if hub is None:
        return 0
    return join(
        LineOptions(
            host=hub[0],
            port=hub[1],
            name=options.name,
            password=password,
            invite=options.invite,
            token=token,
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
        help="the address to listen on; IP:PORT is understood as well (default: "
        "127.0.0.1; every address with --lan)",
    )
    serve.add_argument(
        "port", nargs="?", type=port, metavar="PORT", help="(default: 5000)"
    )
    add_serve_flags(serve)
    serve.set_defaults(run=_serve)
    join = commands.add_parser("join", help="join a hub")
    join.add_argument(
        "host",
        nargs="?",
        metavar="IP",
        help="the hub's address, or its name; IP:PORT and the address of its page are "
        "understood as well (default: choose one of this network)",
    )
    join.add_argument(
        "port", nargs="?", type=port, metavar="PORT", help="(default: 5000)"
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
    add_journal_commands(commands)
    add_admin_commands(commands)
    add_token_commands(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command `hubbub`; give its exit code."""
    parser = _parser()
    words = list(sys.argv[1:] if argv is None else argv)
    if not words:
        parser.print_help(sys.stderr)
        return 1
    if words[0] == "help":
        words = [*words[1:], "--help"]
    return _run(parser, words)


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
                return fail(parser.format_usage().rstrip())
            options.host, text = options.address
            options.port = port(text)
        elif getattr(options, "host", None) is not None:
            _split_address(options)
    except (_UsageError, argparse.ArgumentTypeError) as error:
        return fail(str(error))
    _open_missing_streams()
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read it has read enough; at its end Python would flush once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def _open_missing_streams() -> None:
    """Give a process that was started without standard streams some that lead nowhere.

    Else a socket would get the number of one, and be written to by whoever prints.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # Held for as long as the process lives.
            stream = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115
            setattr(sys, name, stream)


def _split_address(options: argparse.Namespace) -> None:
    """Read a host that brings its port along, or that is nothing but a port.

    The link of an invitation brings its code along as well.
    """
    if hasattr(options, "invite"):
        options.host, linked = split_invite(options.host)
        options.invite = options.invite or linked
    host, its_port = split_address(options.host)
    if its_port is None:
        options.host = host
    elif options.port is None:
        options.host, options.port = host or "127.0.0.1", its_port
    else:
        raise _UsageError(
            f"{options.host} {options.port} names two ports; write one of them"
        )
