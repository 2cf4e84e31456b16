"""The first half of a turn: what was asked is pulled, decided and applied."""

from __future__ import annotations

from typing import assert_never

from hubbub.dialects.contract import Reply, Switch
from hubbub.hub import Hub, Repeated, as_posted
from hubbub.journal import Journal, JournalError
from hubbub.model.answers import Bye, Pinged
from hubbub.model.commands import (
    Command,
    CreateGroup,
    Disconnect,
    EndSeat,
    HangUp,
    Hello,
    HubCommand,
    Join,
    JoinGroup,
    Kick,
    LeaveGroup,
    Ping,
    Pong,
    Post,
    Query,
    Quit,
    Rename,
    Resume,
    Shutdown,
)
from hubbub.model.events import SERVER_ID, Event, UserJoined
from hubbub.model.refusals import Code, Refusal
from hubbub.model.time import Now
from hubbub.node.deadlines import Deadlines
from hubbub.node.delivery import Batch, Entry, Exit
from hubbub.node.seats import find_seat
from hubbub.node.session import Phase, Session
from hubbub.node.sessions import Sessions
from hubbub.node.storage import Storage
from hubbub.node.tokens import hash_token

# What one session, and what all together, may ask in one turn: nobody fills it alone,
# and what a turn holds in memory has a bound.
_REQUESTS_OF_ONE = 256
_REQUESTS_OF_ALL = 8192

# When a session whose outbox is full is looked at again.
_FULL_RETRY_SECONDS = 0.05

UNSTORED = Refusal(
    Code.STORAGE_UNAVAILABLE,
    "the hub can't write to its disk, so nothing happened; try again in a while",
)
NOT_JOINED = Refusal(Code.NOT_JOINED, "say who you are first: give a name")
_ALREADY_JOINED = Refusal(Code.ALREADY_JOINED, "you have a name already")


