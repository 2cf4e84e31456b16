"""What is done with access tokens: making them, coming in, and without coming in."""

from __future__ import annotations

from weakref import WeakValueDictionary

import msgspec

from hubbub.dialects.contract import Writer
from hubbub.hub.access import INVALID, covers
from hubbub.hub.find import no_such_group, no_such_user
from hubbub.hub.tokens import AccessToken
from hubbub.model.access import (
    CreateToken,
    Follow,
    NewToken,
    TokenCreated,
    TokenMade,
    TokenSummary,
    UnderToken,
    WithToken,
)
from hubbub.model.address import Address, ToGroup, ToUser
from hubbub.model.answers import Bye
from hubbub.model.commands import (
    Command,
    Hello,
    JoinGroup,
    Post,
    ReadHistory,
    SignIn,
)
from hubbub.model.events import NOBODY_ID
from hubbub.model.names import name_key
from hubbub.model.places import place_of
from hubbub.model.refusals import Code, Refusal
from hubbub.model.secret import Secret
from hubbub.node.bench import Bench
from hubbub.node.checks import Checks
from hubbub.node.delivery import Entry
from hubbub.node.departures import Departures
from hubbub.node.scoped import ScopedWriter
from hubbub.node.session import Session
from hubbub.node.sessions import Sessions
from hubbub.node.tokens import (
    hash_token,
    is_of_journal,
    make_access_token,
    mark_of_journal,
)

# In the place of a name where tries are counted: no name has a space in it.
_TRIED = "access token"


