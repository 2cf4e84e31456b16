"""Coming in: with a free name, with the token of a seat, or to an account."""

from __future__ import annotations

from functools import partial

from hubbub.hub import User
from hubbub.model.answers import Bye, PasswordWanted
from hubbub.model.commands import Hello, Join, Resume, SignIn
from hubbub.model.events import SERVER_ID, UserJoined
from hubbub.model.places import place_of
from hubbub.model.policy import Policy
from hubbub.model.refusals import Code, Refusal
from hubbub.model.secret import Secret
from hubbub.node.access import Access
from hubbub.node.accounts import WRONG
from hubbub.node.bench import UNSTORED, Bench
from hubbub.node.checks import Check, Checks
from hubbub.node.delivery import Entry
from hubbub.node.departures import Departures
from hubbub.node.passwords import is_right, prepare_password
from hubbub.node.seats import find_seat
from hubbub.node.session import Session
from hubbub.node.sessions import Sessions
from hubbub.node.tokens import hash_token

_ALREADY_JOINED = Refusal(Code.ALREADY_JOINED, "you have a name already")

_TOO_MANY_JOINS = Refusal(
    Code.TOO_MANY_JOINS,
    "too many come in from your address at once; try again in a moment",
)


class Entrance:
    """Turns a `Hello` into a session with a user, or into a refusal."""

    def __init__(
        self,
        bench: Bench,
        departures: Departures,
        sessions: Sessions,
        checks: Checks,
        policy: Policy,
        access: Access,
    ) -> None:
        """Join the parts it needs."""
        self._access = access
        self._checks = checks
        self._policy = policy
        self._bench = bench
        self._departures = departures
        self._sessions = sessions

    def hello(self, session: Session, hello: Hello) -> None:
        """Let a session in, have its password checked, or say why not."""
        session.hides = False
        if session.user is not None:
            self._bench.refuse(session, _ALREADY_JOINED, hello)
            return
        if hello.access is not None:
            self._access.hello(session, hello, hello.access)
            return
        session.attempt = hello.attempt
        keeps = session.dialect.keeps_seat
        user, entry = find_seat(
            hello, self._bench.hub, self._bench.journal.id, keeps_seat=keeps
        )
        if user is not None:
            self._resume(session, user, entry)
        elif hello.password is not None:
            self._check(session, hello, hello.password, entry)
        elif self._account(hello.name) is not None or not self._policy.is_open:
            self._ask_password(session, hello.name)
        else:
            self._join(session, hello, entry)

    def _account(self, name: str) -> User | None:
        user = self._bench.hub.find_user(name)
        return user if user is not None and user.is_account else None

    def _ask_password(self, session: Session, name: str) -> None:
        session.hides = True
        # The time to give a name is not the time to find a password.
        session.since = self._bench.now.monotonic
        # Where only members come in, nobody is told which names there are.
        of_hub = self._account(name) is None or self._policy.members_only
        answer = session.dialect.answer(
            PasswordWanted(name, of_hub), self._bench.now.wall
        )
        self._bench.batch.replies.append((session, answer))

    def _check(
        self, session: Session, hello: Hello, password: Secret, entry: Entry
    ) -> None:
        """Check the password of an account, or of the hub.

        Where there is neither, as long is spent on nobody's: how long it takes tells
        nothing of which names there are.
        """
        account = self._account(hello.name)
        if account is not None:
            expected = account.password_hash
        else:
            expected = "" if self._policy.members_only else self._policy.password_hash
        run = partial(is_right, expected, prepare_password(password))

        def then(right: bool | None) -> None:
            now = self._account(hello.name)
            if not right or session.user is not None:
                self._bench.refuse(session, WRONG, hello)
            elif account is None:
                self._join(session, hello, entry)
            elif now is account and now.password_hash == expected:
                self._sign_in(session, account.id, entry)
            else:
                # It was another's, or had another password, before this was found.
                self._bench.refuse(session, WRONG, hello)

        self._checks.start(Check(session, hello, hello.name, run, then))

    def _join(self, session: Session, hello: Hello, entry: Entry) -> None:
        if not session.place.joins.take(self._bench.now.monotonic):
            self._bench.refuse(session, _TOO_MANY_JOINS, hello)
            return
        join = Join(
            hello.name,
            hash_token(entry.token) if entry.token else "",
            session.address,
            session.dialect.name,
            place_of(session.host),
        )
        for event in self._bench.execute(session, SERVER_ID, join):
            if isinstance(event, UserJoined):
                if not entry.behind:
                    entry.after = event.seq
                self._enter(session, event.user, entry)

    def _resume(self, session: Session, user: int, entry: Entry) -> None:
        if not self._bench.storage.works:
            self._bench.refuse(session, UNSTORED, Hello(""))
            return
        place = place_of(session.host)
        no = self._bench.hub.keeps_out(user, place, self._bench.now.wall)
        if no is not None:
            # Before anything is taken from a connection that stands.
            self._bench.refuse(session, no, Hello(""))
            return
        device = hash_token(entry.token)
        standing = [
            other
            for other in self._sessions.of_user.get(user, ())
            if other.device == device
        ]
        if any(0 < session.attempt < other.attempt for other in standing):
            # It was held up on its way, and its client has given it up since.
            bye = Bye("replaced", "a later connection of yours was here first")
            self._sessions.end(session, bye, self._bench.now)
            return
        for other in standing:
            self._sessions.detach(other)
            bye = Bye("replaced", "you came back on another connection")
            self._sessions.end(other, bye, self._bench.now)
        resume = Resume(session.address, session.dialect.name, place)
        self._bench.execute(session, user, resume)
        self._enter(session, user, entry)

    def _sign_in(self, session: Session, user: int, entry: Entry) -> None:
        """Let a session in whose account's password was found to be right."""
        entry.waiting = self._bench.hub.user(user).waiting
        sign_in = SignIn(
            hash_token(entry.token) if entry.token else "",
            session.address,
            session.dialect.name,
            place_of(session.host),
        )
        if self._bench.execute(session, user, sign_in):
            if not entry.behind:
                entry.after = self._bench.hub.state.seq
            self._enter(session, user, entry)

    def _enter(self, session: Session, user: int, entry: Entry) -> None:
        self._sessions.attach(session, user)
        self._departures.taken(user)
        session.device = hash_token(entry.token) if entry.token else ""
        session.dialect.joined()
        session.cursor = entry.after
        entry.start = len(self._bench.batch.events)
        self._bench.batch.joined[session] = entry