class Intake:
    """Turns bytes that came in into a batch of events.

    Attributes:
        ready: Sessions that may have a request, in the order they spoke.
        asked: A session's query, to be answered at the end of the turn; until it has
            been, the session asks for nothing else.
    """

    def __init__(
        self,
        hub: Hub,
        journal: Journal,
        storage: Storage,
        sessions: Sessions,
        deadlines: Deadlines,
    ) -> None:
        """Join the parts it needs."""
        self._hub = hub
        self._limits = hub.limits
        self._journal = journal
        self._storage = storage
        self._sessions = sessions
        self._deadlines = deadlines
        self._now = Now(0, 0.0)
        self._batch = Batch()
        self._waiting: dict[Session, None] = {}
        self._seats: dict[int, float] = {}
        self.ready: dict[Session, None] = {}
        self.asked: dict[Session, Query] = {}

    # --- between turns ---------------------------------------------------------------

    def receive(self, session: Session, data: bytes, now: Now) -> None:
        """Take in bytes."""
        session.heard = now.monotonic
        session.asked = False
        session.dialect = session.dialect.receive(data)
        self.ready[session] = None
        if session.dialect.waits and session not in self._waiting:
            self._waiting[session] = None
            self._await_quiet(session)

    def end_of_input(self, session: Session) -> None:
        """Learn that no more will come; what came is still served."""
        session.ended_input = True
        session.dialect = session.dialect.quiet()
        self.ready[session] = None

    def forget(self, session: Session) -> None:
        """Let go of a session that is gone."""
        self.ready.pop(session, None)
        self.asked.pop(session, None)
        self._waiting.pop(session, None)

    def _await_quiet(self, session: Session) -> None:
        when = session.heard + self._limits.quiet_seconds
        self._deadlines.at(when, self._check_quiet, session)

    def _check_quiet(self, session: Session) -> None:
        if session not in self._waiting:
            return
        if not session.is_open or not session.dialect.waits:
            del self._waiting[session]
        elif self._now.monotonic < session.heard + self._limits.quiet_seconds:
            self._await_quiet(session)
        else:
            del self._waiting[session]
            session.dialect = session.dialect.quiet()
            self.ready[session] = None

    # --- the turn --------------------------------------------------------------------

    def begin(self, batch: Batch, now: Now) -> None:
        """Begin a turn: what is decided from here on goes into `batch`."""
        self._batch = batch
        self._now = now

    def decide(self) -> None:
        """Decide who has left and all that was asked, in order."""
        self.decide_departures()
        ready, self.ready = self.ready, {}
        left = _REQUESTS_OF_ALL
        sessions = iter(ready)
        for session in sessions:
            if session.is_open and session not in self.asked:
                left -= self._serve(session)
            if left <= 0:
                break
        # Who had to wait comes first next time.
        self.ready = {**dict.fromkeys(sessions), **self.ready}

    def decide_departures(self) -> None:
        """Decide that those have left whose last connection is gone."""
        if not self._storage.works:
            return
        departed, self._sessions.departed = self._sessions.departed, []
        self._batch.departed.extend(departed)
        for user, reason, keep in departed:
            self._execute(None, user, Disconnect(reason, keep))
            if keep:
                self.keep_seat(user)

    def _serve(self, session: Session) -> int:
        """Serve a session as far as its share of the turn goes; tell how many."""
        allowed = self._allowance(session)
        served = 0
        leaving = self._batch.leaving
        while served < allowed:
            # Pulled one at a time: what a request means can depend on what became of
            # the one before, and the dialect is told that meanwhile.
            request = session.dialect.next()
            if request is None:
                self._served_all(session)
                break
            if isinstance(request, Switch):
                session.dialect = request.dialect
                continue
            served += 1
            if type(request) is Post and session.user is not None:
                self._execute(session, session.user, request)
            elif self._handle(session, request):
                # An answer stands after the turn's events, so what follows a query
                # waits for the next turn; that also bounds what a turn must answer.
                break
            elif session in leaving:
                return served
        else:
            self._wait_for_allowance(session)
        session.tokens -= served
        return served

    def _allowance(self, session: Session) -> int:
        limits = self._limits
        if session.outbox.size > limits.outbox:
            return 0
        if not limits.rate or session.is_console:
            return _REQUESTS_OF_ONE
        elapsed = self._now.monotonic - session.refilled
        session.refilled = self._now.monotonic
        session.tokens = min(limits.burst, session.tokens + elapsed * limits.rate)
        return min(int(session.tokens), _REQUESTS_OF_ONE)

    def _wait_for_allowance(self, session: Session) -> None:
        """Let a session wait: TCP slows the other side down, and nothing is lost."""
        limits = self._limits
        if session.outbox.size > limits.outbox:
            delay = _FULL_RETRY_SECONDS
        elif limits.rate and not session.is_console and session.tokens < limits.burst:
            delay = 1.0 / limits.rate
        else:
            self.ready[session] = None
            return
        self._sessions.pause_reading(session)
        self._deadlines.at(self._now.monotonic + delay, self._serve_later, session)

    def _serve_later(self, session: Session) -> None:
        if session.is_open:
            self.ready[session] = None

    def _served_all(self, session: Session) -> None:
        self._sessions.resume_reading(session)
        if session.ended_input:
            self._batch.leaving[session] = Exit("lost", None)

    def _handle(self, session: Session, request: Command | Refusal | Reply) -> bool:
        """Deal with one request; tell whether it was a query."""
        match request:
            case Post() | CreateGroup() | JoinGroup() | LeaveGroup():
                self._ask_hub(session, request)
            case Kick() | Rename():
                self._ask_hub(session, request)
            case Refusal():
                self.refuse(session, request, None)
            case Reply(data, completes):
                self._batch.replies.append((session, data))
                if completes:
                    session.since = self._now.monotonic
            case Hello():
                self._hello(session, request)
            case Ping() | Pong() | Quit() | HangUp() | Shutdown():
                self._about_connection(session, request)
            case _:
                self.asked[session] = request
                return True
        return False

    def _about_connection(
        self, session: Session, command: Ping | Pong | Quit | HangUp | Shutdown
    ) -> None:
        match command:
            case Ping(id):
                pong = session.dialect.answer(Pinged(id), self._now.wall)
                self._batch.replies.append((session, pong))
            case Pong():
                pass
            case Quit():
                bye = Bye("quit", "goodbye")
                self._batch.leaving[session] = Exit("quit", bye)
            case HangUp():
                self._batch.leaving[session] = Exit("lost", None)
            case Shutdown():
                self._batch.stop = session.is_console
            case _:
                assert_never(command)

    def _ask_hub(self, session: Session, command: HubCommand) -> None:
        if session.user is None:
            self.refuse(session, NOT_JOINED, command)
        else:
            self._execute(session, session.user, command)

    def _execute(
        self, session: Session | None, actor: int, command: HubCommand
    ) -> list[Event]:
        """Have the hub decide, and note what follows for the rest of the turn."""
        if not self._storage.works:
            self.refuse(session, UNSTORED, command)
            return []
        outcome = self._hub.execute(actor, command, self._now.wall)
        if isinstance(outcome, list):
            self._batch.commands.append((session, command))
            for event, audience in outcome:
                self._batch.add(event, audience, session)
            return [event for event, _ in outcome]
        if isinstance(outcome, Repeated):
            self._acknowledge_again(session, outcome.seq, actor, command)
        else:
            self.refuse(session, outcome, command)
        return []

    def refuse(
        self,
        session: Session | None,
        refusal: Refusal,
        command: HubCommand | Command | None,
    ) -> None:
        """Tell a session no."""
        if session is not None:
            write = session.dialect.writer.refusal
            refused = write(refusal, command, self._now.wall)
            self._batch.replies.append((session, refused))

    def _acknowledge_again(
        self, session: Session | None, seq: int, actor: int, command: HubCommand
    ) -> None:
        if session is None or seq > self._journal.last_seq:
            # It was said earlier in this very turn and is acknowledged with it.
            return
        if session.phase is not Phase.LIVE and seq > session.cursor:
            # Catching up will come past it.
            return
        try:
            event = self._journal.find(seq)
        except JournalError:
            self.refuse(session, UNSTORED, command)
            return
        if event is None and isinstance(command, Post):
            # It is not kept any more, but it was said, and whoever asks has the text.
            event = as_posted(self._hub.user(actor), command, seq, self._now.wall)
        if event is not None:
            again = session.dialect.writer.event(event, own=True)
            self._batch.replies.append((session, again))

    # --- coming in -------------------------------------------------------------------

    def _hello(self, session: Session, hello: Hello) -> None:
        if session.user is not None:
            self.refuse(session, _ALREADY_JOINED, hello)
            return
        session.attempt = hello.attempt
        keeps = session.dialect.keeps_seat
        user, entry = find_seat(hello, self._hub, self._journal.id, keeps_seat=keeps)
        if user is not None:
            self._resume(session, user, entry)
            return
        join = Join(
            hello.name,
            hash_token(entry.token) if entry.token else "",
            session.address,
            session.dialect.name,
        )
        for event in self._execute(session, SERVER_ID, join):
            if isinstance(event, UserJoined):
                self._enter(session, event.user, entry)

    def _resume(self, session: Session, user: int, entry: Entry) -> None:
        if not self._storage.works:
            self.refuse(session, UNSTORED, Hello(""))
            return
        standing = self._sessions.of_user.get(user, ())
        if any(0 < session.attempt < other.attempt for other in standing):
            # It was held up on its way, and its client has given it up since.
            bye = Bye("replaced", "a later connection of yours was here first")
            self._sessions.end(session, bye, self._now)
            return
        for other in standing:
            self._sessions.detach(other)
            bye = Bye("replaced", "you came back on another connection")
            self._sessions.end(other, bye, self._now)
        self._execute(session, user, Resume(session.address, session.dialect.name))
        self._enter(session, user, entry)

    def _enter(self, session: Session, user: int, entry: Entry) -> None:
        self._sessions.attach(session, user)
        self._seats.pop(user, None)
        session.dialect.joined()
        session.cursor = entry.after
        entry.start = len(self._batch.events)
        self._batch.joined[session] = entry

    # --- seats -----------------------------------------------------------------------

    def keep_seat(self, user: int) -> None:
        """Give a seat up when its time is over."""
        when = self._now.monotonic + self._limits.seat_seconds
        self._seats[user] = when
        self._deadlines.at(when, self._end_seat, user)

    def settle(self) -> None:
        """Make good for users what an undone turn had settled already.

        Whoever is connected in the restored state and has no session is about to
        leave; and each seat that is kept has its time.
        """
        departed = {user for user, _, _ in self._sessions.departed}
        for user in self._hub.state.users.values():
            if not user.connected:
                if user.id not in self._seats:
                    self.keep_seat(user.id)
            elif user.id not in self._sessions.of_user and user.id not in departed:
                keep = bool(user.token_hash)
                self._sessions.departed.append((user.id, "lost", keep))

    def _end_seat(self, user: int) -> None:
        # Who came back and left again meanwhile has a later deadline than this one.
        when = self._seats.get(user)
        if when is None or when > self._now.monotonic:
            return
        if self._storage.works:
            del self._seats[user]
            self._execute(None, user, EndSeat())
        else:
            self.keep_seat(user)
