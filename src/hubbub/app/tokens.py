"""Access tokens for programs, made on the machine of a hub that runs or not."""

from __future__ import annotations

import argparse
import shlex
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from hubbub.app.admin import AdminError, ask_hub
from hubbub.dialects.json_lines import access_frames, frames
from hubbub.model.access import EVERYWHERE
from hubbub.model.durations import parse_duration

# Where a hub is that was started without saying where.
_HERE = "http://127.0.0.1:5000/"

_PATHS = {"#": "groups/", "@": "users/"}


def expiry(text: str) -> int:
    """Read how long a token is good, such as `90d`; give the seconds."""
    seconds = parse_duration(text)
    if seconds is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time; write it as 12h, 90d or 8w"
        )
    return seconds


def add_token_commands(commands: Any) -> None:
    """Add `hubbub token` to the command line."""
    token = commands.add_parser(
        "token", help="let programs in, on this machine, with a hub running or not"
    )
    token.set_defaults(run=_run)
    actions = token.add_subparsers(required=True, metavar="ACTION", dest="action")
    create = actions.add_parser("create", help="make an access token")
    create.add_argument(
        "name",
        metavar="NAME",
        help="whose it is: an account, or a free name for a new one without a password",
    )
    for flag, what in (("--post", "say something"), ("--read", "read and follow")):
        create.add_argument(
            flag,
            action="append",
            default=[],
            metavar="WHERE",
            help=f"where it may {what}: lobby, '#group', '@name' or all; may be given "
            "several times",
        )
    create.add_argument(
        "--expires",
        type=expiry,
        metavar="TIME",
        help="how long it is good, such as 90d (default: until it is revoked)",
    )
    listing = actions.add_parser("list", help="list the tokens that are good")
    listing.add_argument(
        "--json", action="store_true", help="write an object of JSON for each"
    )
    revoke = actions.add_parser("revoke", help="let a token be good no more")
    revoke.add_argument("id", type=int, metavar="ID", help="as `list` shows it")
    for parser in (create, listing, revoke):
        parser.add_argument("--data", metavar="DIR", help="where the history is kept")


def _run(options: argparse.Namespace) -> int:
    from hubbub.app.settings import Settings

    folder = Settings(data=options.data).data_folder
    try:
        for answer in ask_hub(folder, _request(options)):
            match answer:
                case access_frames.Token():
                    _tell(answer, folder)
                case access_frames.TokenList(tokens):
                    _list(tokens, as_json=options.json)
                case _:
                    sys.stderr.write(f"token {options.id} is good no more\n")
    except AdminError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _request(options: argparse.Namespace) -> frames.ClientFrame:
    match options.action:
        case "create":
            return access_frames.TokenRequest(
                "create",
                options.name,
                tuple(options.post),
                tuple(options.read),
                options.expires,
            )
        case "list":
            return access_frames.TokenRequest("list")
        case _:
            return access_frames.TokenRequest("revoke", id=options.id)


def _tell(made: access_frames.Token, folder: Path) -> None:
    """Write the token alone to standard output, for scripts, and the rest beside it."""
    from hubbub.app.certificate import CERTIFICATE_NAME

    sys.stdout.write(f"{made.token}\n")
    sys.stdout.flush()
    end = f"until {_moment(made.until)}" if made.until else "until it is revoked"
    sys.stderr.write(
        f"token {made.id} of {made.name}, {end}; it is shown this once. To try it:\n"
        f"  {_curl(made, folder / CERTIFICATE_NAME)}\n"
    )


def _curl(made: access_frames.Token, certificate: Path) -> str:
    url = _from_here(made.url or _HERE)
    # Nobody else vouches for one that the hub has made for itself.
    own = url.startswith("https:") and certificate.exists()
    trust = f"--cacert {shlex.quote(str(certificate))} " if own else ""
    header = f'curl {trust}-H "Authorization: Bearer {made.token}"'
    if made.post:
        return f"{header} -d hello {url}{_path(made.post[0])}"
    return f'{header} "{url}{_path(made.read[0])}?limit=10"'


def _from_here(url: str) -> str:
    """Give an address at which this machine reaches the hub.

    A token is taken over TLS, or where nobody can listen, as between a machine and
    itself.
    """
    parts = urlsplit(url)
    if parts.scheme == "https":
        return url
    return f"http://127.0.0.1:{parts.port or 80}/"


def _path(place: str) -> str:
    if place in ("lobby", EVERYWHERE):
        return "lobby"
    return _PATHS[place[0]] + quote(place[1:], safe="")


def _moment(time: str) -> str:
    """Give the local day and time of an RFC 3339 one."""
    there = datetime.fromisoformat(time).astimezone()
    return f"{there:%Y-%m-%d %H:%M}"


def _list(tokens: tuple[access_frames.TokenInfo, ...], *, as_json: bool) -> None:
    if as_json:
        encode = msgspec.json.Encoder().encode
        sys.stdout.writelines(encode(one).decode() + "\n" for one in tokens)
        return
    heads = ("ID", "NAME", "ENDS IN", "POST", "READ", "MADE", "UNTIL", "BY")
    rows = [heads, *(_row(one) for one in tokens)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def _row(one: access_frames.TokenInfo) -> tuple[str, ...]:
    return (
        str(one.id),
        one.name,
        one.last,
        " ".join(one.post) or "-",
        " ".join(one.read) or "-",
        _moment(one.since),
        _moment(one.until) if one.until else "-",
        one.by,
    )
