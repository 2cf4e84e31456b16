"""What is in packaging/: read by the programs it is for, and run in front of a hub."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.hub import LIMIT, ROOT, HubProcess, Person
from tests.unit.client.loopback import free_port
from websockets.sync.client import connect as connect_websocket
from websockets.typing import Origin

from hubbub.app.certificate import own_certificate
from hubbub.app.cli import _parser

pytestmark = pytest.mark.e2e

StartHub = Callable[..., HubProcess]
Connect = Callable[[HubProcess], Person]

PACKAGING = ROOT / "packaging"
NAME = "chat.example.org"

# A second address of this machine, to be told from the proxy's own.
CLIENT = "127.0.0.2"


def needs(program: str) -> str:
    """Give the path of a program; .ci/run installs it, and it is not everywhere.

    Where .ci/run has said that it is (`HUBBUB_CI`), its absence is a failure: nothing
    that a release rests on is passed over in silence.
    """
    path = shutil.which(program, path="/usr/sbin:/usr/bin:/usr/local/bin")
    missing = f"{program} is not installed"
    if path is None and os.environ.get("HUBBUB_CI"):
        pytest.fail(f"{missing}, though .ci/run was to install it")
    return path or pytest.skip(missing)


def check(*command: str) -> str:
    """Run a program that has to find nothing wrong."""
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


class Front:
    """A proxy with its example's configuration, but for ports and the certificate."""

    def __init__(self, program: str, hub: int, folder: Path) -> None:
        self.program = needs(program)
        self.folder = folder
        own_certificate(folder)
        self.hub = hub
        # In one file, as HAProxy wants it.
        self.pem = folder / "chat.pem"
        made = sorted(folder.glob("*.pem"))
        self.pem.write_bytes(b"".join(path.read_bytes() for path in made))
        self.ports: list[int] = []

    def write(self) -> Path:
        """Write the configuration anew, for ports that are free."""
        name = "nginx.conf" if self.program.endswith("nginx") else "haproxy.cfg"
        text = (PACKAGING / name).read_text()
        self.ports = []

        def port(found: re.Match[str]) -> str:
            self.ports.append(free_port())
            return f"{found[1]}127.0.0.1:{self.ports[-1]} ssl"

        text = re.sub(r"(bind |listen ):?\d+ ssl", port, text)
        text = text.replace("127.0.0.1:5000", f"127.0.0.1:{self.hub}")
        text = re.sub(r"/etc/(ssl/hubbub|haproxy)/chat\.(pem|key)", str(self.pem), text)
        path = self.folder / name
        path.write_text(text)
        return path

    @property
    def command(self) -> tuple[str, ...]:
        """What runs it, but for the configuration's name."""
        if not self.program.endswith("nginx"):
            return (self.program, "-db", "-f")
        settings = f"daemon off; pid {self.folder}/pid; error_log stderr;"
        return (self.program, "-p", str(self.folder), "-g", settings, "-c")

    def start(self, stack: ExitStack) -> None:
        """Start it and wait until it takes connections."""
        for _ in range(5):
            path = self.write()
            process = subprocess.Popen((*self.command, str(path)))
            stack.callback(process.wait, LIMIT)
            stack.callback(process.terminate)
            if self._listens(process):
                return
        raise AssertionError("it does not listen")

    def _listens(self, process: subprocess.Popen[bytes]) -> bool:
        # It ends if a port was taken by somebody else meanwhile.
        while process.poll() is None:
            try:
                for port in self.ports:
                    socket.create_connection(("127.0.0.1", port), LIMIT).close()
            except ConnectionRefusedError:
                continue
            return True
        return False

    def connect(self, port: int) -> ssl.SSLSocket:
        """Connect as somebody elsewhere would, in TLS."""
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        raw = socket.create_connection(("127.0.0.1", port), LIMIT, (CLIENT, 0))
        return context.wrap_socket(raw, server_hostname=NAME)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def hub(start_hub: StartHub, tmp_path: Path) -> HubProcess:
    config = tmp_path / "hubbub.toml"
    config.write_text(f'origins = ["https://{NAME}"]\n')
    return start_hub("--memory", "--proxy", "127.0.0.1", "--config", str(config))


@pytest.fixture
def watcher(hub: HubProcess, connect: Connect) -> Person:
    """Give somebody who sees who comes in, and from where."""
    person = connect(hub)
    person.send(type="hello", name="watcher")
    person.frames_until(type="welcome")
    return person


def address_of(watcher: Person, name: str) -> str:
    joined: dict[str, Any] = watcher.frames_until(type="joined", name=name)[-1]
    return str(joined["address"])


