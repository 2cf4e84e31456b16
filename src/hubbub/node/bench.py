"""Where a turn's decisions are made, and noted for the rest of the turn."""

from __future__ import annotations

import msgspec

from hubbub.hub import Hub, Repeated, User, as_posted
from hubbub.journal import Journal, JournalError
from hubbub.model.access import UnderToken
from hubbub.model.answers import Bye, Posted
from hubbub.model.commands import Command, HubCommand, Post, PostOnce
from hubbub.model.events import MESSAGES, SERVER_ID, Event
from hubbub.model.places import place_of
from hubbub.model.policy import Policy
from hubbub.model.refusals import Code, Refusal
from hubbub.model.time import Now
from hubbub.node.delivery import Batch, Exit
from hubbub.node.meter import Meter
from hubbub.node.plan import Work
from hubbub.node.session import Phase, Session
from hubbub.node.storage import Storage

UNSTORED = Refusal(
    Code.STORAGE_UNAVAILABLE,
    "the hub can't write to its disk, so nothing happened; try again in a while",
)
CLOSED = Refusal(
    Code.NOT_ALLOWED,
    "this hub is for those whom it lets in; come in by the page or a client first",
)

# Refusals a second, once there were many. More than are forgotten: it has to end.
_SLOWED_TO = 4

# The hub's own fault, and what has been counted where it was found.
_NOT_COUNTED = frozenset(
    {Code.STORAGE_UNAVAILABLE, Code.TOO_MANY_CONNECTIONS, Code.TOO_MANY_REFUSALS}
)

_REFUSED = Bye("refused", "too much of what you asked for had to be refused")


class Bench:
    """Has the hub decide, and keeps the batch that the turn becomes.

    Attributes:
        hub: Decides.
        journal: Read, for what is to be acknowledged again.
        storage: Says whether anything can be decided at all.
        batch: What this turn has decided so far.
        now: The time of all that happens in this turn.
        finished: Works that are done, with their results.
        woken: Sessions that may go on asking.
    """

    def __init__(
        self, hub: Hub, journal: Journal, storage: Storage, meter: Meter, policy: Policy
    ) -> None:
        """Join the parts it needs."""
        self.hub = hub
        self.journal = journal
        self.storage = storage
        self._meter = meter
        self._policy = policy
        self.batch = Batch()
        self.now = Now(0, 0.0)
        self.finished: list[tuple[Work, object]] = []
        self.woken: dict[Session, None] = {}

    def begin(self, batch: Batch, now: Now) -> None:
        """Begin a turn: what is decided from here on goes into `batch`."""
        self.batch = batch
        self.now = now

    def take_results(self) -> None:
        """Go on with what was worked out beside the turn."""
        finished, self.finished = self.finished, []
        for work, result in finished:
            work.then(result)

    def execute(
        self, session: Session | None, actor: int, command: HubCommand
    ) -> list[Event]:
        """Have the hub decide, and note what follows for the rest of the turn.

        What a session asks that came in with an access token is asked under it.
        """
        if not self.storage.works:
            self.refuse(session, UNSTORED, command)
            return []
        asked = command
        if session is not None and session.access:
            asked = UnderToken(session.access, command, place_of(session.host))
        outcome = self.hub.execute(actor, asked, self.now.wall)
        if isinstance(outcome, list):
            self.batch.commands.append((session, command))
            for event, audience in outcome:
                self.batch.add(event, audience, session)
            events = [event for event, _ in outcome]
            if session is not None and _hears_nothing(session, command):
                self._acknowledge(session, events)
            return events
        if isinstance(outcome, Repeated):
            if session is not None and _hears_nothing(session, command):
                self._post_again(session, actor, command, outcome.seq)
            else:
                self._acknowledge_again(session, outcome.seq, actor, command)
        else:
            self.refuse(session, outcome, command)
        return []

    def _acknowledge(self, session: Session, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, MESSAGES):
                self.batch.done.append((session, Posted(event)))

    def post_once(self, session: Session, command: PostOnce) -> None:
        """Have something said by who does not come in, and tell when it is on disk."""
        if not self._policy.is_open:
            self.refuse(session, CLOSED, command)
            return
        placed = msgspec.structs.replace(command, place=place_of(session.host))
        self.execute(session, SERVER_ID, placed)

    def _post_again(
        self, session: Session, actor: int, command: HubCommand, seq: int
    ) -> None:
        # Another connection may have said it in this very turn: one fate for both.
        self.batch.commands.append((session, command))
        try:
            event = self.batch.find(seq) or self.journal.find(seq)
        except JournalError:
            self.refuse(session, UNSTORED, command)
            return
        if isinstance(event, MESSAGES):
            self.batch.done.append((session, Posted(event)))
            return
        # It is not kept any more, but it was said, and whoever asks has the text.
        if isinstance(command, PostOnce):
            user = User(id=seq, name=command.name, since=self.now.wall)
            said = Post(command.to, command.text, command.nonce)
        else:
            user, said = self.hub.user(actor), _post_in(command)
        again = as_posted(user, said, seq, self.now.wall)
        self.batch.done.append((session, Posted(again)))

    def refuse(
        self,
        session: Session | None,
        refusal: Refusal,
        command: HubCommand | Command | None,
    ) -> None:
        """Tell a session no."""
        if session is not None:
            self._meter.refusals[refusal.code] += 1
            refused = session.dialect.refusal(refusal, command, self.now.wall)
            self.batch.replies.append((session, refused))
            if refusal.code not in _NOT_COUNTED:
                self._count_refusal(session)

    def _count_refusal(self, session: Session) -> None:
        """Slow down who is refused again and again, then close, then keep out."""
        now, place = self.now.monotonic, session.place
        left = session.refused
        is_over = not left.take(now)
        if left.tokens < left.burst / 2:
            session.bucket.tokens -= session.bucket.rate / _SLOWED_TO
        if place.count_refusal(now, self.hub.limits.bar_seconds) or is_over:
            self.batch.leaving[session] = Exit("refused", _REFUSED)

    def _acknowledge_again(
        self, session: Session | None, seq: int, actor: int, command: HubCommand
    ) -> None:
        if session is None or seq > self.journal.last_seq:
            # It was said earlier in this very turn and is acknowledged with it.
            return
        if session.phase is not Phase.LIVE and seq > session.cursor:
            # Catching up will come past it.
            return
        try:
            event = self.journal.find(seq)
        except JournalError:
            self.refuse(session, UNSTORED, command)
            return
        if event is None and isinstance(command, Post):
            # It is not kept any more, but it was said, and whoever asks has the text.
            event = as_posted(self.hub.user(actor), command, seq, self.now.wall)
        if event is not None:
            again = session.writer.event(event, own=True)
            self.batch.replies.append((session, again))


def _hears_nothing(session: Session, command: HubCommand) -> bool:
    """Tell whether no event will show somebody that they have said something."""
    # Mostly it is a message of somebody who hears all that they say.
    if type(command) is Post:
        scoped = session.scoped
        return scoped is not None and not scoped.scope.may_read(command.to)
    return isinstance(command, (PostOnce, UnderToken))


def _post_in(command: HubCommand) -> Post:
    said = command.command if isinstance(command, UnderToken) else command
    assert isinstance(said, Post), "only what is said has a nonce"
    return said
