"""A bot that answers private messages with what they say.

Run it beside a hub: ``python examples/echo_bot.py 127.0.0.1 5000``, then write
``:pm echo hello`` as anybody else. It comes back by itself when the hub does.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress

from hubbub.client import Message
from hubbub.client.aio import connect


async def main(host: str, port: int) -> None:
    """Answer until the hub sends us away."""
    async with connect(host, port, name="echo") as chat:
        async for event in chat:
            match event:
                case Message(sender=sender, to="@echo", text=text, own=False):
                    await chat.send(text, to=f"@{sender}")
                case _:
                    pass


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main(sys.argv[1], int(sys.argv[2])))
