"""What must hold for any bytes: one function for each door they come in by.

Each raises, an `AssertionError` or whatever went wrong inside, when it does not hold.
"""

from __future__ import annotations

import re
import ssl
import tempfile
import unicodedata
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from fuzz.node import node
from fuzz.steps import Script, pieces
from hubbub.app.certificate import own_certificate
from hubbub.app.compose import dialects
from hubbub.app.settings import Settings
from hubbub.client.errors import BacklogFullError
from hubbub.client.protocol import ClientProtocol
from hubbub.dialects.json_lines import frames
from hubbub.dialects.json_lines.reader import parse_frame
from hubbub.dialects.json_lines.writer import JsonWriter
from hubbub.fronts.line.lines import Wording
from hubbub.fronts.line.paint import paint
from hubbub.model.commands import Hello
from hubbub.model.limits import Limits
from hubbub.model.names import (
    MAX_LENGTH,
    BadNameError,
    name_key,
    parse_name,
    stored_name,
)
from hubbub.model.refusals import Refusal
from hubbub.model.text import MAX_MARKS, clean, is_empty, marks, one_line
from hubbub.wire.opening import Wire, WireError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hubbub.client.events import Event
    from hubbub.dialects.contract import Dialect, Request

LINE = 300

# What no text may hold when it is shown: controls but tab and newline, reordering,
# surrogates, tags outside a flag.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0001]"
)


def _text(data: bytes) -> str:
    """Make text of any bytes, lone surrogates among it."""
    return data.decode("utf-8", "surrogateescape")


def insist_is_one_clean_line(text: str) -> None:
    """Insist that a sentence can be shown to anybody, and is no flood."""
    assert not _FORBIDDEN.search(text), ascii(text)
    assert "\n" not in text, ascii(text)
    assert len(text) <= 400, ascii(text)


# --- bytes to requests ---------------------------------------------------------------


def _open() -> Dialect:
    settings = Settings(limits=Limits(line=LINE), color="never")
    info = frames.LimitsInfo(1, 1, 1, 1)
    writer = JsonWriter(frames.ServerInfo("hubbub", "0", 1), info)
    return dialects(settings, writer, "j")(False)


def _requests(given: Iterable[bytes], quiet: bool) -> list[Request]:
    """Feed a new connection; whoever says a name is let in."""
    dialect = _open()
    asked: list[Request] = []

    def pull() -> None:
        while (request := dialect.next()) is not None:
            asked.append(request)
            if isinstance(request, Hello):
                dialect.joined()

    for piece in given:
        dialect = dialect.receive(piece)
        pull()
    if quiet:
        dialect = dialect.quiet()
        pull()
    return asked


def connection(data: bytes) -> None:
    """A new connection: sniffed, then any dialect; any split means the same."""
    script = Script(data)
    cuts = script.number() | script.number() << 8
    rest = data[2:]
    asked = _requests([rest], quiet=bool(cuts & 1))
    assert asked == _requests(pieces(rest, cuts >> 1), quiet=bool(cuts & 1))
    for request in asked:
        if isinstance(request, Refusal):
            insist_is_one_clean_line(request.text)


@cache
def _context() -> ssl.SSLContext:
    with tempfile.TemporaryDirectory() as folder:
        return own_certificate(Path(folder)).context()


def wire(data: bytes) -> None:
    """The opening of a connection: a proxy's header, TLS, or neither, in any pieces.

    What is held before it is clear is no more than a header may be long, and the same
    bytes mean the same however they are cut.
    """
    cuts, data = data[:1], data[1:]
    for proxied in (False, True):
        outcomes: list[tuple[object, object]] = []
        for sent in (pieces(data, cuts[0] if cuts else 0), iter((data,))):
            opening = Wire(_context, proxied=proxied)
            text = b""
            try:
                for piece in sent:
                    text += opening.receive(piece)
            except WireError as error:
                insist_is_one_clean_line(str(error))
                outcomes.append((type(error), opening.source))
                continue
            outcomes.append((text, opening.source))
            if not opening.secure and opening.source is None and not proxied:
                assert text in (b"", data)
        assert outcomes[0] == outcomes[1], outcomes


