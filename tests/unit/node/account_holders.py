"""What cases of accounts do over and over: register, sign in, be refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.node.harness import Client, World, codes

if TYPE_CHECKING:
    from tests.unit.node.harness import Frame

PASSWORD = "correct horse"
OTHER = "battery staple"


def register(client: Client, password: str = PASSWORD) -> None:
    (done,) = client.send("account", action="register", password=password)
    assert done == {"type": "done", "re": "account", "action": "register"}


def sign_in(world: World, name: str, password: str = PASSWORD, **fields: Any) -> Client:
    """Sign in with the JSON dialect, on one more device."""
    client = world.connect()
    welcome, *_ = client.send("hello", name=name, password=password, **fields)
    assert welcome["type"] == "welcome", welcome
    client.token = welcome["token"]
    return client


def refused(world: World, **fields: Any) -> tuple[str, str | None]:
    """Say hello in vain; give the code."""
    (code,) = codes(world.connect().send("hello", **fields))
    return code


def messages(frames: list[Frame]) -> list[Frame]:
    return [frame for frame in frames if frame["type"] == "message"]
