"""What should follow from access tokens, and how the machine tries them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from tests.unit.hub.plain_model import PlainHub
from tests.unit.hub.reading_rules import ReadingRules
from tests.unit.hub.tables import GROUPS, NAMES, PLACES

from hubbub.hub import EVERYONE, Audience
from hubbub.model.access import (
    CreateToken,
    RevokeToken,
    TokenCreated,
    TokenRevoked,
    UnderToken,
)
from hubbub.model.address import LOBBY, Address, Lobby, ToGroup, ToUser
from hubbub.model.commands import (
    CreateAccount,
    CreateGroup,
    HubCommand,
    JoinGroup,
    LeaveGroup,
    ListGroups,
    ListUsers,
    LogOutOthers,
    Post,
    ReadHistory,
)
from hubbub.model.events import (
    MESSAGES,
    SERVER_ID,
    AccountClosed,
    DirectPosted,
    Event,
    GroupPosted,
    LobbyPosted,
)
from hubbub.model.moderation import Announce
from hubbub.model.refusals import Code, Refusal
from hubbub.model.roles import Role
from hubbub.node.answers import answer_query
from hubbub.node.scoped import ScopedWriter

WHERE = ("lobby", "#tea", "#TEA", "#lemon", "#four", "@ann", "@ANN", "@carl", "all")


def same(address: str) -> str | None:
    """Give one spelling for all of an address; None for what is none."""
    if address in ("lobby", "all"):
        return address
    table = {"#": GROUPS, "@": {**NAMES, "ANN": NAMES["Ann"]}}.get(address[:1])
    entry = None if table is None else table.get(address[1:])
    return None if entry is None else address[0] + entry[0]


class Token(NamedTuple):
    """One token of the model."""

    hash: str
    user: int
    post: frozenset[str | None]
    read: frozenset[str | None]
    until: int


@dataclass
class TokenHub(PlainHub):
    """The model, with its access tokens by id."""

    passes: dict[int, Token] = field(default_factory=dict)

    def good_token(self, token_hash: str) -> Token | None:
        """Find a token that is good."""
        for one in self.passes.values():
            if one.hash == token_hash and self.lasts(one.until):
                return one
        return None

    def covers(self, where: frozenset[str | None], to: Address) -> bool:
        """Tell whether half a scope has an address in it."""
        return "all" in where or same(str(to)) in where

    def _createtoken(self, actor: int, command: CreateToken) -> Any:
        given = [same(one) for one in (*command.post, *command.read)]
        if not given or None in given:
            return Code.ADDRESS_INVALID
        user, events = self.find(command.name) if command.name else actor, ["it"]
        if actor != SERVER_ID:
            if user != actor:
                return Code.NOT_ALLOWED
        elif user not in self.users or self.role(user) == "guest":
            made = self._createaccount(actor, CreateAccount(command.name, Role.MEMBER))
            if isinstance(made, Code):
                return made
            user, events = None, made
        good = [one.user for one in self.passes.values() if self.lasts(one.until)]
        full = len(good) >= self.limits.tokens
        if full or good.count(user or -9) >= self.limits.tokens_per_user:
            return Code.TOO_MANY_TOKENS
        return [*(one for one in events if one != "it"), "TokenCreated"]

    def _revoketoken(self, actor: int, command: RevokeToken) -> Any:
        token = self.passes.get(command.id)
        all_of_them = self.role(actor) in ("owner", "server")
        if token is None or (token.user != actor and not all_of_them):
            return Code.TOKEN_UNKNOWN
        return ["TokenRevoked"]

    def _undertoken(self, actor: int, command: UnderToken) -> Any:
        token = self.good_token(command.token)
        if token is None or token.user != actor:
            return Code.TOKEN_INVALID
        out = self.user_out(actor, command.place)
        if out:
            return out
        asked: Any = command.command
        if not self._in_scope(token, asked):
            return Code.TOKEN_SCOPE
        if isinstance(asked, Post) and isinstance(asked.to, ToGroup):
            return self._post_to_group(actor, asked, asked.to.name)
        return self.expect(actor, asked, self.now)

    def _in_scope(self, token: Token, asked: Any) -> bool:
        match asked:
            case Post(to):
                return self.covers(token.post, to)
            case JoinGroup(name) | LeaveGroup(name):
                group = ToGroup(name.removeprefix("#"))
                return any(
                    self.covers(half, group) for half in (token.post, token.read)
                )
            case _:
                return False

    def _post_to_group(self, actor: int, asked: Post, name: str) -> Any:
        group = self.find_group(name)
        said = asked.nonce in self.users[actor].nonces
        if group is None or said or actor in self.groups[group][1]:
            return self._post(actor, asked)
        joined = self._joingroup(actor, JoinGroup(name))
        if isinstance(joined, Code):
            return joined
        to_lobby = self._post(actor, Post(LOBBY, asked.text))
        if to_lobby in (Code.TEXT_EMPTY, Code.TEXT_TOO_LONG):
            return to_lobby
        return self.hindered(actor, group) or [*joined, "GroupPosted"]

    def happened(self, event: Event) -> None:
        """Do to the model what an event says."""
        match event:
            case TokenCreated():
                over = [
                    n for n, one in self.passes.items() if not self.lasts(one.until)
                ]
                for number in over:
                    del self.passes[number]
                halves = (
                    frozenset(map(same, half)) for half in (event.post, event.read)
                )
                post, read = halves
                self.passes[event.seq] = Token(
                    event.token_hash, event.user, post, read, event.until
                )
            case TokenRevoked():
                del self.passes[event.token]
            case AccountClosed():
                gone = [n for n, one in self.passes.items() if one.user == event.user]
                for number in gone:
                    del self.passes[number]
                super().happened(event)
            case _:
                super().happened(event)


class _Ink:
    """A writer that only says that it was asked to write."""

    def event(self, event: Event, *, own: bool) -> bytes:
        """Write an event."""
        return b"own" if own else b"seen"

    def answer(self, answer: object, time: int) -> bytes:
        """Write nothing."""
        return b""

    def refusal(self, refusal: Refusal, command: object, time: int) -> bytes:
        """Write nothing."""
        return b""


who = st.integers(0, 40)
halves = st.lists(
    st.sampled_from([*WHERE, *WHERE, "nowhere", "@two words"]), max_size=3
)
asked_posts = st.builds(
    Post,
    st.just(LOBBY) | st.sampled_from(["tea", "TEA", "four", "lemon"]).map(ToGroup)
    | st.sampled_from(["ann", "carl", "dora"]).map(ToUser),
    st.sampled_from(["hi", "hi", "  ", "é" * 7]),
    st.none() | st.sampled_from(["n1", "n2"]),
)  # fmt: skip
asked_else = st.sampled_from(
    [JoinGroup("tea"), JoinGroup("#four"), LeaveGroup("TEA"), CreateGroup("corn"),
     LogOutOthers(), Announce("hi"), ListUsers(), ListGroups(), RevokeToken(3),
     UnderToken("pass1", Post(LOBBY, "hi")), CreateToken("x", "x", ("all",))]
)  # fmt: skip


class AccessRules(ReadingRules):
    """Steps of the hub's machine with access tokens."""

    model: TokenHub
    audiences: list[Audience]
    passes = 0

    def give(self, actor: int, command: HubCommand) -> None:
        """Execute a command on both."""
        raise NotImplementedError

    def account(self, number: int) -> int:
        """Choose an account, if there is one."""
        raise NotImplementedError

    @rule(
        actor=who,
        by=st.sampled_from(["server", "account", "account", "anybody"]),
        name=st.sampled_from(["", "", "ann", "carl", "emil", "Server"]),
        post=halves,
        read=halves,
        seconds=st.sampled_from([None, None, 1, 90]),
    )
    def make_a_token(
        self,
        actor: int,
        by: str,
        name: str,
        post: list[str],
        read: list[str],
        seconds: int | None,
    ) -> None:
        self.passes += 1
        maker = self.account(actor) if by == "account" else self.pick(actor)
        maker = SERVER_ID if by == "server" else maker
        token = f"pass{self.passes}"
        where = (tuple(post), tuple(read))
        self.give(maker, CreateToken(token, token[-4:], *where, seconds, name))

    @rule(actor=who, number=who)
    def revoke_a_token(self, actor: int, number: int) -> None:
        there = [*self.model.passes, 10_000]
        maker = self.account(actor) if number % 3 else SERVER_ID
        self.give(maker, RevokeToken(there[number % len(there)]))

    @rule(milliseconds=st.sampled_from([500, 100_000]))
    def let_time_pass(self, milliseconds: int) -> None:
        self.time += milliseconds

    def holder(self, number: int) -> tuple[int, str]:
        """Choose a token, mostly a good one, and mostly with its own user."""
        there = list(self.model.passes.values())
        if not there or number % 9 == 8:
            return self.account(number), f"pass{number % 9}"
        token = there[number % len(there)]
        return (token.user if number % 7 else self.account(number)), token.hash

    @rule(
        number=who, asked=asked_posts | asked_posts | asked_else,
        place=st.sampled_from(["", *PLACES]),
    )  # fmt: skip
    def use_a_token(self, number: int, asked: Any, place: str) -> None:
        """Whatever follows is within the scope, also by a look of its own."""
        actor, token = self.holder(number)
        before = len(self.events)
        self.give(actor, UnderToken(token, asked, place))
        for event in self.events[before:]:
            if isinstance(event, MESSAGES):
                held = self.model.good_token(token)
                assert held is not None
                assert held.post & {"all", same(_where(event, event.user))}

    @rule(number=who, of=st.sampled_from(WHERE[:-1]))
    def read_by_a_token(self, number: int, of: str) -> None:
        """What may be asked is in scope, and then it is answered as without one."""
        actor, token = self.holder(number)
        address: Address = LOBBY
        if of != "lobby":
            address = (ToGroup if of[0] == "#" else ToUser)(
                of[1:].replace("ANN", "Ann")
            )
        query = ReadHistory(address)
        no = self.hub.keeps_from(actor, UnderToken(token, query), self.time)
        self.model.now = self.time
        held = self.model.good_token(token)
        if held is None or held.user != actor:
            assert no is not None
            assert no.code is Code.TOKEN_INVALID
        elif self.model.user_out(actor, ""):
            assert no is not None
            assert no.code is Code.BANNED
        elif not self.model.covers(held.read, address):
            assert no is not None
            assert no.code is Code.TOKEN_SCOPE
        else:
            assert no is None
            answer = answer_query(self.hub, self.journal, actor, query, self.time)
            expected = self.model.may_read(actor, address, self.events)
            assert isinstance(answer, Refusal) == isinstance(expected, Code)

    @invariant()
    def a_token_hears_nothing_beyond_its_scope(self) -> None:
        if not self.events:
            return
        event, audience = self.events[-1], self.audiences[-1]
        state = self.hub.state
        for token in state.access.values():
            if audience is not EVERYONE and token.user not in audience:
                continue
            writer = ScopedWriter(
                _Ink(), token.scope, token.user,
                lambda user: state.users[user].name if user in state.users else "",
            )  # fmt: skip
            own = getattr(event, "user", None) == token.user
            shown = bool(writer.event(event, own=own))
            if isinstance(event, MESSAGES):
                read = {same(one) for one in token.scope.read}
                where = same(_where(event, token.user))
                assert shown is bool(read & {"all", where}), (event, token)

    @invariant()
    def tokens_are_the_models(self) -> None:
        state = self.hub.state
        there = {one.id: (code, one.user) for code, one in state.access.items()}
        assert there == {
            n: (one.hash, one.user) for n, one in self.model.passes.items()
        }


def _where(event: LobbyPosted | GroupPosted | DirectPosted, me: int) -> str:
    """Name the room of a message, to one who is in it."""
    match event:
        case LobbyPosted():
            return str(Lobby())
        case GroupPosted():
            return f"#{event.group}"
        case DirectPosted():
            return f"@{event.to_name if event.user == me else event.name}"
