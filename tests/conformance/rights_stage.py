"""The stage on which each role tries each act, with those who are acted upon.

Whether an act happened is asked of the journal: every event has the next `seq`, whoever
may see it. The operator says something before and after, and when these two have
neighbouring numbers, nothing at all has happened between them.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from tests.conformance.acts import PASSWORD, Act, need_victim
from tests.conformance.scene import SPEAKERS
from tests.conformance.speakers.json_lines import JsonSpeaker
from tests.conformance.speakers.wire import LIMIT, Wire
from tests.conformance.speakers.words import Happening, Left, Refused, Said

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conformance.hub_process import HubProcess
    from tests.conformance.speakers.speaker import Speaker

RANKS = ("member", "moderator", "owner")

_MARK = "so far"


def _nobody(_: str) -> bool:
    """Tell that nobody is a stranger here: what happens is the stage's own doing."""
    return False


def seq_of(speaker: JsonSpeaker, text: str) -> int:
    """Give the `seq` of the last message with a text; forget what was read so far."""
    seqs = [frame["seq"] for frame in speaker.received if frame.get("text") == text]
    speaker.received.clear()
    return int(seqs[-1])


class Outcome(NamedTuple):
    """What came of an attempt.

    Attributes:
        told: What the one who asked was told.
        events: How much happened.
    """

    told: list[Happening]
    events: int

    def fault(self, person: Speaker, code: str, *, changes: bool) -> str:
        """Say what is wrong with it; "" for nothing.

        Args:
            person: Who asked.
            code: The refusal that there should be; "" for none.
            changes: Whether something happens where it is not refused.
        """
        refusals = [one for one in self.told if isinstance(one, Refused)]
        if not code:
            done = self.events > 0 if changes else bool(self.told)
            return "" if done and not refusals else f"should be done: {self}"
        refused = len(self.told) == len(refusals) == 1
        if refused and person.knows_refusal(refusals[0], code) and not self.events:
            return ""
        return f"should be refused with {code}: {self}"


class DoorWire(Wire):
    """A connection to the operator's socket in the data folder."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(LIMIT)
        self._socket.connect(str(path))
        # Names the connection in nonces, and all operators are one to the hub.
        self.address = f"door {self._socket.fileno()}"
        self._buffer = bytearray()
        self._scanned = 0


class Stage:
    """What all acts need, and what they are done to.

    Attributes:
        hub: Where it is set.
        door: The operator, by the socket in the data folder.
        rank: An account of each role, whose user is away.
        pal: One more, of a member.
        target: The one of them that is acted upon.
        group: A public group that no one who acts is in.
        private: A private one.
        victim: A guest who is here.
        said: The `seq` of something that a guest said in the lobby.
        free: A name that is nobody's.
        invite: The id of a code that lets somebody in.
    """

    hub: HubProcess
    door: JsonSpeaker
    rank: dict[str, str]
    pal: str
    target: str
    group: str
    private: str
    victim: str
    said: int
    free: str
    invite: int

    def __init__(self, hub: HubProcess) -> None:
        """Set the stage."""
        self.hub = hub
        self.door = self.operator()
        self.rank = {role: self._account(role) for role in RANKS}
        self.pal = self._account("member")
        self.target = self.victim = ""
        self.said = self.invite = 0
        self.free = self.fresh()
        self._host = self.guest("host")
        self._guest: JsonSpeaker | None = None
        self.group, self.private = self.fresh("group"), self.fresh("private")
        self._host.create_group(self.group)
        self._host.order_group("create", self.private, private=True)
        self._host.settle()

    # --- the operator -----------------------------------------------------------------

    def operator(self) -> JsonSpeaker:
        """Open the operator's door."""
        speaker = JsonSpeaker(DoorWire(self.hub.data / "hub.sock"), _nobody)
        speaker.name = "SERVER"
        return speaker

    def order(self, action: str, **fields: object) -> None:
        """Have the operator keep order; it is no harm if there is nothing to do."""
        self.door.order(action, **fields)
        self.door.settle()

    def make_invite(self) -> None:
        """Have a code, which may be revoked."""
        self.invite = self.door.make_invite().id

    def at_terminal(self, line: str) -> str:
        """Type a line at the console; give what it prints up to the next answer."""
        known = len(self.hub.output)
        end = self.fresh("end")
        self.hub.type(line)
        self.hub.type(f":{end}")
        self.hub.await_output(re.compile(f"no command :{end}"))
        return self.hub.output[known:].partition(f"error: there is no command :{end}")[
            0
        ]

    def mark(self) -> int:
        """Have the operator say something; give its `seq`."""
        self.door.post(_MARK)
        self.door.settle()
        return seq_of(self.door, _MARK)

    def fresh(self, base: str = "name") -> str:
        """Make a name that nobody has had."""
        return f"{base}-{next(self.hub.tags)}"

    def _account(self, role: str) -> str:
        name = self.fresh(role)
        self.order("create", name=name, role=role, hash="")
        return name

    # --- those who are acted upon -----------------------------------------------------

    def guest(self, base: str) -> JsonSpeaker:
        """Bring in a guest."""
        speaker = JsonSpeaker(self.hub.connect(), _nobody)
        speaker.join(self.fresh(base))
        return speaker

    def need_victim(self) -> None:
        """Have a guest here to whom nothing has been done yet."""
        if self._guest is None:
            self._guest = self.guest("victim")
        self.victim, self.free = self._guest.name, self.fresh()

    def say(self) -> None:
        """Have a guest say something in the lobby."""
        self._host.settle()
        self._host.say("a message")
        self.said = seq_of(self._host, "a message")

    def close(self) -> None:
        """Leave the hub."""
        self.door.wire.close()

    # --- those who act ----------------------------------------------------------------

    def bring_in(self, role: str, kind: str) -> Speaker:
        """Bring in somebody of a role, who speaks some dialect."""
        if role == "console":
            return self.operator()
        make = SPEAKERS[kind]
        person = make(self.hub.connect(make.wire_type), _nobody)
        if role == "nobody":
            return person
        person.join(self.fresh(role))
        if role != "guest":
            person.register(PASSWORD)
        if role in ("moderator", "owner"):
            self.order("role", name=person.name, role=role)
        person.settle()
        return person

    def send_home(self, *people: Speaker) -> None:
        """Have people leave, and wait until the hub has seen the last of them."""
        for person in people:
            if person.is_here:
                person.say_goodbye()
                while self.door.hear() != Left(person.name, "quit"):
                    pass
            person.wire.close()

    def attempt(
        self, person: Speaker, ask: Callable[[Speaker], None], *, users: bool = False
    ) -> Outcome:
        """Have somebody ask for something.

        Args:
            person: Who.
            ask: For what.
            users: Whether it is the question whose answer else marks the end.
        """
        start = self.mark()
        if not person.name:
            ask(person)
            told = [person.hear()]
        else:
            person.settle()
            ask(person)
            told = [person.hear()] if users else []
            told += person.settle()
        mark = Said("SERVER", "lobby", _MARK)
        told = [happening for happening in told if happening != mark]
        return Outcome(told, self.mark() - start - 1)

    def try_act(self, person: Speaker, act: Act) -> Outcome:
        """Have somebody try an act, and clean up behind them."""
        act.before(self)
        users = act.command == "ListUsers"
        outcome = self.attempt(person, lambda one: act.ask(one, self), users=users)
        self.clean_up(act, outcome.events)
        return outcome

    def clean_up(self, act: Act, events: int) -> None:
        """Undo an act of which so many events came."""
        if events and act.before is need_victim:
            self._guest = None
        act.after(self)
