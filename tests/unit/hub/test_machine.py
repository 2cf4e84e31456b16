"""The hub against a plain model: any commands, in any order, by anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from tests.unit.hub.account_rules import AccountRules
from tests.unit.hub.plain_access import AccessRules, TokenHub
from tests.unit.hub.plain_invites import InviteRules, InvitingHub
from tests.unit.hub.tables import NAMES, PLACES

from hubbub.hub import EVERYONE, Hub, Repeated, View, replay
from hubbub.journal.contract import member_of
from hubbub.journal.memory import MemoryJournal
from hubbub.model.address import LOBBY, Address, ToGroup, ToUser
from hubbub.model.commands import (
    CreateAccount,
    CreateGroup,
    Disconnect,
    EndSeat,
    HubCommand,
    Join,
    JoinGroup,
    LeaveGroup,
    Post,
    PostOnce,
    Resume,
    SignIn,
)
from hubbub.model.events import (
    HIDDEN,
    SERVER_ID,
    AccountCreated,
    DirectPosted,
    Event,
    GroupCreated,
    GroupJoined,
    GroupLeft,
    GroupPosted,
    UserJoined,
)
from hubbub.model.limits import Limits
from hubbub.model.moderation import Kick, Rename, Slow
from hubbub.model.refusals import Code, Refusal
from hubbub.model.roles import Role

if TYPE_CHECKING:
    from hubbub.hub import Audience

LIMITS = Limits(
    text=12,
    users=4,
    accounts=3,
    devices=2,
    waiting=2,
    groups=3,
    groups_per_user=2,
    members=3,
    nonces=2,
    once_nonces=2,
    bans=6,
    invites=2,
    tokens=3,
    tokens_per_user=2,
)
STRANGER = 10_000

who = st.integers(0, 40)
names = st.sampled_from(sorted(NAMES))
groups = st.sampled_from(
    ["tea", "TEA", "l\u0435mon", "lemon", "corn", "com", "four", ":no"]
)
nonces = st.none() | st.sampled_from(["n1", "n2", "n3"])
texts = st.sampled_from(["hi", "\x1b[31m", "  ", "x" * 12, "é" * 7, "a\nb", "ok\x07"])


roles = st.sampled_from(Role)
places = st.sampled_from(["", *PLACES])
once_to = st.just(LOBBY) | st.just(LOBBY) | names.map(ToUser) | groups.map(ToGroup)
# Mostly something to say: most of what can go wrong goes wrong elsewhere.
once_texts = st.just("hi") | texts


@dataclass
class Model(TokenHub, InvitingHub):
    """All of the model."""


class HubMachine(AccountRules, InviteRules, AccessRules, RuleBasedStateMachine):
    """Gives the hub and the model the same commands."""

    model: Model

    def __init__(self) -> None:
        super().__init__()
        self.hub = Hub(LIMITS)
        self.model = Model(limits=LIMITS)
        self.journal = MemoryJournal()
        self.events: list[Event] = []
        self.audiences: list[Audience] = []
        self.present: list[frozenset[int]] = []
        self.snapshots: list[tuple[int, bytes]] = []
        self.ids: list[int] = [SERVER_ID, STRANGER]
        self.tokens = 0
        self.time = 1_000_000

    def pick(self, number: int) -> int:
        """Choose somebody: mostly one who is there, else the gone and the server."""
        there = sorted(self.hub.state.users)
        if there and number % 4:
            return there[number % len(there)]
        return self.ids[number % len(self.ids)] if number % 8 else SERVER_ID

    def give(self, actor: int, command: HubCommand) -> None:
        """Execute a command on both and compare all that can be compared."""
        self.time += 7
        before, before_seq = self.hub.state.dump(), self.hub.state.seq
        expected = self.model.expect(actor, command, self.time)
        outcome = self.hub.execute(actor, command, self.time)
        if isinstance(outcome, (Refusal, Repeated)):
            assert self.hub.state.dump() == before, (
                "a refusal or repeat changes nothing"
            )
            got: Any = outcome.code if isinstance(outcome, Refusal) else outcome.seq
            assert got == expected, (command, outcome, expected)
            return
        assert [type(event).__name__ for event, _ in outcome] == expected, command
        for number, (event, audience) in enumerate(outcome, start=before_seq + 1):
            assert event.seq == number
            assert event.time == self.time
            self.model.happened(event)
            self.note(event, audience)

    def note(self, event: Event, audience: Audience) -> None:
        """Check who may see one event, and remember it."""
        self.events.append(event)
        self.journal.append([event])
        self.audiences.append(audience)
        self.present.append(frozenset(self.model.users))
        if isinstance(event, (UserJoined, AccountCreated)):
            assert event.user not in self.ids
            self.ids.append(event.user)
        assert audience is EVERYONE or audience == self.model.may_see(event)
        if audience is EVERYONE:
            assert self.model.may_see(event) is None

    @initialize(crowded=st.booleans(), slow=st.sampled_from([0, 0, 30]))
    def begin(self, crowded: bool, slow: int) -> None:
        """Begin with nobody, or amid something, where most can go wrong."""
        if not crowded:
            return
        self.give(SERVER_ID, CreateAccount("emil", Role.MODERATOR, "p"))
        for name, group in (("ann", "tea"), ("carl", "four")):
            self.give(SERVER_ID, Join(name, f"hash of {name}", "", "json", "10.0.0.1"))
            self.give(self.hub.state.seq, CreateGroup(group, private=group == "four"))
        self.give(SERVER_ID, Join("dora"))
        self.give(self.hub.state.seq, JoinGroup("tea"))
        self.give(self.ids[2], SignIn("hash of emil"))
        self.give(SERVER_ID, Slow(LOBBY, slow))

    @rule(name=names, token=st.booleans())
    def join(self, name: str, token: bool) -> None:
        self.tokens += 1
        hashed = f"hash{self.tokens}" if token else ""
        place = ["", *PLACES][self.tokens % 4]
        self.give(SERVER_ID, Join(name, hashed, "127.0.0.1:1", "json", place))

    @rule(actor=who, text=texts, nonce=nonces)
    def say(self, actor: int, text: str, nonce: str | None) -> None:
        self.give(self.pick(actor), Post(LOBBY, text, nonce))

    @rule(name=names, to=once_to, text=once_texts, nonce=nonces, place=places)
    def say_once(
        self, name: str, to: Address, text: str, nonce: str | None, place: str
    ) -> None:
        self.give(SERVER_ID, PostOnce(name, to, text, nonce, place))

    @rule(turns=st.lists(st.sampled_from(["once", "server", "somebody"]), min_size=2))
    def talk_in_turn(self, turns: list[str]) -> None:
        """Who is waited for in a slow lobby shows only when they follow each other."""
        for number, turn in enumerate(turns):
            if turn == "once":
                self.give(
                    SERVER_ID, PostOnce(["Bill", "dora"][number % 2], LOBBY, "hi")
                )
            else:
                actor = SERVER_ID if turn == "server" else self.pick(number)
                self.give(actor, Post(LOBBY, "hi"))

    @rule(actor=who, to=names, text=texts, nonce=nonces)
    def tell(self, actor: int, to: str, text: str, nonce: str | None) -> None:
        address: Address = ToUser(to)
        self.give(self.pick(actor), Post(address, text, nonce))

    @rule(actor=who, to=groups, text=texts, nonce=nonces)
    def tell_group(self, actor: int, to: str, text: str, nonce: str | None) -> None:
        self.give(self.pick(actor), Post(ToGroup(to), text, nonce))

    @rule(actor=who, name=groups)
    def create(self, actor: int, name: str) -> None:
        self.give(self.pick(actor), CreateGroup(name, private=actor % 3 == 0))

    @rule(actor=who, name=groups, proof=st.sampled_from(["", "p1"]), place=places)
    def join_group(self, actor: int, name: str, proof: str, place: str) -> None:
        self.give(self.pick(actor), JoinGroup(name, None, proof, place))

    @precondition(lambda self: self.hub.state.groups)
    @rule(actor=who, group=who)
    def join_some_group(self, actor: int, group: int) -> None:
        there = sorted(one.name for one in self.hub.state.groups.values())
        self.give(self.pick(actor), JoinGroup(f"#{there[group % len(there)]}"))

    @rule(actor=who, name=groups)
    def leave_group(self, actor: int, name: str) -> None:
        self.give(self.pick(actor), LeaveGroup(name))

    @rule(actor=who, to=who, text=texts)
    def tell_account(self, actor: int, to: int, text: str) -> None:
        person = self.model.users.get(self.account(to))
        if person is not None:
            self.give(self.pick(actor), Post(ToUser(person.name), text))

    @rule(by_server=st.integers(0, 3), actor=who, name=names)
    def kick(self, by_server: int, actor: int, name: str) -> None:
        actor = SERVER_ID if by_server else self.pick(actor)
        self.give(actor, Kick(name, "a\nb", ("10.0.9.9",) if by_server == 1 else ()))

    @rule(by_server=st.integers(0, 3), actor=who, name=names, to=names)
    def rename(self, by_server: int, actor: int, name: str, to: str) -> None:
        self.give(SERVER_ID if by_server else self.pick(actor), Rename(name, to))

    @rule(actor=who, keep=st.booleans())
    def disconnect(self, actor: int, keep: bool) -> None:
        actor = self.pick(actor)
        # The server is no user and never disconnects: RIGHTS says so.
        self.give(actor, Disconnect("lost", keep))

    @rule(actor=who)
    def resume(self, actor: int) -> None:
        self.give(self.pick(actor), Resume("127.0.0.1:2", "json", "10.0.0.1"))

    @rule(actor=who)
    def end_seat(self, actor: int) -> None:
        self.give(self.pick(actor), EndSeat())

    @rule(actor=who)
    def end_seat_of_account(self, actor: int) -> None:
        self.give(self.account(actor), EndSeat())

    @rule()
    def take_snapshot(self) -> None:
        self.snapshots.append((self.hub.state.seq, self.hub.state.dump()))

    @rule(number=who)
    def replay_from_snapshot(self, number: int) -> None:
        """A snapshot and the events after it, older ones among them, give the state."""
        if self.snapshots:
            seq, data = self.snapshots[number % len(self.snapshots)]
            assert replay(data, self.events[seq:], LIMITS) == self.hub.state
            assert replay(data, self.events, LIMITS) == self.hub.state

    @rule(number=st.integers(0, 10_000))
    def views_agree_from_any_seq(self, number: int) -> None:
        """A view of a past moment, rebuilt from now, sees what was seen live."""
        start = number % (len(self.events) + 1)
        for user in self.ids:
            later = [e for e in self.events[start:] if member_of(e) == user]
            here = self.hub.state.users.get(user)
            staff = user in self.hub.state.staff
            view = View.at(user, here.groups if here else (), later, staff=staff)
            self.compare(view, start)

    def compare(self, view: View, start: int) -> None:
        """Walk a view to the end and compare it with live delivery."""
        pairs = list(zip(self.events, self.audiences, strict=True))[start:]
        for event, audience in pairs:
            live = audience is EVERYONE or view.user in audience
            assert view.sees(event) == live, (view.user, event)
        here = self.hub.state.users.get(view.user)
        assert view.groups == (set(here.groups) if here else set())
        assert view.staff == (view.user in self.hub.state.staff)

    @invariant()
    def replay_equals_state(self) -> None:
        assert replay(None, self.events, LIMITS) == self.hub.state

    @invariant()
    def snapshot_equals_state(self) -> None:
        assert replay(self.hub.state.dump(), (), LIMITS) == self.hub.state

    @invariant()
    def seq_has_no_gap(self) -> None:
        assert [event.seq for event in self.events] == list(
            range(1, self.hub.state.seq + 1)
        )

    @invariant()
    def names_are_unique(self) -> None:
        state = self.hub.state
        for keys, looks, there in (
            (state.name_keys, state.name_looks, state.users),
            (state.group_keys, state.group_looks, state.groups),
        ):
            assert len(keys) == len(looks) == len(there)
            assert set(keys.values()) == set(looks.values()) == set(there)

    @invariant()
    def state_is_the_models(self) -> None:
        state, model = self.hub.state, self.model
        assert set(state.users) == set(model.users)
        assert {g.id: g.members for g in state.groups.values()} == {
            group: frozenset(members) for group, (_, members) in model.groups.items()
        }
        for user in state.users.values():
            person = model.users[user.id]
            assert user.connected == person.connected
            assert (user.role, user.password_hash) == (person.role, person.password)
            assert list(user.tokens) == person.tokens
            assert list(user.waiting) == person.waiting
            member_in = {g for g, (_, m) in model.groups.items() if user.id in m}
            assert user.groups == member_in
        for group in state.groups.values():
            circle = model.circles[group.id]
            assert (group.owner, group.private) == (circle.owner, circle.private)
            assert set(group.mods) == circle.mods
            assert set(group.invited) == circle.invited
            assert group.bans == circle.bans
            assert group.owner in group.members
            assert group.since == {one: circle.since[one] for one in group.members}
        bans = {key: (ban.seq, ban.until) for key, ban in state.bans.items()}
        assert bans == model.bans
        codes = {one.id: (one.code_hash, one.until) for one in state.invites.values()}
        assert codes == model.codes
        assert all(g.members for g in state.groups.values())
        assert len(state.tokens) == sum(len(u.tokens) for u in state.users.values())
        assert state.accounts == model.accounts()

    @invariant()
    def nobody_overhears(self) -> None:
        """Said again without the model: a private event is for those named in it."""
        if not self.events:
            return
        event, audience = self.events[-1], self.audiences[-1]
        match event:
            case DirectPosted():
                assert audience == {event.user, event.to_user}
            case GroupPosted() | GroupJoined() | GroupLeft():
                assert audience is not EVERYONE
                assert event.user in audience
            case GroupCreated():
                private = frozenset((event.user,)) if event.private else EVERYONE
                assert audience == private
            case _:
                assert audience == frozenset() or not isinstance(event, HIDDEN)

    def teardown(self) -> None:
        for user in self.ids:
            self.compare(View(user, (), staff=user == SERVER_ID), 0)


HubMachine.TestCase.settings = settings(
    max_examples=100, stateful_step_count=50, deadline=None
)
TestHub = HubMachine.TestCase


def test_refusals_are_states_not_exceptions() -> None:
    """An unknown actor gets a refusal whatever is asked (design: refusal = a state)."""
    hub = Hub(LIMITS)
    outcome = hub.execute(STRANGER, Post(LOBBY, "hi"), 1)
    assert isinstance(outcome, Refusal)
    assert outcome.code == Code.NOT_JOINED
