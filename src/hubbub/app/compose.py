"""The composition root: the one place that names concrete parts and joins them."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from hubbub import __version__
from hubbub.app.admin_door import AdminDoor
from hubbub.app.banner import banner, first_account, kept_where, waiting
from hubbub.app.certificate import Certificate, CertificateError
from hubbub.app.console import Console, print_line
from hubbub.app.log import JsonLogWriter, console_line
from hubbub.app.network import find_ways, listen, make_known
from hubbub.app.settings import Settings
from hubbub.app.ways import Ways
from hubbub.app.web import open_site
from hubbub.app.wires import find_certificate, wires
from hubbub.dialects.contract import Dialect
from hubbub.dialects.json_lines import frames
from hubbub.dialects.json_lines.reader import JsonDialect
from hubbub.dialects.json_lines.writer import JsonWriter
from hubbub.dialects.not_spoken import FAREWELLS, NotSpoken, tls_only
from hubbub.dialects.plain.commands import CONSOLE_COMMANDS
from hubbub.dialects.plain.console import ConsoleWriter
from hubbub.dialects.plain.qr import draw
from hubbub.dialects.plain.reader import ConsoleDialect, PlainDialect
from hubbub.dialects.plain.writer import PlainWriter
from hubbub.dialects.sniff import Opening, Sniffer
from hubbub.dialects.web.card import About
from hubbub.dialects.web.http import SIGNATURES
from hubbub.engines.contract import Engine
from hubbub.engines.event_loop import EventLoopEngine
from hubbub.engines.steps import ListenError, Steps, show_address
from hubbub.engines.threads import ThreadsEngine
from hubbub.hub import Hub, State
from hubbub.journal import Journal, JournalError, JournalUnusableError
from hubbub.journal.memory import MemoryJournal
from hubbub.journal.sqlite import SqliteJournal
from hubbub.model.limits import Limits
from hubbub.model.network import Networks
from hubbub.model.policy import Policy
from hubbub.model.secret import Secret
from hubbub.node import Node
from hubbub.node.meter import Meter
from hubbub.node.passwords import hash_password, prepare_password
from hubbub.node.sessions import OpenDialect
from hubbub.node.storage import load_state

JOURNAL_NAME = "journal.sqlite3"
_LOCK_NAME = "hub.lock"

# How the names of all files in a data folder begin.
_OUR_NAMES = ("journal.sqlite3", "hub.", "tls-")

# Objects more than were freed, before the collector looks at the youngest.
_GC_THRESHOLD = 50_000

# For whoever opens a dialect without a hub around it.
_UNPLACED = About("hubbub", __version__)

_ENGINES: dict[str, type[Engine]] = {"loop": EventLoopEngine, "threads": ThreadsEngine}


class StartError(Exception):
    """The hub can't start. The message is a sentence that says why."""


def make_private(folder: Path) -> bool:
    """Keep others out of a data folder: 0700, and 0600 for what is in it.

    A folder that holds other things as well is somebody's own, and stays as it is.

    Returns:
        Whether it is private by now.

    Raises:
        OSError: The modes can't be set.
    """
    ours = [path for path in folder.iterdir() if path.name.startswith(_OUR_NAMES)]
    if len(ours) == len(list(folder.iterdir())):
        folder.chmod(0o700)
    for path in ours:
        if path.is_file():
            path.chmod(0o600)
    # Windows has no such modes, and its user folders are private.
    return os.name == "nt" or not folder.stat().st_mode & 0o077


def find_journal(folder: Path) -> Path:
    """Give the journal of a data folder.

    Raises:
        StartError: There is none.
    """
    path = folder / JOURNAL_NAME
    if not path.exists():
        raise StartError(
            f"there is no journal in {folder}; name its folder with --data"
        )
    return path


