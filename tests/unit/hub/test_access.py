"""Access tokens: whose they are, what they cover, and what ends them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hubbub.app.history import without_secrets
from hubbub.hub import Hub, State, replay
from hubbub.hub.access import UNDER_TOKEN
from hubbub.model.access import (
    CreateToken,
    ListTokens,
    RevokeToken,
    Scope,
    TokenCreated,
    UnderToken,
    parse_places,
)
from hubbub.model.address import LOBBY, Address, ToGroup, ToUser
from hubbub.model.commands import (
    CloseAccount,
    CreateAccount,
    CreateGroup,
    HubCommand,
    Join,
    JoinGroup,
    LeaveGroup,
    ListGroups,
    ListMembers,
    ListUsers,
    LogOutOthers,
    Post,
    ReadHistory,
    SignIn,
)
from hubbub.model.events import SERVER_ID, Event, act_of
from hubbub.model.limits import Limits
from hubbub.model.moderation import (
    Announce,
    Ban,
    Freeze,
    GroupBan,
    Kick,
    Rename,
    SetPrivacy,
)
from hubbub.model.refusals import Code, Refusal
from hubbub.model.roles import Role
from hubbub.node.answers import answer_query


class Stage:
    """A hub with its events, and `ci`, whose token is to be given."""

    def __init__(self, post: tuple[str, ...] = (), read: tuple[str, ...] = ()) -> None:
        self.hub = Hub(Limits())
        self.events: list[Event] = []
        self.do(SERVER_ID, CreateToken("h", "last", post, read, None, "ci"))
        self.ci = self.hub.state.access["h"].user
        self.ann = self.do(SERVER_ID, Join("ann"))[0].seq

    def do(self, actor: int, command: HubCommand, time: int = 1) -> list[Event]:
        """Give a command that is not refused."""
        outcome: Any = self.hub.execute(actor, command, time)
        assert isinstance(outcome, list), outcome
        events = [event for event, _ in outcome]
        self.events += events
        return events

    def no(self, actor: int, command: HubCommand, time: int = 1) -> Code:
        """Give a command that is refused."""
        outcome: Any = self.hub.execute(actor, command, time)
        assert isinstance(outcome, Refusal), outcome
        return outcome.code

    def by_token(self, command: msgspec.Struct) -> UnderToken:
        """Give what is asked by the right of the token."""
        return UnderToken("h", command)


@pytest.mark.parametrize(
    ("written", "places"),
    [
        ((), ()),
        (("lobby", "#Tea", "#tea", "@Ann"), ("lobby", "#tea", "@ann")),
        (("lobby", "all"), ("all",)),
        (("tea",), None),
        (("#",), None),
        (("@two words",), None),
        (("Lobby",), None),
        (tuple(f"#{number}" for number in range(33)), None),
    ],
)
def test_half_a_scope(written: tuple[str, ...], places: tuple[str, ...] | None) -> None:
    assert parse_places(written) == places


# What can be asked of a token at all, written down by hand; with the halves of a scope
# that have to have the address in them.
COVERED: list[tuple[Any, str, str]] = [
    (Post(LOBBY, "hi"), "lobby", "post"),
    (Post(ToGroup("TEA"), "hi"), "#tea", "post"),
    (Post(ToUser("Ann"), "hi"), "@ann", "post"),
    (ReadHistory(LOBBY), "lobby", "read"),
    (ReadHistory(ToGroup("tea")), "#tea", "read"),
    (ReadHistory(ToUser("ann")), "@ann", "read"),
    (JoinGroup("#tea"), "#tea", "post read"),
    (LeaveGroup("tea"), "#tea", "post read"),
    (ListMembers("tea"), "#tea", "read"),
    (ListUsers(), "lobby", "read"),
    (ListGroups(), "lobby", "read"),
]


@pytest.mark.parametrize(("asked", "place", "halves"), COVERED)
def test_a_scope_covers_its_addresses_alone(
    asked: msgspec.Struct, place: str, halves: str
) -> None:
    """By either half, with the address, with all, and with any other."""
    for half in ("post", "read"):
        for given in (place, "all", "#other", "@other", "lobby"):
            scope = {half: (given,)}
            stage = Stage(**scope)
            no = stage.hub.keeps_from(stage.ci, stage.by_token(asked), 1)
            covered = given in (place, "all") and half in halves.split()
            assert (no is None) is covered, (asked, scope)
            assert no is None or no.code is Code.TOKEN_SCOPE


def test_nothing_else_is_done_under_a_token() -> None:
    """No moderation, no account, no other token: what is not listed is refused."""
    assert set(UNDER_TOKEN) == {type(asked) for asked, _, _ in COVERED}


@pytest.mark.parametrize(
    "command",
    [CreateGroup("new"), LogOutOthers(), Kick("ann"), Announce("hi"),
     CreateToken("h2", "last", ("all",)), RevokeToken(1), Rename("ann", "bob"),
     UnderToken("h", Post(LOBBY, "hi")), CloseAccount()],
    ids=lambda one: type(one).__name__,
)  # fmt: skip
def test_not_even_an_owner_does_more_by_a_token(command: HubCommand) -> None:
    stage = Stage(("all",), ("all",))
    stage.do(SERVER_ID, CreateAccount("ci", Role.OWNER))
    before = stage.hub.state.dump()
    assert stage.no(stage.ci, stage.by_token(command)) is Code.TOKEN_SCOPE
    assert stage.hub.state.dump() == before


def test_a_public_group_is_joined_by_writing_to_it() -> None:
    """In the same decision; the nonce works as ever, also once one has left."""
    stage = Stage(("#tea",))
    stage.do(stage.ann, CreateGroup("tea"))
    post = stage.by_token(Post(ToGroup("tea"), "hi", "n1"))
    kinds = [type(event).__name__ for event in stage.do(stage.ci, post)]
    assert kinds == ["GroupJoined", "GroupPosted"]
    stage.do(stage.ci, stage.by_token(LeaveGroup("tea")))
    again: Any = stage.hub.execute(stage.ci, post, 1)
    assert again.seq == stage.hub.state.users[stage.ci].nonces["n1"]  # type: ignore[index]


def test_no_group_is_joined_that_does_not_let_one_in() -> None:
    stage = Stage(("all",))
    stage.do(stage.ann, CreateGroup("tea", private=True))
    post = stage.by_token(Post(ToGroup("tea"), "hi"))
    assert stage.no(stage.ci, post) is Code.NOT_INVITED
    stage.do(stage.ann, SetPrivacy("tea", private=False))
    stage.do(stage.ann, GroupBan("tea", "ci"))
    assert stage.no(stage.ci, post) is Code.BANNED
    empty = stage.by_token(Post(ToGroup("tea"), "  "))
    assert stage.no(stage.ci, empty) is Code.BANNED
    stage.do(stage.ann, CreateGroup("four"))
    empty = stage.by_token(Post(ToGroup("four"), "  "))
    assert stage.no(stage.ci, empty) is Code.TEXT_EMPTY
    stage.do(stage.ann, Freeze(ToGroup("four")))
    full = stage.by_token(Post(ToGroup("four"), "hi"))
    assert stage.no(stage.ci, full) is Code.FROZEN
    assert not stage.hub.user(stage.ci).groups


@pytest.mark.parametrize("end", ["revoked", "over", "closed", "banned", "somebody's"])
def test_what_ends_a_token(end: str) -> None:
    stage = Stage(("all",))
    post, time, actor = stage.by_token(Post(LOBBY, "hi")), 1, stage.ci
    if end == "revoked":
        stage.do(SERVER_ID, RevokeToken(stage.hub.state.access["h"].id))
    elif end == "closed":
        stage.do(stage.ci, SignIn())
        stage.do(stage.ci, CloseAccount())
    elif end == "banned":
        stage.do(SERVER_ID, Ban("ci"))
    elif end == "over":
        made = CreateToken("h9", "last", ("all",), (), 5, "ci")
        stage.do(SERVER_ID, made)
        post, time = UnderToken("h9", Post(LOBBY, "hi")), 5_001
        stage.do(stage.ci, post, 5_000)
    else:
        other = CreateToken("h2", "last", ("all",), name="other")
        actor = stage.do(SERVER_ID, other)[0].seq
    code = Code.BANNED if end == "banned" else Code.TOKEN_INVALID
    guest = Code.NOT_ALLOWED
    assert stage.no(actor, post, time) is (guest if end == "closed" else code)


def test_whose_a_token_may_be() -> None:
    """One's own; at the console anybody's who has an account, or a new one's."""
    stage = Stage(("all",))
    made = CreateToken("h2", "last", ("all",))
    guests = msgspec.structs.replace(made, name="ann")
    assert stage.no(SERVER_ID, guests) is Code.NAME_TAKEN
    assert stage.no(SERVER_ID, made) is Code.NAME_INVALID
    assert stage.no(stage.ann, made) is Code.NOT_ALLOWED
    others = msgspec.structs.replace(made, name="other")
    assert stage.no(stage.ci, others) is Code.NOT_ALLOWED
    nothing = CreateToken("h2", "last")
    assert stage.no(stage.ci, nothing) is Code.ADDRESS_INVALID
    never = CreateToken("h2", "last", ("all",), (), 0)
    assert stage.no(stage.ci, never) is Code.USAGE
    own = msgspec.structs.replace(made, name="CI")
    assert stage.do(stage.ci, own)[0].name == "ci"  # type: ignore[union-attr]
    account = stage.hub.user(stage.ci)
    assert (account.role, account.password_hash) == (Role.MEMBER, "")


