"""Draw docs/images/hubbub.svg: a hub and two people, as their terminals showed it.

``python tools/picture.py`` starts a real hub and the real client, each on a terminal
of its own (a pty read by pyte), lets a second person in as netcat would, has them talk,
and draws what is on the three screens in the end. POSIX only.
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from html import escape
from itertools import groupby
from pathlib import Path
from time import monotonic

import pexpect
import pyte

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "images" / "hubbub.svg"
HOST, PORT = "127.0.0.1", 5000
PATIENCE = 10.0

# One cell of a terminal, the space around a screen and its title bar, in SVG units.
CELL_WIDTH, CELL_HEIGHT, FONT_SIZE = 7.8, 17.0, 13
PADDING, BAR, GAP = 12.0, 26.0, 14.0

BACKGROUND, BAR_COLOR, FOREGROUND, TITLE = "#16181d", "#24272e", "#d7dae0", "#9aa0ab"
COLORS = {
    "default": FOREGROUND,
    "black": "#5c6370",
    "red": "#f07178",
    "green": "#a5d66f",
    "brown": "#f2c76b",
    "blue": "#6cb2f7",
    "magenta": "#cf8ef4",
    "cyan": "#58cfd6",
    "white": "#ffffff",
    "brightblack": "#7f8694",
    "brightred": "#ff8b92",
    "brightgreen": "#b8e986",
    "brightbrown": "#ffd98a",
    "brightblue": "#8cc5ff",
    "brightmagenta": "#dfaaff",
    "brightcyan": "#7fe3e8",
    "brightwhite": "#ffffff",
}


class Screen:
    """A terminal that somebody looks at."""

    def __init__(self, title: str, columns: int, rows: int, typed: str) -> None:
        """Begin with a command line that was typed at a shell."""
        self.title = title
        self.columns, self.rows = columns, rows
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._read: Callable[[], bytes] = bytes
        self._write: Callable[[bytes], object] = len
        # Programs ask a terminal where its cursor is, and wait for the answer.
        self._screen.write_process_input = lambda text: self._write(text.encode())
        self.feed(f"\x1b[32m$\x1b[0m {typed}\n".encode())

    def feed(self, data: bytes) -> None:
        """Show bytes, as a terminal does that adds the return to a newline."""
        self._stream.feed(data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))

    def attach(
        self, read: Callable[[], bytes], write: Callable[[bytes], object]
    ) -> None:
        """Connect a program or a socket; `read` gives b"" when nothing has come."""
        self._read, self._write = read, write

    def type(self, text: str, *, echo: bool = False) -> None:
        """Type; `echo` where nobody else shows what was typed."""
        if echo:
            self.feed(text.encode())
        self._write(text.encode())

    def update(self) -> None:
        """Show what has come."""
        if data := self._read():
            self.feed(data)

    def shows(self, text: str) -> bool:
        """Tell whether a text is on the screen."""
        return any(text in line for line in self._screen.display)

    def __str__(self) -> str:
        return "\n".join(self._screen.display)

    def lines(self) -> Iterator[tuple[int, list[tuple[int, str, str, bool]]]]:
        """Give each row with its runs of one style: column, text, colour, bold."""
        cursor = (self._screen.cursor.y, self._screen.cursor.x)
        for row in range(self.rows):
            cells = [self._screen.buffer[row][column] for column in range(self.columns)]
            styled = [
                (column, cell.data, _color(cell.fg), cell.bold)
                for column, cell in enumerate(cells)
            ]
            runs = []
            for (color, bold), run in groupby(styled, key=lambda cell: cell[2:]):
                parts = list(run)
                text = "".join(part[1] for part in parts)
                begin = len(text) - len(text.lstrip())
                if text.strip():
                    runs.append((parts[begin][0], text.strip(), color, bold))
            if cursor[0] == row and not self._screen.cursor.hidden:
                runs.append((cursor[1], "\u2588", TITLE, False))
            yield row, runs


def _color(name: str) -> str:
    return COLORS.get(name) or f"#{name}"


def spawn(stack: ExitStack, screen: Screen, home: str, *arguments: str) -> None:
    """Run a program of the checkout on a screen."""
    child = pexpect.spawn(
        sys.executable,
        [*arguments],
        cwd=str(ROOT),
        dimensions=(screen.rows, screen.columns),
        env={**os.environ, "TERM": "xterm-256color", "HOME": home, "NO_COLOR": ""}
        | {f"XDG_{kind}_HOME": home for kind in ("DATA", "STATE", "CONFIG", "CACHE")},
    )
    stack.callback(child.close, force=True)

    def read() -> bytes:
        try:
            return bytes(child.read_nonblocking(65536, timeout=0.02))
        except (pexpect.TIMEOUT, pexpect.EOF):
            return b""

    screen.attach(read, child.send)


def netcat(stack: ExitStack, screen: Screen) -> None:
    """Connect as netcat does: what is typed goes out, what comes is shown."""
    connection = stack.enter_context(closing(socket.create_connection((HOST, PORT))))
    connection.settimeout(0.02)

    def read() -> bytes:
        try:
            return connection.recv(65536)
        except TimeoutError:
            return b""

    screen.attach(read, connection.sendall)


def talk(hub: Screen, alice: Screen, bob: Screen, stack: ExitStack, home: str) -> None:
    """Let the session take place."""
    screens: list[Screen] = [hub]

    def see(screen: Screen, text: str) -> None:
        end = monotonic() + PATIENCE
        while not screen.shows(text):
            if monotonic() > end:
                raise SystemExit(f"{text!r} did not come on:\n{screen}")
            for one in screens:
                one.update()

    spawn(stack, hub, home, "server.py", HOST, str(PORT), "--memory")
    see(hub, "INPUT >>")
    client = ("client.py", HOST, str(PORT), "--name", "alice")
    spawn(stack, alice, home, *client)
    screens.append(alice)
    see(alice, "YOU >>")
    see(alice, "1 online")
    netcat(stack, bob)
    screens.append(bob)
    bob.type("bob\n", echo=True)
    see(bob, "Welcome bob")
    see(alice, "bob CONNECTED")
    bob.type("hi alice, is this on?\n", echo=True)
    see(alice, "is this on?")
    alice.type("loud and clear!\r")
    see(bob, "loud and clear!")
    alice.type(":group create tea\r")
    see(bob, "CREATED #tea")
    bob.type(":group join tea\n", echo=True)
    see(bob, "You joined #tea")
    see(alice, "JOINED #tea")
    bob.type(":group send tea I bring the cake\n", echo=True)
    see(alice, "I bring the cake")
    alice.type(":pm bob you are the best\r")
    see(bob, "you are the best")
    alice.type("see you at fo")
    see(alice, "see you at fo")
    hub.type("the room closes at six\r")
    for screen in (alice, bob):
        see(screen, "SERVER: the room closes at six")
    hub.type(":groups\r")
    see(hub, "#tea (2 members)")


def draw(screen: Screen, x: float, y: float, width: float) -> list[str]:
    """Draw a screen as a window, with its top left corner at a point."""
    height = BAR + PADDING * 2 + screen.rows * CELL_HEIGHT
    parts = [
        f'<g transform="translate({x:g} {y:g})">',
        f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{BACKGROUND}"/>',
        f'<path d="M0 {BAR:g}V8a8 8 0 0 1 8-8h{width - 16:g}a8 8 0 0 1 8 8V{BAR:g}z"',
        f' fill="{BAR_COLOR}"/>',
        f'<text x="{width / 2:g}" y="17.5" text-anchor="middle" fill="{TITLE}">',
        f"{escape(screen.title)}</text>",
    ]
    for row, runs in screen.lines():
        baseline = BAR + PADDING + (row + 0.75) * CELL_HEIGHT
        for column, text, color, bold in runs:
            weight = ' font-weight="bold"' if bold else ""
            parts.append(
                f'<text x="{PADDING + column * CELL_WIDTH:.1f}" y="{baseline:.1f}" '
                f'textLength="{len(text) * CELL_WIDTH:.1f}" '
                f'lengthAdjust="spacingAndGlyphs" fill="{color}"{weight}>'
                f"{escape(text)}</text>"
            )
    return [*parts, "</g>"]


def picture(hub: Screen, people: list[Screen]) -> str:
    """Put the hub above the people who talk."""

    def width(screen: Screen) -> float:
        return PADDING * 2 + screen.columns * CELL_WIDTH

    def height(screen: Screen) -> float:
        return BAR + PADDING * 2 + screen.rows * CELL_HEIGHT

    whole = sum(map(width, people)) + GAP * (len(people) - 1)
    top = height(hub) + GAP
    total = top + max(map(height, people))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole:g} {total:g}"',
        f' width="{whole:g}" height="{total:g}" role="img" xml:space="preserve"',
        ' font-family="ui-monospace, SFMono-Regular, Menlo, Consolas,',
        f' DejaVu Sans Mono, monospace" font-size="{FONT_SIZE}">',
        "<title>A hub, and alice and bob who talk through it</title>",
        *draw(hub, 0, 0, whole),
    ]
    x = 0.0
    for screen in people:
        parts += draw(screen, x, top, width(screen))
        x += width(screen) + GAP
    return "\n".join([*parts, "</svg>"]) + "\n"


def main() -> None:
    """Hold the session and write the picture."""
    hub = Screen("the hub", 117, 18, "make run")
    alice = Screen(
        "alice: the client", 57, 14, f"python client.py {HOST} {PORT} --name alice"
    )
    bob = Screen("bob: netcat", 57, 14, f"nc {HOST} {PORT}")
    with tempfile.TemporaryDirectory() as home, ExitStack() as stack:
        talk(hub, alice, bob, stack, home)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(picture(hub, [alice, bob]), encoding="utf-8")


if __name__ == "__main__":
    main()
