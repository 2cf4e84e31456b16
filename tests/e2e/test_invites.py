"""Invitations from end to end: the console, terminals, netcat, a script, a log."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest
from tests.e2e.hub import LIMIT, ROOT, HubProcess, Person

from hubbub.client import Ended, aio
from hubbub.client import connect as connect_chat

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

CODE = r"([0-9a-z]{5}(?:-[0-9a-z]{5}){4})"
CHOSEN = "chosen by me"

Open = Callable[..., pexpect.spawn]
StartHub = Callable[..., HubProcess]
Connect = Callable[[HubProcess], Person]


def test_into_a_hub_for_members(
    start_hub: StartHub, connect: Connect, open_client: Open, tmp_path: Path
) -> None:
    """The console invites a moderator, who invites others, each in another way."""
    hub = start_hub("--members-only", "--data", str(tmp_path / "hub"))
    hub.type(":invite new")
    code = hub.wait_for(rf"client\.py 127\.0\.0\.1 \d+ --invite {CODE}$")[1]
    assert hub.wait_for(rf"http://127\.0\.0\.1:{hub.port}/#invite={CODE}$")[1] == code

    mod = open_client(hub.port, "--invite", code, "--color", "always")
    mod.expect("NAME :")
    mod.send("mod\r")
    mod.expect("NEW PASSWORD :")
    mod.send(f"{CHOSEN}\r")
    mod.expect("THE SAME AGAIN :")
    mod.send(f"{CHOSEN}\r")
    mod.expect("1 online: mod")
    hub.type(":role mod moderator")
    mod.expect("You are now moderator")
    mod.send(":invite new for 2d\r")
    mod.expect("anybody until")
    mod.expect(rf"--invite {CODE}")
    lasting = mod.match[1]
    mod.expect(rf"(http://127\.0\.0\.1:\d+/#invite={CODE})")
    link = mod.match[1]
    assert link.endswith(lasting)
    mod.expect("[▀▄█]{3}")

    bob = connect(hub)
    bob.say(f":invite {lasting.upper()}")
    bob.read_until("NAME : ")
    bob.say("bob")
    bob.read_until("PASSWORD : choose a password")
    bob.say(CHOSEN)
    bob.read_until("Welcome bob")
    mod.expect("bob")

    script = subprocess.run(
        [sys.executable, "-m", "hubbub.app", "join", link, "--name", "ci"],
        input="built\n",
        cwd=ROOT,
        env={
            **os.environ,
            "HUBBUB_PASSWORD": CHOSEN,
            "XDG_STATE_HOME": str(tmp_path / "state"),
        },
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert (script.returncode, script.stderr) == (0, "")
    bob.read_until("ci >> built")

    late = open_client(hub.port, "--invite", code, "--name", "late")
    late.expect("that invitation is unknown, used up, over or revoked")
    late.expect("NAME :")
    mod.send(":quit\r")
    mod.expect(pexpect.EOF)


def test_a_log_for_programs_has_no_code(start_hub: StartHub, tmp_path: Path) -> None:
    """docs/security.md: what is in a log is read by others."""
    hub = start_hub("--log-format", "json", "--data", str(tmp_path))
    hub.type(":invite new")

    line = hub.wait_for(r".*Invitation \d+, for one person.*")[0]
    told = json.loads(line)["text"]
    assert "not logged" in told
    assert not re.search(CODE, told)


@pytest.mark.parametrize(
    "words",
    [("127.0.0.1", "--invite", "no-code"), ("http://127.0.0.1:5000/#invite=no-code",)],
    ids=["flag", "link"],
)
def test_what_is_no_code(words: tuple[str, ...]) -> None:
    """One sentence, and no connection."""
    done = subprocess.run(
        [sys.executable, "-m", "hubbub.app", "join", *words],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert done.returncode == 1
    assert "'no-code' is no invitation; copy the whole code" in done.stderr


def test_from_python(start_hub: StartHub, tmp_path: Path) -> None:
    """README.md, "Who is who": the parameter `invite`, of both chats."""
    hub = start_hub("--members-only", "--data", str(tmp_path))
    hub.type(":invite new for 1h")
    code = hub.wait_for(rf"--invite {CODE}$")[1]
    with connect_chat(
        "127.0.0.1", hub.port, name="ci", password=CHOSEN, invite=code
    ) as chat:
        chat.send("built", wait=True)

    async def later() -> str:
        chat = aio.connect(
            "127.0.0.1", hub.port, name="cd", password=CHOSEN, invite=code.upper()
        )
        async with chat:
            return await chat.send("shipped", wait=True)

    assert asyncio.run(later())
    for words, why in (
        ({"password": CHOSEN, "invite": "no-code"}, "invite_invalid"),
        ({"invite": code}, "new_password_needed"),
        ({"password": "short", "invite": code}, "password_invalid"),
        ({"password": "not that"}, "password_wrong"),
    ):
        chat = connect_chat("127.0.0.1", hub.port, name="eve", **words)
        *_, ended = chat
        assert isinstance(ended, Ended)
        assert ended.code == why
        chat.close()
