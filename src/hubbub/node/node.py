"""The turn: the order in which everything happens, in one function."""

from __future__ import annotations

from hubbub.dialects.contract import Dialect
from hubbub.hub import Hub
from hubbub.journal import Journal, JournalError
from hubbub.model.access import TokenRevoked
from hubbub.model.acts import BanSet
from hubbub.model.answers import Bye
from hubbub.model.events import AccountClosed
from hubbub.model.invites import InviteWay
from hubbub.model.policy import Policy
from hubbub.model.time import Now
from hubbub.node.access import Access
from hubbub.node.accounts import Accounts
from hubbub.node.bench import UNSTORED, Bench
from hubbub.node.checks import Checks
from hubbub.node.deadlines import Deadlines
from hubbub.node.delivery import Batch, Departure
from hubbub.node.departures import Departures
from hubbub.node.entrance import Entrance
from hubbub.node.intake import Intake
from hubbub.node.meter import Meter
from hubbub.node.order import Order
from hubbub.node.plan import Plan, Work
from hubbub.node.session import Phase, Session
from hubbub.node.sessions import OpenDialect, Sessions
from hubbub.node.storage import SNAPSHOT_EVERY, Commit, Storage
from hubbub.node.telling import Telling

_RETRY_STORAGE_SECONDS = 0.5

# How often connections are looked over, at the most; shorter limits want it oftener.
_WATCH_SECONDS = 2.0

# How often old events are looked for, at the most, and the pause between two steps of
# removing them: a step takes a few milliseconds of a turn.
_RETAIN_SECONDS = 60.0
_RETAIN_STEP_SECONDS = 0.02


# After these somebody's access token may be good no more.
_END_TOKENS = (TokenRevoked, AccountClosed, BanSet)

_OPEN = Policy()
_UNKNOWN_WAY = InviteWay()


