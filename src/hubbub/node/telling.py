"""The second half of a turn: what is on disk by now is told to whom it is for."""

from __future__ import annotations

from itertools import islice
from typing import Any

from hubbub.dialects.contract import Writer
from hubbub.hub import EVERYONE, Hub, View
from hubbub.journal import Journal, JournalError
from hubbub.model.access import UnderToken
from hubbub.model.acts import BanSet
from hubbub.model.answers import (
    Answer,
    Bye,
    Health,
    Observing,
    Present,
    Waiting,
    Welcome,
)
from hubbub.model.commands import Query
from hubbub.model.events import (
    MESSAGES,
    NOBODY_ID,
    SERVER_ID,
    DirectPosted,
    GroupJoined,
    OthersLoggedOut,
    UserKicked,
)
from hubbub.model.places import place_of
from hubbub.model.policy import Policy
from hubbub.model.public import CheckHealth, Observe, ReadLobby, ReadMetrics, WhoIsHere
from hubbub.model.refusals import Code, Refusal
from hubbub.model.time import Now
from hubbub.node.answers import answer_query, group_as_room, group_names, rooms_of
from hubbub.node.bench import CLOSED, UNSTORED
from hubbub.node.delivery import Batch, Entry, Sheet, mark_sessions
from hubbub.node.meter import Meter
from hubbub.node.outbox import push_to_all
from hubbub.node.session import Phase, Session
from hubbub.node.sessions import Sessions
from hubbub.node.storage import Storage

# Events read at once for a session that is behind, and how many such reads one turn
# does, so that catching up many does not keep the others waiting.
_CATCH_UP_EVENTS = 512
_CATCH_UPS_A_TURN = 4

_SAID = frozenset(MESSAGES)


UNREAD = Refusal(
    Code.STORAGE_UNAVAILABLE,
    "the messages that waited for you can't be read now; ask for the history later",
)


def is_public(query: Query) -> bool:
    """Tell whether a query lets who is not in hear what is said, or see who is."""
    return isinstance(query, (Observe, ReadLobby, WhoIsHere))


