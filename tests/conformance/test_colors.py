"""The colours of the plain dialect, one for each kind of line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.conformance.hub_process import HubProcess
from tests.conformance.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.conftest import Launch
    from tests.conformance.speakers.wire import Wire

RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN = range(31, 37)

_LINE = re.compile(
    r"\x1b\[(?P<color>\d+)m(?P<start>[^\x1b]*)\x1b\[0?m(?P<text>[^\x1b]*)"
)


@pytest.fixture(scope="module")
def hub(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """Give a hub that writes in colours."""
    data = tmp_path_factory.mktemp("colors")
    with HubProcess(engine, data, "--memory", color="always") as process:
        yield process


@pytest.fixture
def kinds() -> tuple[str, ...]:
    return ("json",)


class Viewer:
    """A person at a terminal with colours, who sees them."""

    def __init__(self, wire: Wire, name: str) -> None:
        self._wire = wire
        self._wire.send(f"{name}\n".encode())
        welcome = self._wire.receive_line()
        assert welcome is not None
        assert name.encode() in welcome

    def write(self, line: str) -> None:
        self._wire.send(f"{line}\n".encode())

    def expect(self, color: int, start: str, text: str = "") -> None:
        """Expect a line that is coloured up to its text."""
        line = self._wire.receive_line()
        assert line is not None
        found = _LINE.fullmatch(line.decode())
        assert found, f"not coloured once: {line!r}"
        assert int(found["color"]) == color, line
        assert re.fullmatch(rf"\[\d\d:\d\d:\d\d\] {start}", found["start"]), line
        assert found["text"] == text


@pytest.fixture
def viewer(scene: Scene) -> Viewer:
    return Viewer(scene.hub.connect(), scene.name("viewer"))


def test_people_come_in_cyan_and_go_in_red(scene: Scene, viewer: Viewer) -> None:
    """docs/protocol.md, "What is written"."""
    alice = scene.person("alice")
    viewer.expect(CYAN, rf"Client 127\.0\.0\.1:\d+ CONNECTED Name: {alice.name}")
    alice.quit()
    viewer.expect(RED, f"{alice.name} DISCONNECTED")


def test_messages_are_coloured_up_to_the_text(scene: Scene, viewer: Viewer) -> None:
    """docs/protocol.md, "What is written": yellow, magenta, blue."""
    alice = scene.person("alice")
    viewer.expect(CYAN, "Client .*")
    tea = scene.name("tea")
    alice.create_group(tea)
    viewer.expect(BLUE, f"{alice.name} CREATED #{tea}")
    viewer.write(f":group join {tea}")
    viewer.expect(BLUE, f"You joined #{tea}")
    alice.settle()
    alice.say("to all")
    viewer.expect(YELLOW, f"{alice.name} >> ", "to all")
    alice.say("to one", "@" + alice.users()[-1])
    viewer.expect(MAGENTA, rf"\(PM\) {alice.name} >> ", "to one")
    alice.say("to some", f"#{tea}")
    viewer.expect(BLUE, f"#{tea} {alice.name} >> ", "to some")
    viewer.write(f":pm {alice.name} back")
    viewer.expect(MAGENTA, rf"\(PM\) to {alice.name} >> ", "back")
    alice.settle()
    alice.leave_group(tea)
    viewer.expect(BLUE, f"{alice.name} LEFT #{tea}")


def test_each_line_of_a_message_is_coloured(scene: Scene, viewer: Viewer) -> None:
    """docs/protocol.md, "What is written": each with the full beginning."""
    alice = scene.person("alice")
    viewer.expect(CYAN, "Client .*")
    alice.say("one\ntwo")
    viewer.expect(YELLOW, f"{alice.name} >> ", "one")
    viewer.expect(YELLOW, f"{alice.name} >> ", "two")


def test_errors_are_red(viewer: Viewer) -> None:
    """docs/protocol.md, "What is written"."""
    viewer.write(":usres")
    viewer.expect(RED, "error: there is no command :usres; .*")


def test_the_console_speaks_green_and_farewells_are_red(launch: Launch) -> None:
    """docs/protocol.md, "What is written"."""
    hub = launch("--memory", color="always", console=True)
    alice, bob = Viewer(hub.connect(), "alice"), Viewer(hub.connect(), "bob")
    alice.expect(CYAN, "Client .* Name: bob")
    hub.type("welcome all")
    for viewer in (alice, bob):
        viewer.expect(GREEN, "SERVER: welcome all")
    hub.type(":rename bob robert")
    alice.expect(CYAN, "bob RENAMED robert")
    bob.expect(CYAN, "You are now robert")
    hub.type(":kick robert be nice")
    alice.expect(RED, "robert KICKED: be nice")
    bob.expect(RED, "You were kicked: be nice")
    hub.terminate()
    alice.expect(RED, "Disconnected: .+")
    hub.await_exit()


def test_nobody_smuggles_a_colour_in(scene: Scene, viewer: Viewer) -> None:
    """design.md, "Rules": control characters never reach another terminal."""
    alice = scene.person("alice")
    viewer.expect(CYAN, "Client .*")
    alice.post("\x1b[32mSERVER: hello\x1b[0m")
    viewer.expect(YELLOW, f"{alice.name} >> ", "SERVER: hello")