class Node:
    """Drives the hub with what comes from connections, in turns.

    An engine calls `connect`, `receive` and `end_of_input` as sockets become ready,
    then `turn`, then does what the plan says. All calls come from one thread at a
    time, and each brings the time.
    """

    def __init__(
        self,
        hub: Hub,
        journal: Journal,
        open_dialect: OpenDialect,
        *,
        policy: Policy = _OPEN,
        snapshot_every: int = SNAPSHOT_EVERY,
        keep_seconds: float | None = None,
        meter: Meter | None = None,
        commit: Commit | None = None,
        way: InviteWay = _UNKNOWN_WAY,
    ) -> None:
        """Join the parts.

        Args:
            hub: As it comes out of the journal.
            journal: Where events go.
            open_dialect: Gives the dialect of a connection that has said nothing yet.
            policy: Who may come in, and how.
            snapshot_every: Events between two snapshots of the state.
            keep_seconds: How long events are kept; None means for ever.
            meter: Counts what happens.
            commit: Does each commit that it is given, and may time it.
            way: Where those come who are invited, and programs.
        """
        self.hub = hub
        self._sessions = Sessions(open_dialect, hub.limits, policy.proxies)
        self._deadlines = Deadlines()
        self._meter = meter or Meter()
        self._storage = Storage(hub, journal, snapshot_every, commit)
        self._bench = Bench(hub, journal, self._storage, self._meter, policy)
        self._departures = Departures(self._bench, self._sessions, self._deadlines)
        checks = Checks(self._bench, self._sessions, self._deadlines, policy)
        self._access = Access(
            self._bench, self._departures, self._sessions, checks, way.url
        )
        entrance = Entrance(
            self._bench, self._departures, self._sessions, checks, policy, self._access
        )
        accounts = Accounts(self._bench, checks)
        self._intake = Intake(
            self._bench,
            entrance,
            accounts,
            self._access,
            Order(self._bench, journal, self._sessions, checks, way),
            self._departures,
            self._sessions,
            self._deadlines,
        )
        self._telling = Telling(
            hub, self._storage, journal, self._sessions, self._meter, policy
        )
        self._stop = False
        self._now = Now(0, 0.0)
        # Whether those who are behind may read on; not for a while after it failed.
        self._reads = True
        self._keep_seconds = keep_seconds
        # Whether this turn is to remove old events, and is the first of a round.
        self._retains = self._retains_first = False

    # --- what an engine tells --------------------------------------------------------

    def start(self, now: Now) -> None:
        """Begin: whoever was connected when the hub stopped is not any more."""
        self._now = now
        self._bench.begin(Batch(), now)
        for user in self.hub.state.users.values():
            if user.connected:
                keep = bool(user.tokens)
                self._sessions.departed.append(Departure(user.id, "restart", keep))
            elif not user.is_account:
                self._departures.keep_seat(user.id)
        self._set_watch()
        self._set_retention(first=True)

    def connect(
        self, host: str, port: int, link: object, now: Now, *, proxied: bool = False
    ) -> Session:
        """Take in a connection that was accepted; `proxied` if by a trusted proxy."""
        return self._sessions.connect(host, port, link, now, proxied=proxied)

    def move(self, session: Session, host: str, port: int, now: Now) -> None:
        """Learn from a proxy for whom it has opened a connection."""
        self._sessions.move(session, host, port, now)

    def secured(self, session: Session) -> None:
        """Learn that a connection that has said nothing yet is encrypted."""
        self._sessions.secured(session)

    def connect_console(self, dialect: Dialect, link: object, now: Now) -> Session:
        """Take in the administrator's console."""
        return self._sessions.connect_console(dialect, link, now)

    def receive(self, session: Session, data: bytes, now: Now) -> None:
        """Take in bytes a connection sent."""
        self._meter.received += len(data)
        if session.is_open:
            self._intake.receive(session, data, now)

    def end_of_input(self, session: Session) -> None:
        """Learn that a connection will send no more: closed, reset or half closed."""
        if session.is_open:
            self._intake.end_of_input(session)
        else:
            session.ended_input = True
            self._sessions.changed[session] = None

    def closed(self, session: Session) -> None:
        """Learn that the engine has closed the socket."""
        if session.is_open:
            keep = session.dialect.keeps_seat
            self._sessions.leave(session, "lost", keep_seat=keep)
        self._intake.forget(session)
        self._sessions.forget(session)

    def done(self, work: Work, result: object) -> None:
        """Learn the result of a work of a plan; None when it has failed."""
        self._bench.finished.append((work, result))

    def took(self, seconds: float, sent: int) -> None:
        """Learn how long the last turn took, and how many bytes were ever sent."""
        self._meter.took(seconds, sent)

    def shut_down(self) -> None:
        """End the hub with the next turn."""
        self._stop = True

    @property
    def has_work(self) -> bool:
        """Whether a turn would do something at once."""
        sessions = self._sessions
        return bool(
            self._stop
            or self._intake.ready
            or self._bench.finished
            or sessions.changed
            or (sessions.departed and self._storage.works)
            or (
                self._reads
                and any(not session.outbox.size for session in sessions.behind)
            )
        )

    def next_deadline(self) -> float | None:
        """Give when the next turn is due by itself, in monotonic seconds."""
        return self._deadlines.next()

    # --- the turn --------------------------------------------------------------------

    def turn(self, now: Now) -> Plan:
        """Do all that is to be done now.

        Decide everything that was asked against the state; put what follows on disk in
        one transaction; and only then let anybody know.

        Args:
            now: The time of all that happens in this turn.

        Returns:
            What the engine is to do with its sockets.
        """
        self._now = now
        batch = Batch()
        self._bench.begin(batch, now)
        self._deadlines.run(now.monotonic)

        self._intake.decide()
        if batch.events and not self._storage.append(batch.events):
            self._undo(batch)

        self._telling.welcome(batch, now)
        if batch.events:
            self._meter.count(batch, sum(map(len, self._sessions.live.values())))
            self._telling.deliver(batch)
            self._telling.follow_up(batch, now)
            if any(isinstance(event, _END_TOKENS) for event in batch.events):
                self._access.end_sessions()
        self._telling.reply(batch, now)
        self._catch_up()
        self._answer()
        for session, _ in batch.done:
            # What it asks for next may have waited for this answer.
            self._intake.ready[session] = None

        if self._stop or batch.stop:
            self._say_goodbye()
        elif self._retains:
            self._retain()
        return self._sessions.take_plan()

    def _answer(self) -> None:
        """Answer queries; those of a session that is behind wait for what it missed."""
        asked, self._intake.asked = self._intake.asked, {}
        for session, query in asked.items():
            if session.phase is Phase.BEHIND:
                self._intake.asked[session] = query
            elif session.is_open:
                self._telling.answer(session, query, self._now)
                self._intake.ready[session] = None

    def _undo(self, batch: Batch) -> None:
        """Let nothing of this turn have happened, and tell those who asked."""
        self._expect_storage()
        for session in batch.joined:
            self._sessions.detach(session)
            session.access, session.scoped = "", None
            session.dialect.unjoined()
        for asker, command in batch.commands:
            self._bench.refuse(asker, UNSTORED, command)
            if asker is not None:
                self._intake.ready[asker] = None
        batch.forget_events()
        self._sessions.departed[:0] = batch.departed
        if self._storage.restored:
            self._departures.settle()

    def _catch_up(self) -> None:
        if not self._reads:
            return
        try:
            self._telling.catch_up(self._now)
        except JournalError:
            # One page that can't be read is no reason to refuse what can be written.
            self._reads = False
            when = self._now.monotonic + _RETRY_STORAGE_SECONDS
            self._deadlines.at(when, self._read_again, self)

    def _read_again(self, _node: Node) -> None:
        self._reads = True

    def _expect_storage(self) -> None:
        when = self._now.monotonic + _RETRY_STORAGE_SECONDS
        self._deadlines.at(when, self._try_storage, self)

    def _try_storage(self, _node: Node) -> None:
        untold = self._storage.try_again()
        if untold is not None:
            for session in self._sessions.all:
                if session.phase is Phase.LIVE:
                    # Who caught up meanwhile has read them.
                    cursor = max(untold, session.cursor)
                    self._sessions.fall_behind(session, cursor)
        if self._storage.works:
            self._departures.settle()
        else:
            self._expect_storage()

    def _set_watch(self) -> None:
        limits = self.hub.limits
        waits = (
            limits.handshake_seconds,
            limits.idle_seconds,
            limits.answer_seconds,
            limits.keepalive_seconds,
            limits.drain_seconds,
        )
        delay = min(_WATCH_SECONDS, *(wait / 4 for wait in waits))
        self._deadlines.at(self._now.monotonic + delay, self._watch, self)

    def _watch(self, _node: Node) -> None:
        self._sessions.watch(self._now)
        self._access.end_sessions()
        self._set_watch()

    def _set_retention(self, *, first: bool) -> None:
        keep = self._keep_seconds
        if keep is None:
            return
        delay = min(_RETAIN_SECONDS, keep / 10) if first else _RETAIN_STEP_SECONDS
        call = self._begin_retention if first else self._go_on_with_retention
        self._deadlines.at(self._now.monotonic + delay, call, self)

    def _begin_retention(self, _node: Node) -> None:
        self._retains = self._retains_first = True

    def _go_on_with_retention(self, _node: Node) -> None:
        self._retains = True

    def _retain(self) -> None:
        """Remove some of what is older than is to be kept, and come back for more."""
        keep = self._keep_seconds
        if keep is not None:
            before = self._now.wall - int(keep * 1000)
            more = self._storage.retain(before, first=self._retains_first)
            self._set_retention(first=not more)
        self._retains = self._retains_first = False

    def _say_goodbye(self) -> None:
        bye = Bye("shutdown", "the hub is shutting down")
        for session in list(self._sessions.all):
            if session.is_open and not session.is_console:
                self._sessions.end(session, bye, self._now)
        self._sessions.plan.stop = True