@pytest.mark.parametrize("program", ["nginx", "haproxy"])
def test_the_page_behind_a_proxy(
    program: str, hub: HubProcess, watcher: Person, stack: ExitStack, tmp_path: Path
) -> None:
    """WebSocket by https: the hub is told the true address, and never a made-up one."""
    front = Front(program, hub.port, tmp_path)
    front.start(stack)
    lies = {"X-Forwarded-For": "10.9.9.9", "Forwarded": "for=10.9.9.9"}
    with connect_websocket(
        f"ws://{NAME}/ws",
        sock=front.connect(front.ports[-1]),
        origin=Origin(f"https://{NAME}"),
        additional_headers=lies,
        proxy=None,
    ) as page:
        page.send(json.dumps({"type": "hello", "name": "ann"}))
        assert json.loads(page.recv(LIMIT))["type"] == "welcome"
        assert address_of(watcher, "ann") == CLIENT
        hub.type(":list")
        hub.wait_for(rf"ann +guest +{CLIENT} ")
    with front.connect(front.ports[-1]) as metrics:
        metrics.sendall(f"GET /metrics HTTP/1.0\r\nHost: {NAME}\r\n\r\n".encode())
        assert b" 404 " in metrics.makefile("rb").readline()


@pytest.mark.parametrize("program", ["nginx", "haproxy"])
def test_a_room_is_followed_through_a_proxy(
    program: str, hub: HubProcess, watcher: Person, stack: ExitStack, tmp_path: Path
) -> None:
    """Server-sent events arrive as they happen, and nothing waits in the proxy."""
    front = Front(program, hub.port, tmp_path)
    front.start(stack)
    lies = "X-Forwarded-For: 10.9.9.9\r\nForwarded: for=10.9.9.9"
    events = stack.enter_context(front.connect(front.ports[-1]))
    head = f"GET /users/watcher?name=carl HTTP/1.1\r\nHost: {NAME}\r\n{lies}"
    events.sendall(f"{head}\r\nAccept: text/event-stream\r\n\r\n".encode())
    lines = events.makefile("rb")
    assert b" 200 " in lines.readline()
    assert address_of(watcher, "carl") == CLIENT
    hub.type(":list")
    hub.wait_for(rf"carl +guest +{CLIENT} ")
    for number in range(3):
        # Each is sent only when the one before it has come through.
        watcher.send(type="send", to="@carl", text=f"word {number}")
        while f"word {number}".encode() not in (line := lines.readline()):
            assert line


def test_everything_behind_a_proxy_of_connections(
    hub: HubProcess, watcher: Person, stack: ExitStack, tmp_path: Path
) -> None:
    front = Front("haproxy", hub.port, tmp_path)
    front.start(stack)
    with front.connect(front.ports[0]) as plain:
        port = plain.getsockname()[1]
        plain.sendall(b"bob\n")
        assert b"Welcome bob" in plain.makefile("rb").readline()
        assert address_of(watcher, "bob") == f"{CLIENT}:{port}"
        hub.type(":list")
        hub.wait_for(rf"bob +guest +{CLIENT}:{port} ")


@pytest.mark.parametrize("program", ["nginx", "haproxy"])
def test_the_examples_are_right(program: str, tmp_path: Path) -> None:
    front = Front(program, 5000, tmp_path)
    path = str(front.write())
    if program == "nginx":
        check(*front.command, path, "-t")
    else:
        assert "WARNING" not in check(front.program, "-c", "-f", path)


def serve_flags(command: str) -> Any:
    """Have the hub's own command line read the words of an example."""
    return _parser().parse_args(shlex.split(command))


def test_the_unit_is_right(tmp_path: Path) -> None:
    systemd = needs("systemd-analyze")
    text = (PACKAGING / "hubbub.service").read_text()
    (command,) = re.findall(r"^ExecStart=\S*/hubbub (.*)$", text, re.MULTILINE)
    options = serve_flags(command)
    assert (options.data, options.console) == ("/var/lib/hubbub", False)
    unit = tmp_path / "hubbub.service"
    unit.write_text(text.replace("/opt/hubbub/bin/hubbub", sys.executable))
    assert check(systemd, "verify", "--man=no", str(unit)) == ""
    # Out of a hundred; 15 when this was written. Network access alone is 5.
    check(systemd, "security", "--offline=yes", "--threshold=20", str(unit))


def test_the_container_runs_as_nobody_and_is_looked_after() -> None:
    text = (PACKAGING / "Containerfile").read_text().replace("\\\n", " ")
    *_, last = re.split(r"^FROM .*$", text, flags=re.MULTILINE)
    assert text.count("\nFROM ") == 2
    assert re.search(r"^USER ([1-9]\d+):\1$", last, re.MULTILINE)
    words = [
        json.loads(found)
        for found in re.findall(r"^(?:ENTRYPOINT|CMD) (\[.*\])$", last, re.MULTILINE)
    ]
    options = serve_flags(shlex.join([*words[0][1:], *words[1]]))
    assert (options.host, options.port, options.data) == ("0.0.0.0", 5000, "/data")
    health = re.findall(r"^HEALTHCHECK.*? CMD (\[.*\])$", last, re.MULTILINE)
    (code,) = [json.loads(one)[-1] for one in health]
    assert "/healthz" in code
    compile(code, "health", "exec")
    for source in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE):
        assert all((ROOT / name).exists() for name in source.split())
