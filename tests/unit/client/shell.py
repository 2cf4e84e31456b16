"""A session served by hand, on a clock of the test's own."""

from __future__ import annotations

from typing import Any

from tests.unit.client.fake_hub import FakeHub, Link

from hubbub.client import ClientProtocol, Event, ReconnectPolicy
from hubbub.client.session import Session
from hubbub.client.steps import Open


class Shell:
    """A session, a hub and a clock."""

    def __init__(self, **options: Any) -> None:
        self.now = 100.0
        self.hub = FakeHub()
        self.link: Link | None = None
        policy = ReconnectPolicy(
            every=options.pop("every", 5.0), window=options.pop("window", 120.0)
        )
        protocol = ClientProtocol("alice")
        self.session = Session(protocol, policy, now=self.now, **options)

    def connect(self) -> Shell:
        """Open the connection that the session wants."""
        assert isinstance(self.step(), Open)
        self.link = self.hub.connect()
        self.session.opened(self.now)
        return self.exchange()

    def exchange(self) -> Shell:
        """Carry bytes until all is quiet."""
        assert self.link is not None
        while True:
            out = self.session.outgoing()
            self.link.receive(out)
            back = self.link.take()
            if back:
                self.session.received(back, self.now)
            if not (out or back):
                return self

    def step(self, after: float = 0.0) -> Any:
        """Let time pass, and ask what to do."""
        self.now += after
        return self.session.step(self.now)

    def events(self) -> list[Event]:
        """Take what has come."""
        events = []
        while (event := self.session.inbox.take()) is not None:
            events.append(event)
        return events


def bye(code: str) -> bytes:
    return b'{"type":"bye","code":"%s","reason":"because"}\n' % code.encode()
