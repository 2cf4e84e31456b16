"""The flags of the commands, and how their values are read."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

_BRACKETED = re.compile(r"\[([^\]]+)\](?::(.*))?")


def port(text: str) -> int:
    """Read a port."""
    if not (
        text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535
    ):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no port; a port is a number from 0 to 65535"
        )
    return int(text)


def split_address(text: str) -> tuple[str | None, int | None]:
    """Take an address apart as people write it, or copy it from a browser.

    Returns:
        Host and port of `HOST`, `HOST:PORT`, `[IPv6]:PORT`, `PORT` and
        `http://HOST:PORT/`; None for what it does not say.

    Raises:
        argparse.ArgumentTypeError: Its port is none.
    """
    place = text
    if text.lower().startswith(("http://", "https://")):
        place = text.partition("://")[2].partition("/")[0]
    if place.isascii() and place.isdigit():
        return None, port(place)
    bracketed = _BRACKETED.fullmatch(place)
    if bracketed:
        return bracketed[1], port(bracketed[2]) if bracketed[2] else None
    host, colon, number = place.partition(":")
    # With more colons than one it is an address of IPv6 without a port.
    if not colon or ":" in number:
        return place, None
    return host, port(number)


def invite(text: str) -> str:
    """Read the code of an invitation."""
    from hubbub.model.invites import parse_code

    code = parse_code(text)
    if code is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no invitation; copy the whole code, five groups of five"
        )
    return code


def split_invite(address: str) -> tuple[str, str | None]:
    """Take the code off the link of an invitation; None where there is none.

    Raises:
        argparse.ArgumentTypeError: It is no code.
    """
    place, found, code = address.partition("#invite=")
    return place, invite(code) if found else None


def rate(text: str) -> float:
    """Read a rate: messages a second, or `off`."""
    if text == "off":
        return 0.0
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate < float("inf"):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no rate; it is off, or a number of requests a second"
        )
    return rate


def fingerprint(text: str) -> str:
    """Read the fingerprint of a certificate."""
    from hubbub.client.trust import parse_fingerprint

    try:
        return parse_fingerprint(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def duration(text: str) -> str:
    """Read a time such as `30d`."""
    from hubbub.app.settings import parse_duration

    try:
        parse_duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def seconds(text: str) -> float:
    """Read a number of seconds."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return seconds


def add_serve_flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of a hub."""
    add = parser.add_argument
    add(
        "--engine",
        choices=("loop", "threads"),
        help="one thread for all connections, or one for each (default: loop)",
    )
    add(
        "--lan",
        action="store_true",
        default=None,
        help="let in the local network: listen to it, with TLS, and be found there",
    )
    add_data_flag(parser)
    add(
        "--memory",
        action="store_true",
        default=None,
        help="keep nothing of what is said on disk",
    )
    add_keep_flag(parser)
    add(
        "--rate-limit",
        dest="rate",
        type=rate,
        metavar="off|N",
        help="requests a second of one user (default: 50)",
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
    add_password_file(parser, "the hub's password")
    add(
        "--members-only",
        action="store_true",
        default=None,
        help="let in only whose name is their own (see hubbub admin create)",
    )
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
    add(
        "--log-text",
        action="store_true",
        default=None,
        help="have what people say in the JSON log",
    )
    add_wire_flags(parser)


def add_wire_flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags about encryption and proxies."""
    add = parser.add_argument
    add(
        "--tls",
        choices=("off", "auto"),
        help="speak TLS too, with a certificate of its own (default: off, but auto "
        "with --lan)",
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


def add_data_flag(parser: argparse.ArgumentParser) -> None:
    """Add the flag that names the data folder."""
    parser.add_argument(
        "--data",
        metavar="DIR",
        help="where the history is kept (default: your data folder; the hub says which "
        "that is when it starts)",
    )


def add_keep_flag(parser: argparse.ArgumentParser) -> None:
    """Add the flag that says how long the history is kept."""
    parser.add_argument(
        "--keep",
        type=duration,
        metavar="TIME",
        help="how long the history is kept, such as 30d or 12h (default: for ever)",
    )


def add_password_file(parser: argparse.ArgumentParser, meaning: str) -> None:
    """Add the flag that names a file with a password."""
    parser.add_argument(
        "--password-file",
        metavar="FILE",
        help=f"{meaning}, on its first line (or in the variable HUBBUB_PASSWORD)",
    )


def add_join_flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of a client."""
    add = parser.add_argument
    add("--name", help="your name; asked for when it is not given")
    add_password_file(parser, "the password of your name, or of the hub")
    add(
        "--invite",
        type=invite,
        metavar="CODE",
        help="register with an invitation; its link, as IP, does that too",
    )
    add(
        "--token-file",
        metavar="FILE",
        help="an access token instead, on its first line (or in the variable "
        "HUBBUB_TOKEN)",
    )
    add(
        "--reconnect-for",
        type=seconds,
        default=120.0,
        metavar="SECONDS",
        help="how long to try again when the connection drops (default: 120)",
    )
    add(
        "--reconnect-every",
        type=seconds,
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
        type=fingerprint,
        metavar="SHA256",
        help="take this certificate alone, as the hub prints it at its start",
    )
