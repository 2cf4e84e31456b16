"""The asyncio chat when it is interrupted: its socket is closed, come what may."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from tests.unit.client.loopback import LIMIT, LoopbackHub

from hubbub.client import Connected, Ended
from hubbub.client.aio import AsyncChat, connect

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hubbub.client import SocketStep

KICK = b'{"type":"bye","code":"kicked","reason":"you were kicked"}\n'


def steps_of(
    hub: LoopbackHub, script: Callable[[AsyncChat], Awaitable[None]]
) -> list[str]:
    """Run a script with a connected chat; give the steps of its socket."""
    steps: list[SocketStep] = []

    async def run() -> None:
        async with asyncio.timeout(LIMIT):
            chat = connect(hub.host, hub.port, name="alice", trace=steps.append)
            while not isinstance(await chat.receive(), Connected):
                pass
            await script(chat)

    asyncio.run(run())
    return [step.step for step in steps]


@pytest.mark.parametrize("turns", range(6))
def test_closing_while_the_connection_is_put_away(hub: LoopbackHub, turns: int) -> None:
    """That takes a few turns of the loop, and `close` may come in any of them."""

    async def script(chat: AsyncChat) -> None:
        hub.write(KICK)
        while not isinstance(await chat.receive(), Ended):
            pass
        for _ in range(turns):
            await asyncio.sleep(0)
        await chat.close()

    assert steps_of(hub, script)[-1] == "CLOSE"


def test_closing_and_closing_again_before_it_is_done(hub: LoopbackHub) -> None:
    async def script(chat: AsyncChat) -> None:
        await asyncio.gather(*(chat.close() for _ in range(5)))

    assert steps_of(hub, script)[-1] == "CLOSE"


def test_a_loop_that_ends_with_the_chat_open(hub: LoopbackHub) -> None:
    async def script(_chat: AsyncChat) -> None:
        pass

    assert steps_of(hub, script)[-1] == "CLOSE"
