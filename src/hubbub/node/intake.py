"""The first half of a turn: what was asked is pulled, decided and applied."""

from __future__ import annotations

from typing import assert_never

from hubbub.dialects.contract import Forwarded, Reply, Switch
from hubbub.hub.access import covers
from hubbub.hub.rights import may, no_right, role_of
from hubbub.model.access import NewToken, UnderToken, WithToken
from hubbub.model.answers import Bye, Pinged
from hubbub.model.commands import (
    AskedCommand,
    ChangePassword,
    Command,
    CreateGroup,
    HangUp,
    Hello,
    HubCommand,
    JoinGroup,
    LeaveGroup,
    LogOutOthers,
    Ping,
    Pong,
    Post,
    PostOnce,
    Query,
    Quit,
    Register,
    Shutdown,
    StaffCommand,
    Unregister,
)
from hubbub.model.events import Event
from hubbub.model.invites import ShowInvite
from hubbub.model.refusals import Code, Refusal
from hubbub.model.roles import Role
from hubbub.model.time import Now
from hubbub.node.access import Access
from hubbub.node.accounts import Accounts
from hubbub.node.bench import Bench
from hubbub.node.deadlines import Deadlines
from hubbub.node.delivery import Exit
from hubbub.node.departures import Departures
from hubbub.node.entrance import Entrance
from hubbub.node.order import Order
from hubbub.node.session import Session
from hubbub.node.sessions import Sessions

# What one session, and what all together, may ask in one turn: nobody fills it alone,
# and what a turn holds in memory has a bound.
_REQUESTS_OF_ONE = 256
_REQUESTS_OF_ALL = 8192

# When a session whose outbox is full is looked at again.
_FULL_RETRY_SECONDS = 0.05

# The same for one whose address has asked for too much. There may be many of them.
_PLACE_RETRY_SECONDS = 0.25

# What concerns the connection alone, and needs no right.
_FREE = (Hello, Ping, Pong, Quit, HangUp, Refusal, Reply)

NOT_JOINED = Refusal(Code.NOT_JOINED, "say who you are first: give a name")