class Access:
    """Does what programs ask for that show a token."""

    def __init__(
        self,
        bench: Bench,
        departures: Departures,
        sessions: Sessions,
        checks: Checks,
        url: str,
    ) -> None:
        """Join the parts it needs; `url` is where the hub answers HTTP, or ""."""
        self._url = url
        self._bench = bench
        self._departures = departures
        self._sessions = sessions
        self._checks = checks
        # One for all connections of a kind under a token: what it writes is shared.
        self._writers: WeakValueDictionary[tuple[Writer, str], ScopedWriter] = (
            WeakValueDictionary()
        )

    # --- making one ------------------------------------------------------------------

    def new(self, session: Session, command: NewToken) -> None:
        """Make a token, and tell it once, when its hash is on disk."""
        no = self._checks.may_try(session, None)
        if no is not None:
            self._bench.refuse(session, no, command)
            return
        token = make_access_token()
        create = CreateToken(
            hash_token(token),
            token[-4:],
            command.post,
            command.read,
            command.seconds,
            command.name,
        )
        actor = NOBODY_ID if session.user is None else session.user
        for event in self._bench.execute(session, actor, create):
            if isinstance(event, TokenCreated):
                about = TokenSummary(
                    event.seq,
                    event.name,
                    event.last,
                    event.scope,
                    event.time,
                    event.until,
                    event.by,
                )
                made = TokenMade(Secret(token), about, self._url)
                self._bench.batch.done.append((session, made))

    # --- showing one -----------------------------------------------------------------

    def _find(
        self, session: Session, shown: Secret, name: str, command: Command
    ) -> tuple[str, AccessToken] | None:
        """Find the token that somebody shows; None after saying why not.

        A good one is taken however many wrong ones came from the same address: it
        can't have been guessed, and behind one address are many programs.
        """
        token_hash = hash_token(shown.value)
        no = self._checks.may_try(session, None)
        token = self._bench.hub.find_token(token_hash, self._bench.now.wall)
        if no is None and token is None:
            no = self._checks.may_try(session, _TRIED)
            if no is None:
                self._checks.failed(session, _TRIED, alone=True)
                no = INVALID
        if no is None and token is not None:
            no = self._is_anothers(token, name) or self._bench.hub.keeps_out(
                token.user, place_of(session.host), self._bench.now.wall
            )
        if no is not None:
            self._bench.refuse(session, no, command)
            return None
        return None if token is None else (token_hash, token)

    def _is_anothers(self, token: AccessToken, name: str) -> Refusal | None:
        own = self._bench.hub.user(token.user).name
        if not name or name_key(name) == name_key(own):
            return None
        return Refusal(
            Code.NAME_INVALID, f"that token is {own}'s; leave the name out, or say it"
        )

    def hello(self, session: Session, hello: Hello, shown: Secret) -> None:
        """Let a session in with a token instead of a password.

        What it missed is shown from the `seq` that it names; it needs no seat for that.
        """
        found = self._find(session, shown, hello.name, hello)
        if found is None:
            return
        journal, last = self._bench.journal.id, self._bench.hub.state.seq
        resumed = is_of_journal(hello.resume or "", journal)
        after = min(hello.after, last) if resumed else last
        # Not to come back with: only for what it has seen last.
        token = mark_of_journal(journal) if session.dialect.keeps_seat else ""
        entry = Entry(token, after, behind=resumed and after < last, resumed=resumed)
        self._let_in(session, *found, entry)

    def _let_in(
        self,
        session: Session,
        token_hash: str,
        token: AccessToken,
        entry: Entry,
    ) -> None:
        """Give a session its user, within the scope of a token.

        What nobody can come in for by a password is a program, which is here when it
        is. A person is not here because a program of theirs is: nobody is told, and
        what was said to them in private goes on waiting.
        """
        user = self._bench.hub.user(token.user)
        is_program = not user.password_hash
        if is_program:
            entry.waiting = user.waiting
            place = place_of(session.host)
            sign_in = SignIn("", session.address, session.dialect.name, place)
            if not self._bench.execute(session, user.id, sign_in):
                return
            if not entry.behind:
                entry.after = self._bench.hub.state.seq
        session.access = token_hash
        session.scoped = self._writer(session, token_hash, token)
        session.is_present = is_program
        self._sessions.attach(session, user.id)
        self._departures.taken(user.id)
        session.dialect.joined()
        session.cursor = entry.after
        entry.start = len(self._bench.batch.events)
        self._bench.batch.joined[session] = entry

    def _writer(
        self, session: Session, token_hash: str, token: AccessToken
    ) -> ScopedWriter:
        key = (session.dialect.writer, token_hash)
        writer = self._writers.get(key)
        if writer is None:
            writer = self._writers[key] = ScopedWriter(
                session.dialect.writer, token.scope, token.user, self._name_of
            )
        return writer

    def _name_of(self, user: int) -> str:
        found = self._bench.hub.state.users.get(user)
        return "" if found is None else found.name

    # --- without coming in -----------------------------------------------------------

    def once(
        self, session: Session, request: WithToken
    ) -> UnderToken | WithToken | None:
        """Do one thing by the right of a token.

        Returns:
            A query, which is to be answered when the turn is told; None for what is
            done, or refused, by then; the request itself when its account has asked for
            too much already, on whatever connections, and it has to wait.
        """
        found = self._find(session, request.token, request.name, request)
        if found is None:
            return None
        token_hash, token = found
        self._sessions.share_bucket(session, token.user)
        if session.bucket.level(self._bench.now.monotonic) < 1:
            return request
        asked = request.command
        if isinstance(asked, Post):
            under = self._under(session, token_hash, asked)
            self._bench.execute(session, token.user, under)
            return None
        follows = isinstance(asked, Follow)
        assert isinstance(asked, Follow | ReadHistory), "what a dialect asks this way"
        query = ReadHistory(asked.of) if follows else asked
        no = covers(token.scope, query)
        if no is not None:
            self._bench.refuse(session, no, request)
        elif self._enters(session, token_hash, token.user, asked.of, request):
            if isinstance(asked, ReadHistory):
                return self._under(session, token_hash, asked)
            self._follow(session, token_hash, token, asked)
        return None

    def _under(
        self, session: Session, token_hash: str, command: msgspec.Struct
    ) -> UnderToken:
        return UnderToken(token_hash, command, place_of(session.host))

    def _enters(
        self,
        session: Session,
        token_hash: str,
        user: int,
        room: Address,
        request: WithToken,
    ) -> bool:
        """Have somebody be where they want to read; tell whether they are.

        A group that lets them in is joined: whoever reads it is a member, and the
        others see that.
        """
        hub = self._bench.hub
        no: Refusal | None = None
        if isinstance(room, ToGroup):
            group = hub.find_group(room.name)
            if group is None:
                no = no_such_group(room.name)
            elif user not in group.members:
                join = self._under(session, token_hash, JoinGroup(room.name))
                return bool(self._bench.execute(session, user, join))
        elif isinstance(room, ToUser) and hub.find_user(room.name) is None:
            no = no_such_user(room.name)
        if no is not None:
            self._bench.refuse(session, no, request)
        return no is None

    def _follow(
        self, session: Session, token_hash: str, token: AccessToken, follow: Follow
    ) -> None:
        last = self._bench.hub.state.seq
        after = last if follow.after is None else min(follow.after, last)
        entry = Entry("", after, behind=after < last)
        self._let_in(session, token_hash, token, entry)

    # --- the end of one --------------------------------------------------------------

    def end_sessions(self) -> None:
        """End those whose token is good no more, or whose account is kept out."""
        now = self._bench.now
        for session in list(self._sessions.all):
            if session.access and session.is_open:
                bye = self._ends(session)
                if bye is not None:
                    self._sessions.leave(session, "quit", keep_seat=False)
                    self._sessions.end(session, bye, now)

    def _ends(self, session: Session) -> Bye | None:
        hub, now = self._bench.hub, self._bench.now.wall
        token = hub.find_token(session.access, now)
        if token is not None:
            no = hub.keeps_out(token.user, place_of(session.host), now)
            return None if no is None else Bye("banned", no.text)
        if session.access in hub.state.access:
            return Bye("token_expired", "your token's time is over; make another")
        return Bye("token_revoked", "your token was revoked; make another")
