"""The web in the composition root: the files of the page, and what rooms look like."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

from hubbub import __version__
from hubbub.app.settings import Settings
from hubbub.dialects.json_lines.reader import parse_frame
from hubbub.dialects.json_lines.writer import JsonWriter
from hubbub.dialects.plain.writer import PlainWriter
from hubbub.dialects.web.assets import build
from hubbub.dialects.web.card import About, Card
from hubbub.dialects.web.forwarded import read_forwarded, read_x_forwarded
from hubbub.dialects.web.origins import Origins
from hubbub.dialects.web.rooms import Forms, Rooms
from hubbub.dialects.web.site import Site
from hubbub.dialects.web.streams import Form, sent_last, server_sent
from hubbub.model.answers import Bye
from hubbub.model.events import Event, MessagePosted

_FORWARDED = {"x-forwarded-for": read_x_forwarded, "forwarded": read_forwarded}


def open_site(
    settings: Settings, journal_id: str, json_writer: JsonWriter, about: About
) -> Site:
    """Put together what stands at which address."""
    origins = Origins(settings.origins)

    def frame(message: MessagePosted) -> bytes:
        return json_writer.event(message, own=True)

    return Site(
        settings.limits,
        origins,
        build(read_page()),
        Rooms(journal_id, _forms(journal_id, json_writer), frame),
        Card(about, origins),
        __version__,
        json_writer,
        parse_frame,
        _FORWARDED[settings.proxy_header] if settings.proxies else None,
    )


def _forms(journal_id: str, json_writer: JsonWriter) -> Forms:
    def line(event: Event) -> bytes:
        return json_writer.event(event, own=False)

    def sent(event: Event) -> bytes:
        frame = line(event)
        return server_sent(journal_id, event, frame[:-1]) if frame else b""

    def farewell(bye: Bye, time: int) -> bytes:
        return sent_last(json_writer.answer(bye, time)[:-1])

    return Forms(
        text=_text(color=False),
        colored=_text(color=True),
        # A space before a JSON text is no part of it (RFC 8259, section 2), while an
        # empty line would be one that holds none.
        lines=Form("application/x-ndjson", line, json_writer.answer, keepalive=b" "),
        # "authors can include a comment line (one starting with a ':' character) every
        # 15 seconds or so" (HTML Living Standard, section 9.2.7).
        server_sent=Form("text/event-stream", sent, farewell, keepalive=b":\n\n"),
    )


def _text(*, color: bool) -> Form:
    writer = PlainWriter(color=color)

    def write(event: Event) -> bytes:
        return writer.event(event, own=False)

    return Form("text/plain; charset=utf-8", write, writer.answer)


def read_page() -> dict[str, bytes]:
    """Read every file of the page, by its path in the folder."""
    return dict(_walk(files("hubbub.fronts.web") / "static", ""))


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        path = f"{prefix}{entry.name}"
        if entry.is_dir():
            found.extend(_walk(entry, f"{path}/"))
        else:
            found.append((path, entry.read_bytes()))
    return found