class Telling:
    """Fills outboxes from a stored batch, from queries and from the journal."""

    def __init__(
        self,
        hub: Hub,
        storage: Storage,
        journal: Journal,
        sessions: Sessions,
        meter: Meter,
        policy: Policy,
    ) -> None:
        """Join the parts it reads, and the sessions it writes to."""
        self._hub = hub
        self._limits = hub.limits
        self._storage = storage
        self._journal = journal
        self._sessions = sessions
        self._meter = meter
        self._policy = policy
        self._names: tuple[int, tuple[str, ...]] = (-1, ())

    def welcome(self, batch: Batch, now: Now) -> None:
        """Let those in who got a name in this turn."""
        for session, entry in batch.joined.items():
            if session.user in self._hub.state.users and session.is_open:
                self._welcome(session, session.user, entry, now)

    def _welcome(self, session: Session, user_id: int, entry: Entry, now: Now) -> None:
        user = self._hub.user(user_id)
        welcome = Welcome(
            user=user.id,
            name=user.name,
            token=entry.token,
            seq=entry.after,
            resumed=entry.resumed,
            groups=group_names(self._hub, user.id),
            users=self._names_present(),
            role=user.role,
            rooms=rooms_of(self._hub, user.id),
        )
        if session.scoped is not None:
            welcome = session.scoped.welcome(welcome)
        self._sessions.answer(session, welcome, now)
        if entry.behind:
            self._sessions.fall_behind(session, entry.after)
        else:
            self._sessions.catch_up(session)
            self._show_waiting(session, entry.waiting, now)

    def _show_waiting(
        self, session: Session, waiting: tuple[int, ...], now: Now
    ) -> None:
        """Show the private messages that waited for an account's user."""
        try:
            events = [self._journal.find(seq) for seq in waiting]
        except JournalError:
            write = session.writer.refusal
            self._sessions.push(session, write(UNREAD, None, now.wall))
            return
        messages = tuple(
            event
            for event in events
            if isinstance(event, DirectPosted)
            and (session.scoped is None or session.scoped.shows(event, own=False))
        )
        if messages:
            self._sessions.answer(session, Waiting(messages), now)

    def _names_present(self) -> tuple[str, ...]:
        # Sorted once a turn, however many are let in.
        seq, names = self._names
        if seq != self._hub.state.seq:
            names = self._hub.names_present()
            self._names = (self._hub.state.seq, names)
        return names

    def deliver(self, batch: Batch) -> None:
        """Push the turn's events to everyone who is live."""
        sessions = self._sessions
        marks = mark_sessions(batch, sessions.of_user)
        sheets: dict[Writer, Sheet] = {}
        # Those who came in during the turn, and those who see something of their own.
        apart = {**marks, **batch.joined}
        before = batch.events[0].seq - 1
        limit = self._limits.outbox
        if EVERYONE in batch.audiences:
            for writer, live in list(sessions.live.items()):
                sheet = sheets[writer] = Sheet(writer, batch)
                if sheet.blob and live:
                    full = push_to_all(live, sheet.blob, limit, apart)
                    sessions.changed.update(live)
                    for session in full:
                        sessions.fall_behind(session, before)
        joined = batch.joined
        changed = sessions.changed
        for session in apart:
            if session.phase is not Phase.LIVE:
                continue
            scoped = session.scoped
            writer = session.dialect.writer if scoped is None else scoped
            own_sheet = sheets.get(writer)
            if own_sheet is None:
                own_sheet = sheets[writer] = Sheet(writer, batch)
            start = joined[session].start if session in joined else 0
            data = own_sheet.for_one(start, marks.get(session, ()))
            outbox = session.outbox
            if outbox.size and outbox.size + len(data) > limit:
                sessions.fall_behind(session, before + start)
            elif data:
                outbox.push(data)
                changed[session] = None

    def reply(self, batch: Batch, now: Now) -> None:
        """Tell single sessions what is for them, and let go of those who leave."""
        for session, answer in batch.done:
            if session.is_open:
                self._sessions.answer(session, answer, now)
        for session, data in batch.replies:
            if session.is_open:
                self._sessions.push(session, data)
        for session, going in batch.leaving.items():
            if not session.is_open:
                continue
            keep = session.dialect.keeps_seat and going.reason != "quit"
            self._sessions.leave(session, going.reason, keep_seat=keep)
            if going.bye is not None:
                self._sessions.answer(session, going.bye, now)
            self._sessions.let_go(session, now)

    def follow_up(self, batch: Batch, now: Now) -> None:
        """Do what follows from some events for single sessions.

        Those who were kicked, or logged out elsewhere, are ended; who has joined a
        group is told how it stands.
        """
        for event, origin in zip(batch.events, batch.origins, strict=True):
            if type(event) in _SAID:
                continue
            match event:
                case OthersLoggedOut(user=user):
                    self._log_out(user, origin, now)
                case BanSet():
                    self._stop_observers(now)
                case GroupJoined(user=user):
                    for session in self._sessions.of_user.get(user, ()):
                        # Who is behind hears of the joining itself only later.
                        if session.phase is Phase.LIVE:
                            self._describe(session, event, now)
                case UserKicked():
                    self._put_out(event, now)
                case _:
                    pass

    def _put_out(self, kicked: UserKicked, now: Now) -> None:
        reason = f": {kicked.reason}" if kicked.reason else ""
        how = "banned" if kicked.banned else "kicked"
        bye = Bye(how, f"you were {how}{reason}")
        for session in self._sessions.of_user.get(kicked.user, ()):
            if session.phase is not Phase.LIVE:
                writer = session.writer
                self._sessions.push(session, writer.event(kicked, own=True))
            self._sessions.detach(session)
            self._sessions.end(session, bye, now)

    def _describe(self, session: Session, joined: GroupJoined, now: Now) -> None:
        """Tell how a group stands by now to who has been shown that they joined it."""
        if session.scoped is not None and not session.scoped.shows(joined, own=True):
            return
        group = self._hub.state.groups.get(joined.group_id)
        if group is not None and joined.user in group.members:
            room = group_as_room(self._hub, group, joined.user)
            if not room.is_plain:
                self._sessions.answer(session, room, now)

    def _stop_observers(self, now: Now) -> None:
        """End what is followed, without coming in, from where a ban holds by now."""
        for session in self._sessions.of_user.get(NOBODY_ID, ()):
            no = self._hub.keeps_place_out(place_of(session.host), now.wall)
            if no is not None:
                self._sessions.detach(session)
                self._sessions.end(session, Bye("banned", no.text), now)

    def _log_out(self, user: int, keep: Session | None, now: Now) -> None:
        bye = Bye("logged_out", "you were logged out on this device; sign in again")
        for session in self._sessions.of_user.get(user, ()):
            # A token is not logged out with a password.
            if session is not keep and not session.access:
                self._sessions.leave(session, "quit", keep_seat=False)
                self._sessions.end(session, bye, now)

    def answer(self, session: Session, query: Query | UnderToken, now: Now) -> None:
        """Answer a query, from what is stored by now."""
        if session.access and not isinstance(query, UnderToken):
            query = UnderToken(session.access, query, place_of(session.host))
        if isinstance(query, UnderToken):
            self._answer_under(session, query, now)
            return
        no = self._keeps_out(session, now) if is_public(query) else None
        if no is not None:
            self._refuse(session, no, query, now)
            return
        if isinstance(query, Observe) and session.user is None:
            self._observe(session, query, now)
            return
        own = self._own_answer(query)
        if own is not None:
            self._sessions.answer(session, own, now)
            return
        actor = NOBODY_ID if session.user is None else session.user
        self._look_up(session, actor, query, now)

    def _answer_under(self, session: Session, under: UnderToken, now: Now) -> None:
        """Answer what is asked by the right of a token, if it still is one."""
        token = self._hub.find_token(under.token, now.wall)
        actor = NOBODY_ID if token is None else token.user
        no = self._hub.keeps_from(actor, under, now.wall)
        query: Any = under.command
        if no is None:
            self._look_up(session, actor, query, now)
        else:
            self._refuse(session, no, query, now)

    def _look_up(self, session: Session, actor: int, query: Query, now: Now) -> None:
        try:
            reply = answer_query(self._hub, self._journal, actor, query, now.wall)
        except JournalError:
            reply = UNSTORED
        if isinstance(reply, Refusal):
            self._refuse(session, reply, query, now)
        else:
            self._sessions.answer(session, reply, now)

    def _refuse(
        self, session: Session, refusal: Refusal, query: Query, now: Now
    ) -> None:
        self._meter.refusals[refusal.code] += 1
        refused = session.dialect.refusal(refusal, query, now.wall)
        self._sessions.push(session, refused)

    def _keeps_out(self, session: Session, now: Now) -> Refusal | None:
        """Say why who has not come in hears nothing of the lobby; None: they do."""
        if session.user is not None:
            return None
        if not self._policy.is_open:
            return CLOSED
        return self._hub.keeps_place_out(place_of(session.host), now.wall)

    def _own_answer(self, query: Query) -> Answer | None:
        """Answer what is asked of the node itself, and by anybody."""
        match query:
            case WhoIsHere():
                observers = len(self._sessions.of_user.get(NOBODY_ID, ()))
                return Present(self._names_present(), observers)
            case CheckHealth():
                return Health(self._storage.works)
            case ReadMetrics():
                return self._meter.read(self._sessions.all, self._sessions.bars)
            case _:
                return None

    def _observe(self, session: Session, query: Observe, now: Now) -> None:
        """Let a session hear what everyone hears, without a user of its own."""
        last = self._journal.last_seq
        after = last if query.after is None else min(query.after, last)
        self._sessions.attach(session, NOBODY_ID)
        self._sessions.answer(session, Observing(after), now)
        if after < last:
            self._sessions.fall_behind(session, after)
        else:
            self._sessions.catch_up(session)

    def catch_up(self, now: Now) -> None:
        """Show the next page of the journal to some of those who are behind.

        Raises:
            JournalError: The journal can't be read now.
        """
        behind = self._sessions.behind
        drained = (one for one in list(behind) if not one.outbox.size)
        for session in islice(drained, _CATCH_UPS_A_TURN):
            # To the end of the line, so that everybody gets their share.
            del behind[session]
            behind[session] = None
            if session.user is not None:
                self._read_on(session, session.user, now)

    def _read_on(self, session: Session, user: int, now: Now) -> None:
        events = self._journal.read(session.cursor, _CATCH_UP_EVENTS)
        if events and (session.view is None or events[0].seq > session.cursor + 1):
            session.view = self._view(user, events[0].seq - 1)
        if not events:
            session.cursor = self._journal.last_seq
        writer = session.writer
        pieces: list[bytes] = []
        joined: list[GroupJoined] = []
        size = 0
        for event in events:
            session.cursor = event.seq
            if session.view is not None and session.view.sees(event):
                own = getattr(event, "user", None) == user
                if own and isinstance(event, GroupJoined):
                    joined.append(event)
                pieces.append(writer.event(event, own=own))
                size += len(pieces[-1])
                if size > self._limits.outbox // 2:
                    break
        self._sessions.push(session, b"".join(pieces))
        for event in joined:
            self._describe(session, event, now)
        if session.cursor >= self._journal.last_seq:
            self._sessions.catch_up(session)

    def _view(self, user: int, cursor: int) -> View:
        """Rebuild what a user might see after `cursor`, where the reading begins.

        Raises:
            JournalError: The journal can't be read, or what comes right after `cursor`
                has been removed meanwhile, and with it perhaps the user's own coming
                and going.
        """
        later = self._journal.memberships(user, cursor)
        if self._journal.find(cursor + 1) is None:
            raise JournalError(f"event {cursor + 1} has just been removed")
        groups = self._hub.user(user).groups if user > SERVER_ID else ()
        return View.at(user, groups, later, staff=user in self._hub.state.staff)
