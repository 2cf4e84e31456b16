"""All sessions of a node: opening, ending, and the watch over the silent and the slow.

Nothing here decides what users may do; it is about connections.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from hubbub.dialects.contract import Dialect, Forwarded, Writer
from hubbub.model.answers import Answer, AreYouThere, Bye, KeepAlive, KeptOut
from hubbub.model.events import SERVER_ID
from hubbub.model.limits import Limits
from hubbub.model.network import Networks, parse_host, shown_address
from hubbub.model.refusals import Code, Refusal
from hubbub.model.time import Now
from hubbub.node.delivery import Departure
from hubbub.node.places import Bucket, Places
from hubbub.node.plan import Plan
from hubbub.node.session import Phase, Session

# How long a connection that was told goodbye may take to close from its side, so that
# the goodbye is read before the reset that follows unread input.
LINGER_SECONDS = 2.0


OpenDialect = Callable[[bool], Dialect]
"""Gives the dialect of a connection that has said nothing yet; told whether what it
will say is encrypted."""


class Sessions:
    """Every open connection, by session and by user.

    Attributes:
        all: Every session that is not gone, in the order they came.
        live: Those that each turn's events are pushed to, by the writer they share.
        behind: Those that read the journal.
        of_user: Each user's sessions, by user id.
        changed: Those with something new to send, in the order it came up.
        departed: Connections that are gone and the hub has not been told of.
        plan: What the engine is to do after this turn.
    """

    def __init__(
        self, open_dialect: OpenDialect, limits: Limits, proxies: Networks
    ) -> None:
        """Know how a new connection's dialect is found, the limits, and the proxies."""
        self._open_dialect = open_dialect
        self._limits = limits
        self.all: dict[Session, None] = {}
        self.live: dict[Writer, dict[Session, None]] = {}
        self.behind: dict[Session, None] = {}
        self.of_user: dict[int, tuple[Session, ...]] = {}
        self.changed: dict[Session, None] = {}
        self.departed: list[Departure] = []
        self.plan = Plan()
        self._proxies = proxies
        self._places = Places(limits)
        # What each user may ask for, on all devices, also right after the last is gone.
        self._buckets: dict[int, Bucket] = {}

    def connect(
        self, host: str, port: int, link: object, now: Now, *, proxied: bool = False
    ) -> Session:
        """Take a new connection in; over a limit, only to refuse it.

        Args:
            host: The network address of the other side.
            port: Its port.
            link: For the engine.
            now: The time.
            proxied: Whether it is a proxy, which has any number of connections.
        """
        places = self._places
        place = (
            places.nowhere(now.monotonic)
            if proxied
            else places.enter(host, now.monotonic)
        )
        session = Session(
            self._open_dialect(False),
            link,
            place,
            self._limits,
            host=host,
            address=shown_address(host, port),
            now=now.monotonic,
        )
        session.proxied = proxied
        self.all[session] = None
        if not proxied:
            self._refuse_if_barred(session, now)
        return session

    def secured(self, session: Session) -> None:
        """Learn that what a connection says is encrypted; it begins anew with that."""
        session.encrypted = True
        session.peer = (session.host, session.address, True)
        session.dialect = self._open_dialect(True)

    def move(self, session: Session, host: str, port: int, now: Now) -> None:
        """Learn from a proxy that a connection is really from another address.

        What it says from now on is the other's own, who is no proxy.
        """
        session.proxied = False
        self._relocate(session, host, port, now)
        self._refuse_if_barred(session, now)

    def forward(
        self, session: Session, forwarded: Forwarded, now: Now
    ) -> Refusal | None:
        """Learn from a proxy for whom the next request is; from others it is nothing.

        Returns:
            Why the request is refused, or None.
        """
        if not session.proxied:
            return None
        host, scheme = self._true_source(forwarded)
        if not host:
            session.host, session.address, session.encrypted = session.peer
            self._places.leave(session.place)
            session.place = self._places.nowhere(now.monotonic)
            return None
        session.encrypted = scheme == "https"
        if host == session.host and session.place.standing:
            return None
        self._relocate(session, host, 0, now)
        return self._bar(session, now)

    def _true_source(self, forwarded: Forwarded) -> tuple[str, str]:
        """Give the farthest address that a named proxy vouches for.

        What stands before it was said by somebody who is not to be believed.
        """
        source = ("", "")
        for source in reversed(forwarded.chain):
            if source[0] not in self._proxies:
                break
        return source if parse_host(source[0]) is not None else ("", "")

    def _relocate(self, session: Session, host: str, port: int, now: Now) -> None:
        self._places.leave(session.place)
        session.place = self._places.enter(host, now.monotonic)
        session.host = host
        session.address = shown_address(host, port)
        session.begin_counting(self._limits, now.monotonic)

    def _refuse_if_barred(self, session: Session, now: Now) -> None:
        refusal = self._bar(session, now)
        if refusal is not None:
            self.push(session, session.writer.refusal(refusal, None, now.wall))
            self.let_go(session, now)

    def _bar(self, session: Session, now: Now) -> Refusal | None:
        """Tell why one more from an address is not let in; None when it is."""
        place, limits = session.place, self._limits
        wait = place.barred_until - now.monotonic
        if wait > 0:
            return Refusal(
                Code.TOO_MANY_REFUSALS,
                "too much that came from your address had to be refused; try again in "
                f"{math.ceil(wait)} seconds",
                seconds=math.ceil(wait),
            )
        if place.standing > limits.connections_per_address:
            return Refusal(
                Code.TOO_MANY_CONNECTIONS,
                "there are too many connections from your address; close one first",
            )
        if not place.connects.take(now.monotonic):
            place.count_refusal(now.monotonic, limits.bar_seconds)
            return Refusal(
                Code.TOO_MANY_CONNECTIONS,
                "too many connections come from your address at once; try again in a "
                "moment",
            )
        return None

    def connect_console(self, dialect: Dialect, link: object, now: Now) -> Session:
        """Take the administrator's console in; it has a user from the start."""
        place = self._places.nowhere(now.monotonic)
        session = Session(dialect, link, place, self._limits, now=now.monotonic)
        self.all[session] = None
        self.attach(session, SERVER_ID)
        self.catch_up(session)
        return session

    def attach(self, session: Session, user: int) -> None:
        """Give a session its user."""
        session.user = user
        if user > SERVER_ID:
            self.share_bucket(session, user)
        self.of_user[user] = (*self.of_user.get(user, ()), session)

    def share_bucket(self, session: Session, user: int) -> None:
        """Have what a session asks for counted with all that a user does."""
        session.bucket = self._buckets.setdefault(user, session.bucket)

    def detach(self, session: Session) -> int | None:
        """Take a session's user away; give the user's id if they are here no more."""
        user = session.user
        session.user = None
        if user is None:
            return None
        rest = tuple(one for one in self.of_user[user] if one is not session)
        if rest:
            self.of_user[user] = rest
        else:
            del self.of_user[user]
        stays = any(one.is_present for one in rest)
        return user if session.is_present and not stays else None

    def push(self, session: Session, data: bytes) -> None:
        """Put bytes into an outbox. Limits are the caller's business."""
        if data:
            session.outbox.push(data)
            self.changed[session] = None

    def answer(self, session: Session, answer: Answer, now: Now) -> None:
        """Put an answer into an outbox."""
        self.push(session, session.dialect.answer(answer, now.wall))

    def leave(self, session: Session, reason: str, *, keep_seat: bool) -> None:
        """Let a session's user go; the hub is told when it next decides."""
        user, device = session.user, "" if keep_seat else session.device
        last = self.detach(session) is not None
        if user is not None and user > SERVER_ID and (last or device):
            self.departed.append(Departure(user, reason, keep_seat, device, last))

    def end(self, session: Session, bye: Bye, now: Now) -> None:
        """Say goodbye; the connection closes when that is out."""
        self.answer(session, bye, now)
        self.let_go(session, now)

    def let_go(self, session: Session, now: Now) -> None:
        """Serve a session no more, and close it once its outbox is empty."""
        session.phase = Phase.ENDING
        self._stop_pushing(session)
        session.view = None
        session.since = now.monotonic
        self.changed[session] = None
        self.resume_reading(session)

    def forget(self, session: Session) -> None:
        """Let go of a connection whose socket is closed."""
        session.phase = Phase.GONE
        if session not in self.all:
            return
        del self.all[session]
        self._stop_pushing(session)
        self.changed.pop(session, None)
        session.outbox.clear()
        session.view = None
        self._places.leave(session.place)

    def fall_behind(self, session: Session, cursor: int) -> None:
        """Stop pushing to a session; it goes on reading the journal after `cursor`."""
        session.phase = Phase.BEHIND
        session.cursor = cursor
        session.view = None
        self._stop_pushing(session)
        self.behind[session] = None

    def catch_up(self, session: Session) -> None:
        """Begin to push again: the session has seen all there is."""
        session.phase = Phase.LIVE
        session.view = None
        self.behind.pop(session, None)
        self.live.setdefault(session.writer, {})[session] = None

    def _stop_pushing(self, session: Session) -> None:
        self.behind.pop(session, None)
        live = self.live.get(session.writer)
        if live is not None:
            live.pop(session, None)
            if not live:
                # Rooms that were followed have writers of their own: let them go.
                del self.live[session.writer]

    def pause_reading(self, session: Session) -> None:
        """Have the engine read no more from a connection for now."""
        if not session.paused:
            session.paused = True
            self.plan.pause.append(session)

    def resume_reading(self, session: Session) -> None:
        """Have the engine read from a connection again."""
        if session.paused:
            session.paused = False
            self.plan.resume.append(session)

    @property
    def bars(self) -> int:
        """How often an address was kept out since the start."""
        return self._places.bars.total

    def take_plan(self) -> Plan:
        """Give the plan made so far, with all that is to be flushed, and begin anew."""
        plan = self.plan
        plan.flush.extend(self.changed)
        self.changed.clear()
        self.plan = Plan()
        return plan

    # --- the watch -------------------------------------------------------------------

    def watch(self, now: Now) -> None:
        """Look at each connection for what should not go on. Called now and then."""
        self._places.forget(now.monotonic)
        self._tell_bars(now)
        for user in [user for user in self._buckets if user not in self.of_user]:
            if self._buckets[user].is_full(now.monotonic):
                del self._buckets[user]
        for session in list(self.all):
            if session.is_console:
                continue
            if session.phase is Phase.ENDING:
                wait = (
                    self._limits.drain_seconds
                    if session.outbox.size and session.stuck_since is None
                    else LINGER_SECONDS
                )
                if now.monotonic - session.since > wait:
                    self.plan.close.append(session)
            elif self._is_stuck(session, now):
                self._drop(session, "slow", "you read too slowly", now)
            else:
                self._keep_alive(session, now)
                self._check_silence(session, now)

    def _tell_bars(self, now: Now) -> None:
        """Tell the console whom the limits keep out: once in a round, however many."""
        networks, count = self._places.bars.take()
        if count:
            told = KeptOut(networks, count, self._limits.bar_seconds)
            for session in self.of_user.get(SERVER_ID, ()):
                self.answer(session, told, now)

    def _is_stuck(self, session: Session, now: Now) -> bool:
        outbox = session.outbox
        if outbox.drained:
            session.told = now.monotonic
        if outbox.drained or not outbox.size:
            # It is full now and then, but what goes in does come out.
            outbox.drained = False
            session.stuck_since = None
        if not outbox.size:
            return False
        if session.stuck_since is None:
            session.stuck_since = now.monotonic
        return now.monotonic - session.stuck_since > self._limits.drain_seconds

    def _keep_alive(self, session: Session, now: Now) -> None:
        """Have a dialect say that it is there, where it has a way to say just that.

        What goes out is not timed as it goes, which would be done for each receiver of
        each message; so this may come a look or two late.
        """
        if session.phase is not Phase.LIVE or session.outbox.size:
            return
        if now.monotonic - session.told >= self._limits.keepalive_seconds:
            session.told = now.monotonic
            self.answer(session, KeepAlive(), now)

    def _check_silence(self, session: Session, now: Now) -> None:
        silence = now.monotonic - session.heard
        limits = self._limits
        if session.phase is Phase.NEW:
            # From the connection on, not from the last byte: who sends one byte a
            # second gives no name either.
            if now.monotonic - session.since > limits.handshake_seconds:
                self._drop(session, "handshake", "no name was given in time", now)
        elif session.paused or silence <= limits.idle_seconds:
            return
        elif not session.asked:
            # A dialect that can't ask writes nothing, and TCP keepalive has to do.
            question = session.dialect.answer(AreYouThere(), now.wall)
            session.asked = bool(question)
            self.push(session, question)
        elif silence > limits.idle_seconds + limits.answer_seconds:
            self._drop(session, "idle", "you did not answer", now)

    def _drop(self, session: Session, code: str, reason: str, now: Now) -> None:
        self.leave(session, code, keep_seat=session.dialect.keeps_seat)
        self.end(session, Bye(code, reason), now)