def test_who_lists_and_revokes() -> None:
    """Everybody their own; owners and the console all."""
    stage = Stage(("all",))
    other = stage.do(SERVER_ID, CreateToken("h2", "last", ("all",), name="other"))
    owner = stage.do(SERVER_ID, CreateAccount("boss", Role.OWNER))[0].seq
    token = other[1].seq
    assert stage.no(stage.ci, RevokeToken(token)) is Code.TOKEN_UNKNOWN
    counts = []
    for actor in (stage.ci, owner, SERVER_ID):
        listed: Any = answer_query(stage.hub, None, actor, ListTokens(), 1)  # type: ignore[arg-type]
        counts.append(len(listed.tokens))
    assert counts == [1, 2, 2]
    stage.do(owner, RevokeToken(token))
    stage.do(stage.ci, RevokeToken(stage.hub.state.access["h"].id))
    assert not stage.hub.state.access


def test_a_snapshot_and_the_trail() -> None:
    """A restart keeps tokens; the trail has no secret in it; an export none either."""
    stage = Stage(("#tea",), ("lobby",))
    assert State.load(stage.hub.state.dump()).access == stage.hub.state.access
    assert replay(None, stage.events, Limits()) == stage.hub.state
    (made,) = (one for one in stage.events if isinstance(one, TokenCreated))
    act = act_of(made)
    assert act is not None
    assert (act.action, act.by, act.name) == ("token_created", "SERVER", "ci")
    assert act.text == "post #tea read lobby"
    assert b'"h"' not in msgspec.json.encode(act)
    bare = [without_secrets(event) for event in stage.events]
    assert b'"h"' not in msgspec.json.encode(bare)
    stage.hub.state.forget_secrets()
    assert replay(None, bare, Limits()) == stage.hub.state


def test_a_group_that_is_renamed_is_at_another_address() -> None:
    scope = Scope(read=("#tea",))
    where: list[Address] = [ToGroup("Tea"), ToGroup("coffee"), LOBBY, ToUser("tea")]
    assert [scope.may_read(one) for one in where] == [True, False, False, False]
    assert str(Scope(("lobby",), ("all",))) == "post lobby read all"