def open_data(folder: Path, stack: ExitStack) -> Path:
    """Make a data folder and hold it, so that no second hub writes there.

    Returns:
        The path of the journal in it.

    Raises:
        StartError: It can't be made or written to, or somebody holds it.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # What is made from here on is for nobody else.
        os.umask(0o077)
        lock = folder / _LOCK_NAME
        # A lock that may not be written would pass for one that is held.
        lock.touch()
        stack.enter_context(FileLock(lock, timeout=0))
        if not make_private(folder):
            sys.stderr.write(
                f"{folder} is open to others on this machine and holds more than the "
                f"hub's own; what is the hub's in it is private, but better give the "
                "hub a folder of its own with --data\n"
            )
    except Timeout:
        raise StartError(
            f"another hub is using {folder}, or `hubbub compact`; stop it, or choose "
            "another --data"
        ) from None
    except OSError as error:
        raise StartError(
            f"the data folder {folder} can't be used: {error.strerror or error}; "
            "choose another with --data, or --memory to keep nothing"
        ) from None
    return folder / JOURNAL_NAME


def open_journal(settings: Settings, stack: ExitStack) -> tuple[Journal, State]:
    """Open the journal that the settings name.

    Returns:
        It, and the state that its events lead to.

    Raises:
        StartError: It can't be used. It is left as it was.
    """
    if settings.memory:
        return MemoryJournal(), State()
    path = open_data(settings.data_folder, stack)
    state = State()
    try:
        if path.exists():
            # All of what a start needs is read before the first byte is written.
            with closing(SqliteJournal(path, read_only=True)) as stored:
                state = load_state(stored, settings.limits)
        journal = SqliteJournal(path)
    except JournalUnusableError as error:
        raise StartError(str(error)) from None
    except JournalError as error:
        raise StartError(
            f"the journal {path} can't be read: {error}; it was left as it is; put a "
            "backup in its place, or move it away to begin anew"
        ) from None
    stack.callback(journal.close)
    return journal, state


def wants_color(settings: Settings, *, terminal: bool) -> bool:
    """Tell whether to write colours, honouring NO_COLOR (https://no-color.org)."""
    if settings.color == "auto":
        return terminal and not os.environ.get("NO_COLOR")
    return settings.color == "always"


def _json_writer(limits: Limits) -> JsonWriter:
    return JsonWriter(
        frames.ServerInfo("hubbub", __version__, frames.PROTOCOL_VERSION),
        frames.LimitsInfo(limits.text, limits.line, limits.nonces, limits.history_page),
    )


def dialects(
    settings: Settings,
    json_writer: JsonWriter,
    journal_id: str,
    about: About = _UNPLACED,
) -> OpenDialect:
    """Give what opens the dialect of a new connection."""
    line = settings.limits.line
    # Who connects with netcat mostly has a terminal that knows colours.
    plain_writer = PlainWriter(color=wants_color(settings, terminal=True))
    site = open_site(settings, journal_id, json_writer, about)
    in_the_clear: dict[bytes, Opening] = {
        b"{": lambda: JsonDialect(json_writer, line),
        **dict.fromkeys(SIGNATURES, site.open),
        **{
            signature: partial(NotSpoken, name, farewell)
            for signature, (name, farewell) in FAREWELLS.items()
        },
    }
    over_tls = in_the_clear | dict.fromkeys(
        SIGNATURES, partial(site.open, encrypted=True)
    )

    def spoken(encrypted: bool) -> Dialect:
        return Sniffer(
            over_tls if encrypted else in_the_clear,
            lambda: PlainDialect(plain_writer, line),
        )

    farewells = tls_only(SIGNATURES)
    otherwise = partial(NotSpoken, *farewells.pop(b""))
    goodbyes: dict[bytes, Opening] = {
        signature: partial(NotSpoken, name, farewell)
        for signature, (name, farewell) in farewells.items()
    }
    return lambda encrypted: (
        spoken(encrypted)
        if encrypted or not settings.require_tls
        else Sniffer(goodbyes, otherwise)
    )


def json_dialect(settings: Settings) -> JsonDialect:
    """Give the JSON dialect of one connection."""
    return JsonDialect(_json_writer(settings.limits), settings.limits.line)


def _console_dialect(settings: Settings, json_writer: JsonWriter) -> Dialect:
    color = wants_color(settings, terminal=sys.stdout.isatty())
    color = color and settings.log_format == "text"
    words = ConsoleWriter(color=color, draw=_draw if color else None)
    if settings.log_format == "json":
        log = JsonLogWriter(json_writer, words, with_text=settings.log_text)
        return ConsoleDialect(log, settings.limits.line)
    return ConsoleDialect(words, settings.limits.line)


def _policy(settings: Settings) -> Policy:
    password = settings.password
    return Policy(
        password_hash=hash_password(prepare_password(Secret(password)))
        if password
        else "",
        members_only=settings.members_only,
        plaintext_passwords=settings.allow_plaintext_passwords,
        proxies=Networks(settings.proxies),
    )


def _trace(step: str) -> None:
    sys.stderr.write(step + "\n")


def _say(settings: Settings, text: str) -> None:
    if settings.log_format == "json":
        text = console_line(text).decode().rstrip("\n")
    print_line(text)


def _picture(settings: Settings, ways: Ways) -> list[str]:
    """Draw the hub's address, where it is for others and its colours can be sure."""
    color = wants_color(settings, terminal=sys.stdout.isatty())
    if ways.is_local or not (settings.lan and color and settings.log_format == "text"):
        return []
    return _draw(ways.urls[0])


def _draw(link: str) -> list[str]:
    return draw(link, columns=shutil.get_terminal_size().columns)


def _about(ways: Ways, certificate: Certificate | None) -> About:
    return About(
        "hubbub",
        __version__,
        () if ways.is_local else ways.urls,
        (lambda: certificate.fingerprint) if certificate is not None else str,
        ways.is_closed,
        ways.invite_way.url,
    )


def serve(settings: Settings, command: str = "hubbub join") -> None:
    """Run a hub until it is shut down.

    Args:
        settings: How.
        command: What starts a client, for the lines that tell how to get in.

    Raises:
        StartError: It can't start.
    """
    with ExitStack() as stack:
        journal, state = open_journal(settings, stack)
        hub = Hub(settings.limits, state)
        steps = Steps(_trace if settings.trace else None)
        try:
            listener = listen(settings, steps)
        except ListenError as error:
            raise StartError(str(error)) from None
        try:
            certificate = find_certificate(settings, stack)
        except CertificateError as error:
            raise StartError(str(error)) from None
        ways = find_ways(settings, listener, certificate, command)
        json_writer = _json_writer(settings.limits)
        meter = Meter(settings.engine)

        def timed(commit: Callable[[], None]) -> None:
            begun = time.perf_counter()
            commit()
            meter.commits.observe(time.perf_counter() - begun)

        node = Node(
            hub,
            journal,
            dialects(settings, json_writer, journal.id, _about(ways, certificate)),
            policy=_policy(settings),
            keep_seconds=settings.keep_seconds,
            meter=meter,
            commit=timed,
            way=ways.invite_way,
        )
        engine = _ENGINES[settings.engine](node, steps, wires(settings, certificate))
        near, far = socket.socketpair()
        console = Console(
            near,
            takes_input=settings.console,
            names=lambda: [user.name for user in list(hub.state.users.values())],
            commands=CONSOLE_COMMANDS,
        )
        stack.callback(console.stop)
        # What is there now lives as long as the process: never look at it again.
        gc.collect()
        gc.freeze()
        # Next to nothing here makes cycles, and a turn makes many short-lived objects:
        # looking for cycles as often as the default does would cost a tenth of it.
        gc.set_threshold(_GC_THRESHOLD, 20, 50)

        def announce() -> None:
            say = partial(_say, settings)
            say(banner(show_address(listener.getsockname())))
            say("\n".join([*ways.lines(), *_picture(settings, ways)]))
            if certificate is not None:
                say(f"TLS fingerprint (SHA-256):\n  {certificate.fingerprint}")
            say(kept_where(None if settings.memory else settings.data_folder))
            if settings.members_only and not hub.state.accounts:
                say(first_account(memory=settings.memory))
            say(waiting())
            console.start()
            make_known(ways, listener, certificate, say, stack)

        if not settings.memory:
            door = AdminDoor(
                settings.data_folder,
                lambda end: engine.adopt(
                    end, JsonDialect(json_writer, settings.limits.line)
                ),
            )
            stack.callback(door.close)

        engine.run(listener, (far, _console_dialect(settings, json_writer)), announce)
