"""Coming in: with a free name, an invitation, a seat's token, or to an account."""

from __future__ import annotations

from functools import partial

from hubbub.hub import User
from hubbub.model.answers import Bye, PasswordWanted
from hubbub.model.commands import Hello, Join, Resume, SignIn
from hubbub.model.events import SERVER_ID, UserJoined
from hubbub.model.invites import JoinInvited, NameWanted, ShowInvite, parse_code
from hubbub.model.places import place_of
from hubbub.model.policy import Policy
from hubbub.model.refusals import NO_INVITE, Code, Refusal
from hubbub.model.secret import Secret
from hubbub.node.access import Access
from hubbub.node.accounts import WRONG
from hubbub.node.bench import UNSTORED, Bench
from hubbub.node.checks import Check, Checks
from hubbub.node.delivery import Entry
from hubbub.node.departures import Departures
from hubbub.node.passwords import (
    check_new_password,
    hash_password,
    is_right,
    prepare_password,
)
from hubbub.node.seats import find_seat
from hubbub.node.session import Session
from hubbub.node.sessions import Sessions
from hubbub.node.tokens import hash_token

_ALREADY_JOINED = Refusal(Code.ALREADY_JOINED, "you have a name already")

_TOO_MANY_JOINS = Refusal(
    Code.TOO_MANY_JOINS,
    "too many come in from your address at once; try again in a moment",
)


# So many characters of a code's hash tell it from the others that are tried.
_TOLD_BY = 16


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

    def handle(self, session: Session, command: Hello | ShowInvite) -> None:
        """Let a session in, have what it shows checked, or say why not."""
        session.hides = False
        if session.user is not None:
            self._bench.refuse(session, _ALREADY_JOINED, command)
        elif isinstance(command, ShowInvite):
            self._show_invite(session, command)
        elif command.access is not None:
            self._access.hello(session, command, command.access)
        else:
            self._hello(session, command)

    def _hello(self, session: Session, hello: Hello) -> None:
        session.attempt = hello.attempt
        keeps = session.dialect.keeps_seat
        user, entry = find_seat(
            hello, self._bench.hub, self._bench.journal.id, keeps_seat=keeps
        )
        if user is not None:
            self._resume(session, user, entry)
        elif hello.invite is not None:
            self._invited(session, hello, hello.invite, entry)
        elif hello.password is not None:
            self._check(session, hello, hello.password, entry)
        elif not self._policy.is_open or self._account(hello.name) is not None:
            self._ask_password(session, hello.name)
        else:
            self._join(session, hello, entry)

    def _account(self, name: str) -> User | None:
        return self._bench.hub.find_account(name)

    def _ask_password(self, session: Session, name: str, *, new: bool = False) -> None:
        session.hides = True
        # The time to give a name is not the time to find a password.
        session.since = self._bench.now.monotonic
        # Where only members come in, nobody is told which names there are.
        of_hub = self._policy.members_only or self._account(name) is None
        wanted = PasswordWanted(name, of_hub, new, self._policy.members_only)
        answer = session.dialect.answer(wanted, self._bench.now.wall)
        self._bench.batch.replies.append((session, answer))

    # --- with an invitation ----------------------------------------------------------

    def _good_code(
        self, session: Session, code: Secret, command: Hello | ShowInvite
    ) -> str:
        """Give the hash of a code that lets somebody in; "" after saying why not.

        A good one is taken however many wrong ones came from the same address: it
        can't have been guessed, and behind one address may be a school.
        """
        code_hash = hash_token(parse_code(code.value) or code.value)
        no = self._checks.may_try(session, None)
        good = self._bench.hub.invites(code_hash, self._bench.now.wall)
        if no is None and not good:
            # Counted for each code, and for all together; no name has a space in it.
            tried = f"invitation {code_hash[:_TOLD_BY]}"
            no = self._checks.may_try(session, tried)
            if no is None:
                self._checks.failed(session, tried)
                no = NO_INVITE
        if no is not None:
            self._bench.refuse(session, no, command)
            return ""
        return code_hash

    def _show_invite(self, session: Session, command: ShowInvite) -> None:
        if self._good_code(session, command.code, command):
            # Whoever has a good code may think about a name.
            session.since = self._bench.now.monotonic
            wanted = session.dialect.answer(NameWanted(), self._bench.now.wall)
            self._bench.batch.replies.append((session, wanted))

    def _invited(
        self, session: Session, hello: Hello, code: Secret, entry: Entry
    ) -> None:
        """Have a name chosen, then a password; then let somebody in by a code.

        Neither the password of the hub nor that of an account is asked: a code makes
        an account, and a name that is one already is taken.
        """
        code_hash = self._good_code(session, code, hello)
        if not code_hash:
            return
        no = self._bench.hub.keeps_name(hello.name)
        if no is not None:
            self._bench.refuse(session, no, hello)
        elif hello.password is None:
            self._ask_password(session, hello.name, new=True)
        else:
            self._choose(session, hello, hello.password, code_hash, entry)

    def _choose(
        self,
        session: Session,
        hello: Hello,
        password: Secret,
        code_hash: str,
        entry: Entry,
    ) -> None:
        new = check_new_password(password)
        if isinstance(new, Refusal):
            # A dialect that asked for it takes the next line for another.
            session.hides = True
            self._bench.refuse(session, new, hello)
            return

        def then(hashed: str | None) -> None:
            if hashed is not None and session.user is None:
                self._join(session, hello, entry, (code_hash, hashed))

        run = partial(hash_password, new)
        self._checks.start(Check(session, hello, None, run, then))

    # --- with a password -------------------------------------------------------------

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

    # --- in --------------------------------------------------------------------------

    def _join(
        self,
        session: Session,
        hello: Hello,
        entry: Entry,
        invited: tuple[str, str] | None = None,
    ) -> None:
        """Take a name; `invited` has the hashes of a code and of the new password."""
        if not session.place.joins.take(self._bench.now.monotonic):
            self._bench.refuse(session, _TOO_MANY_JOINS, hello)
            return
        token_hash = hash_token(entry.token) if entry.token else ""
        where = (session.address, session.dialect.name, place_of(session.host))
        join: Join | JoinInvited = (
            Join(hello.name, token_hash, *where)
            if invited is None
            else JoinInvited(hello.name, *invited, token_hash, *where)
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