class Intake:
    """Turns bytes that came in into a batch of events.

    Attributes:
        ready: Sessions that may have a request, in the order they spoke.
        asked: A session's query, to be answered at the end of the turn; until it has
            been, the session asks for nothing else.
    """

    def __init__(
        self,
        bench: Bench,
        entrance: Entrance,
        accounts: Accounts,
        access: Access,
        order: Order,
        departures: Departures,
        sessions: Sessions,
        deadlines: Deadlines,
    ) -> None:
        """Join the parts it needs."""
        self._bench = bench
        self._entrance = entrance
        self._accounts = accounts
        self._access = access
        self._order = order
        self._departures = departures
        self._limits = bench.hub.limits
        self._sessions = sessions
        self._deadlines = deadlines
        self._waiting: dict[Session, None] = {}
        # What was asked by somebody who has asked for too much, to be asked again.
        self._held: dict[Session, WithToken] = {}
        self.ready: dict[Session, None] = {}
        self.asked: dict[Session, Query | UnderToken] = {}

    # --- between turns ---------------------------------------------------------------

    def receive(self, session: Session, data: bytes, now: Now) -> None:
        """Take in bytes."""
        session.heard = now.monotonic
        session.asked = False
        try:
            session.dialect = session.dialect.receive(data)
        except Exception as defect:
            self._give_up(session, defect)
            return
        self.ready[session] = None
        if session.dialect.waits and session not in self._waiting:
            self._waiting[session] = None
            self._await_quiet(session)

    def _give_up(self, session: Session, defect: Exception) -> None:
        """Close one connection whose bytes its dialect did not foresee.

        No bytes may do that. Should some do it all the same, they harm whoever sent
        them and nobody else.
        """
        plan = self._sessions.plan
        plan.defects.append(defect)
        plan.close.append(session)

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
        self._held.pop(session, None)

    def _await_quiet(self, session: Session) -> None:
        when = session.heard + self._limits.quiet_seconds
        self._deadlines.at(when, self._check_quiet, session)

    def _check_quiet(self, session: Session) -> None:
        if session not in self._waiting:
            return
        if not session.is_open or not session.dialect.waits:
            del self._waiting[session]
        elif self._bench.now.monotonic < session.heard + self._limits.quiet_seconds:
            self._await_quiet(session)
        else:
            del self._waiting[session]
            session.dialect = session.dialect.quiet()
            self.ready[session] = None

    # --- the turn --------------------------------------------------------------------

    def decide(self) -> None:
        """Decide who has left and all that was asked, in order."""
        self._departures.decide()
        self._bench.take_results()
        woken, self._bench.woken = self._bench.woken, {}
        ready, self.ready = {**self.ready, **woken}, {}
        left = _REQUESTS_OF_ALL
        sessions = iter(ready)
        for session in sessions:
            if session.is_open and not session.busy and session not in self.asked:
                left -= self._serve(session)
            if left <= 0:
                break
        # Who had to wait comes first next time.
        self.ready = {**dict.fromkeys(sessions), **self.ready}

    def _serve(self, session: Session) -> int:
        """Serve a session as far as its share of the turn goes; tell how many."""
        allowed = self._allowance(session)
        served = 0
        leaving = self._bench.batch.leaving
        while served < allowed:
            # Pulled one at a time: what a request means can depend on what became of
            # the one before, and the dialect is told that meanwhile.
            try:
                request = self._held.pop(session, None) or session.dialect.next()
            except Exception as defect:
                self._give_up(session, defect)
                break
            if request is None:
                self._served_all(session)
                break
            if isinstance(request, Switch | Forwarded):
                self._turn_to(session, request)
                continue
            served += 1
            if type(request) is Post and session.user is not None:
                self._bench.execute(session, session.user, request)
            elif self._handle(session, request):
                # An answer stands after the turn's events, so what follows a query
                # waits for the next turn; that also bounds what a turn must answer.
                break
            elif session.busy or session in leaving:
                break
            elif session.bucket.tokens <= served:
                # Being refused costs more, so it may have used up its share.
                allowed = served
        else:
            self._charge(session, served)
            self._wait_for_allowance(session)
            return served
        self._charge(session, served)
        return served

    @staticmethod
    def _charge(session: Session, served: int) -> None:
        session.bucket.tokens -= served
        session.place.requests.tokens -= served

    def _turn_to(self, session: Session, request: Switch | Forwarded) -> None:
        """Go on in another dialect, or for somebody else."""
        if isinstance(request, Switch):
            session.dialect = request.dialect
            return
        refusal = self._sessions.forward(session, request, self._bench.now)
        if refusal is not None:
            # The dialect answers the request with it, and takes no other.
            self._bench.refuse(session, refusal, None)
            self._bench.batch.leaving[session] = Exit("lost", None)

    def _allowance(self, session: Session) -> int:
        if session.outbox.size > self._limits.outbox:
            return 0
        now = self._bench.now.monotonic
        allowed = session.bucket.level(now)
        shared = session.place.requests.level(now)
        if shared < allowed:
            allowed = shared
        if allowed >= _REQUESTS_OF_ONE:
            return _REQUESTS_OF_ONE
        return int(allowed) if allowed > 0 else 0

    def _wait_for_allowance(self, session: Session) -> None:
        """Let a session wait: TCP slows the other side down, and nothing is lost."""
        bucket = session.bucket
        if session.outbox.size > self._limits.outbox:
            delay = _FULL_RETRY_SECONDS
        elif bucket.tokens < 1:
            # Not just what is missing: rounded, that could be waited for without end.
            delay = max(1.0, 1.0 - bucket.tokens) / bucket.rate
        elif session.place.requests.tokens < 1:
            delay = _PLACE_RETRY_SECONDS
        else:
            self.ready[session] = None
            return
        self._sessions.pause_reading(session)
        when = self._bench.now.monotonic + delay
        self._deadlines.at(when, self._serve_later, session)

    def _serve_later(self, session: Session) -> None:
        if session.is_open:
            self.ready[session] = None

    def _served_all(self, session: Session) -> None:
        self._sessions.resume_reading(session)
        if session.ended_input:
            self._bench.batch.leaving[session] = Exit("lost", None)

    def _handle(self, session: Session, request: Command | Refusal | Reply) -> bool:
        """Deal with one request; tell whether it was a query."""
        if session.scoped is not None and not isinstance(request, _FREE):
            no = covers(session.scoped.scope, request)
            if no is not None:
                self._bench.refuse(session, no, request)
                return False
        return self._do(session, request)

    def _do(self, session: Session, request: Command | Refusal | Reply) -> bool:
        if isinstance(request, StaffCommand | AskedCommand | JoinGroup):
            self._keep_order(session, request)
            return False
        match request:
            case Post() | CreateGroup() | LeaveGroup():
                self._ask_hub(session, request)
            case PostOnce():
                self._bench.post_once(session, request)
            case NewToken() | WithToken():
                return self._do_with_token(session, request)
            case Register() | ChangePassword() | Unregister() | LogOutOthers():
                self._accounts.handle(session, request)
            case Refusal() | Reply():
                self._answer(session, request)
            case Hello() | ShowInvite():
                self._entrance.handle(session, request)
            case Ping() | Pong() | Quit() | HangUp() | Shutdown():
                self._about_connection(session, request)
            case _:
                self.asked[session] = request
                return True
        return False

    def _answer(self, session: Session, answer: Refusal | Reply) -> None:
        """Pass on what a dialect answers by itself."""
        if isinstance(answer, Refusal):
            self._bench.refuse(session, answer, None)
            return
        self._bench.batch.replies.append((session, answer.data))
        if answer.completes:
            session.since = self._bench.now.monotonic

    def _do_with_token(self, session: Session, request: NewToken | WithToken) -> bool:
        if isinstance(request, NewToken):
            self._access.new(session, request)
            return False
        left = self._access.once(session, request)
        if isinstance(left, UnderToken):
            self.asked[session] = left
        elif left is not None:
            self._hold(session, left)
        return left is not None

    def _hold(self, session: Session, request: WithToken) -> None:
        """Let a request wait until its user may ask for it; it was not served yet."""
        self._held[session] = request
        self._charge(session, -1)
        self._wait_for_allowance(session)

    def _about_connection(
        self, session: Session, command: Ping | Pong | Quit | HangUp | Shutdown
    ) -> None:
        match command:
            case Ping(id):
                pong = session.dialect.answer(Pinged(id), self._bench.now.wall)
                self._bench.batch.replies.append((session, pong))
            case Pong():
                pass
            case Quit():
                bye = Bye("quit", "goodbye")
                self._bench.batch.leaving[session] = Exit("quit", bye)
            case HangUp():
                self._bench.batch.leaving[session] = Exit("lost", None)
            case Shutdown():
                self._shut_down(session)
            case _:
                assert_never(command)

    def _keep_order(
        self, session: Session, command: StaffCommand | AskedCommand | JoinGroup
    ) -> None:
        actor = session.user
        if actor is None:
            self._bench.refuse(session, NOT_JOINED, command)
        elif isinstance(command, JoinGroup):
            self._order.join_group(session, actor, command)
        elif isinstance(command, AskedCommand):
            self._order.ask(session, actor, command)
        else:
            self._order.act(session, actor, command)

    def _shut_down(self, session: Session) -> None:
        actor = session.user
        role = Role.NOBODY if actor is None else role_of(self._bench.hub.state, actor)
        if may(role, Shutdown):
            self._bench.batch.stop = True
        else:
            self._bench.refuse(session, no_right(role, Shutdown), Shutdown())

    def _ask_hub(self, session: Session, command: HubCommand) -> list[Event]:
        if session.user is None:
            self._bench.refuse(session, NOT_JOINED, command)
            return []
        return self._bench.execute(session, session.user, command)