def json_frames(data: bytes) -> None:
    """One frame of the JSON dialect: a command or a refusal."""
    request = parse_frame(data)
    if isinstance(request, Refusal):
        insist_is_one_clean_line(request.text)
        msgspec.json.encode(request.re)
    else:
        msgspec.json.encode(request, enc_hook=repr)


# --- words ---------------------------------------------------------------------------


def names(data: bytes) -> None:
    """A name is refused, or is one that can be shown, found and stored."""
    text = _text(data)
    key = name_key(text)
    try:
        name = parse_name(text)
    except BadNameError as error:
        insist_is_one_clean_line(str(error))
        return
    insist_is_one_clean_line(name.shown)
    assert 0 < len(name.shown) <= MAX_LENGTH
    assert clean(name.shown) == name.shown
    assert not any(letter.isspace() for letter in name.shown)
    assert not is_empty(name.shown)
    assert marks(unicodedata.normalize("NFD", name.shown)) <= 4
    assert key == name.key
    # Who is shown a name can give it, and gets the same one.
    assert parse_name(name.shown) == name
    assert stored_name(name.shown) == name


def texts(data: bytes) -> None:
    """Cleaned text drives no terminal, and cleaning it again changes nothing."""
    text = _text(data)
    cleaned = clean(text)
    assert not _FORBIDDEN.search(cleaned), ascii(cleaned)
    cleaned.encode()
    assert cleaned == cleaned.strip("\n")
    assert clean(cleaned) == cleaned
    assert marks(cleaned) <= MAX_MARKS
    assert len(cleaned) <= len(text)
    if text.isascii() and text.isprintable():
        assert cleaned == text
    assert "\n" not in one_line(text)
    is_empty(cleaned)


# --- the other side ------------------------------------------------------------------

_NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
_decode = msgspec.json.Decoder(frames.ClientFrame).decode


def client(data: bytes) -> None:
    """A hub that sends anything at any moment to a client that asks and drops."""
    script = Script(data)
    numbers = iter(range(1_000_000))
    protocol = ClientProtocol(
        "alice", new_nonce=lambda: f"n{next(numbers)}", max_line=LINE * 4
    )
    wording = Wording(lambda: _NOON, "alice")
    protocol.connection_made()
    acts: dict[int, Callable[[], object]] = {
        1: lambda: protocol.send("hello", "lobby"),
        2: lambda: protocol.group("join", "tea"),
        3: protocol.users,
        4: lambda: protocol.history("#tea"),
        5: lambda: protocol.choose_name("alice2"),
        6: protocol.bye,
    }
    while script:
        number = script.number()
        if number in acts:
            _ask(acts[number])
        elif number == 7:
            _show(protocol.connection_lost(), wording)
            protocol.connection_made()
        else:
            for piece in (script.chunk(), b"\n"):
                _show(protocol.receive_data(piece), wording)
        for line in protocol.data_to_send().splitlines():
            _decode(line)


def _ask(request: Callable[[], object]) -> None:
    try:
        request()
    except (ValueError, BacklogFullError) as error:
        insist_is_one_clean_line(str(error))


def _show(events: list[Event], wording: Wording) -> None:
    for event in events:
        for line in wording.event(event):
            for width in (None, 40):
                painted = paint(line, color=False, width=width)
                assert painted.endswith("\n")
                shown = painted.replace("\a", "") if width else painted
                assert not _FORBIDDEN.search(shown), ascii(shown)
            assert "\n" not in line.text


TARGETS: dict[str, Callable[[bytes], None]] = {
    "connection": connection,
    "wire": wire,
    "json": json_frames,
    "names": names,
    "texts": texts,
    "client": client,
    "node": node,
}
"""What can be fuzzed, by the name of its folder in the corpus."""
