"""Access tokens as the operator makes them, by the socket in the data folder."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.conformance.http_client import Answer, ask
from tests.conformance.raw_frames import frame_of, send
from tests.conformance.rights_stage import DoorWire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.conformance.hub_process import HubProcess


def order(hub: HubProcess, **frame: object) -> dict[str, Any]:
    """Have the operator do something with tokens, or keep order; give the answer."""
    with closing(DoorWire(hub.data / "hub.sock")) as door:
        send(door, **frame)
        return frame_of(door, "token", "tokens", "done", "error")


class Token(NamedTuple):
    """A token, and whose it is."""

    secret: str
    id: int
    name: str

    @property
    def header(self) -> dict[str, str]:
        """What shows it (RFC 6750, section 2.1)."""
        return {"Authorization": f"Bearer {self.secret}"}

    def ask(
        self,
        hub: HubProcess,
        method: str,
        target: str,
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Make one request by its right."""
        return ask(hub, method, target, body, {**self.header, **(headers or {})})


def make_token(
    hub: HubProcess,
    name: str,
    *,
    post: tuple[str, ...] = (),
    read: tuple[str, ...] = (),
    **fields: object,
) -> Token:
    """Make a token."""
    frame = {"type": "token", "action": "create", "name": name}
    made = order(hub, **frame, post=post, read=read, **fields)
    assert made["type"] == "token", made
    return Token(made["token"], made["id"], made["name"])


def revoke(hub: HubProcess, token: Token) -> None:
    """Let a token be good no more."""
    assert order(hub, type="token", action="revoke", id=token.id)["type"] == "done"
