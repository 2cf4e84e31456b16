"""Steps of the hub's machine that keep order."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from tests.unit.hub.tables import GROUPS, NAMES, PLACES

from hubbub.hub import Hub
from hubbub.model.address import LOBBY, Address, ToGroup
from hubbub.model.commands import HubCommand
from hubbub.model.events import (
    MESSAGES,
    SERVER_ID,
    DirectPosted,
    Event,
    GroupPosted,
)
from hubbub.model.moderation import (
    Announce,
    Ban,
    DeleteMessage,
    Freeze,
    GroupBan,
    GroupDelete,
    GroupInvite,
    GroupKick,
    GroupMod,
    GroupRename,
    GroupTopic,
    GroupUnban,
    GroupUnmod,
    Mute,
    Report,
    SetPrivacy,
    Slow,
    Unban,
    Unfreeze,
    Unmute,
)

who = st.integers(0, 40)
names = st.sampled_from(sorted(NAMES))
groups = st.sampled_from(sorted(GROUPS))
seconds = st.sampled_from([None, 1, 100])
places = st.sampled_from([(), *((place,) for place in PLACES)])
targets = names | st.sampled_from([*PLACES, "10.0.0.0/24", "127.0.0.1"])


class OrderRules:
    """Mixed into the machine, which has what is declared here."""

    hub: Hub
    events: list[Event]
    time: int

    def pick(self, number: int) -> int:
        """Choose somebody."""
        raise NotImplementedError

    def account(self, number: int) -> int:
        """Choose an account, if there is one."""
        raise NotImplementedError

    def give(self, actor: int, command: HubCommand) -> None:
        """Execute a command on both."""
        raise NotImplementedError

    def orderer(self, number: int) -> int:
        """Choose who keeps order: mostly the server or an account."""
        match number % 3:
            case 0:
                return SERVER_ID
            case 1:
                return self.account(number)
            case _:
                return self.pick(number)

    def member(self, number: int) -> tuple[int, str]:
        """Choose a member and their group, if there are any."""
        there = [
            (user, group.name)
            for _, group in sorted(self.hub.state.groups.items())
            for user in sorted(group.members)
        ]
        return there[number % len(there)] if there else (self.pick(number), "tea")

    def person(self, number: int) -> str:
        """Choose somebody's name."""
        there = [user.name for user in self.hub.state.users.values()]
        shown = there[number % len(there)] if there else "ann"
        return "Ann" if shown == "ANN" else shown

    @rule(passed=st.sampled_from([1_000, 60_000, 100_000, -500, -5_000]))
    def pass_time(self, passed: int) -> None:
        """Let time go by, or a clock be set back."""
        self.time += passed

    @rule(actor=who, whom=targets, length=seconds, at=places, here=st.sets(who))
    def ban(
        self,
        actor: int,
        whom: str,
        length: int | None,
        at: tuple[str, ...],
        here: set[int],
    ) -> None:
        one = tuple(sorted({self.pick(number) for number in here} - {SERVER_ID}))[:1]
        command = Ban(whom, length, "why", at, one)
        self.give(self.orderer(actor), command)

    @rule(actor=who, whom=targets)
    def unban(self, actor: int, whom: str) -> None:
        self.give(self.orderer(actor), Unban(whom))

    @rule(actor=who, user=who, length=seconds, at=places)
    def mute(
        self, actor: int, user: int, length: int | None, at: tuple[str, ...]
    ) -> None:
        self.give(self.orderer(actor), Mute(self.person(user), length, "", at))

    @rule(actor=who, name=names | st.sampled_from(sorted(PLACES)))
    def unmute(self, actor: int, name: str) -> None:
        self.give(self.orderer(actor), Unmute(name))

    @rule(actor=who, inside=st.booleans(), slow=st.sampled_from([0, 1, 30]))
    def slow(self, actor: int, inside: bool, slow: int) -> None:
        actor, room = self.somewhere(actor, inside=inside)
        self.give(actor, Slow(room, slow))

    @rule(actor=who, inside=st.booleans(), frozen=st.booleans())
    def freeze(self, actor: int, inside: bool, frozen: bool) -> None:
        actor, room = self.somewhere(actor, inside=inside)
        self.give(actor, Freeze(room) if frozen else Unfreeze(room))

    def somewhere(self, number: int, *, inside: bool) -> tuple[int, Address]:
        """Choose who keeps order where: a member in a group, or anybody."""
        if not inside:
            return self.orderer(number), LOBBY
        member, group = self.member(number)
        return (member if number % 4 else self.orderer(number)), ToGroup(group)

    @precondition(lambda self: any(isinstance(one, MESSAGES) for one in self.events))
    @rule(actor=who, number=who, own=st.booleans())
    def delete_message(self, actor: int, number: int, own: bool) -> None:
        said = [one for one in self.events if isinstance(one, MESSAGES)]
        one = said[-1 - number % len(said)]
        group = one.group_id if isinstance(one, GroupPosted) else 0
        to = one.to_user if isinstance(one, DirectPosted) else 0
        actor = one.user if own and one.user else self.orderer(actor)
        if own and actor not in self.hub.state.users:
            actor = self.pick(number)
        self.give(actor, DeleteMessage(one.seq, "", one.user, one.name, group, to))

    @rule(actor=who)
    def announce_and_report(self, actor: int) -> None:
        self.give(self.orderer(actor), Announce("tea is ready"))
        self.give(self.pick(actor), Report("it is loud"))

    @rule(actor=who, name=names, user=who, here=st.booleans())
    def invite(self, actor: int, name: str, user: int, here: bool) -> None:
        actor, group = self.member(actor)
        self.give(actor, GroupInvite(group, self.person(user) if here else name))

    @rule(actor=who, user=who, which=st.integers(0, 4), length=seconds, at=places)
    def upon_a_member(
        self,
        actor: int,
        user: int,
        which: int,
        length: int | None,
        at: tuple[str, ...],
    ) -> None:
        actor, group = self.member(actor)
        whom = self.person(user)
        commands: list[HubCommand] = [
            GroupKick(group, whom),
            GroupBan(group, whom, length, "", at),
            GroupUnban(group, whom),
            GroupMod(group, whom),
            GroupUnmod(group, whom),
        ]
        self.give(actor, commands[which])

    @rule(actor=who, inside=st.booleans(), which=st.integers(0, 5), to=groups)
    def upon_a_group(self, actor: int, inside: bool, which: int, to: str) -> None:
        member, group = self.member(actor)
        actor = member if inside else self.orderer(actor)
        commands: list[HubCommand] = [
            GroupTopic(group, "tea"),
            SetPrivacy(group, private=True),
            SetPrivacy(group, private=True, password_hash="p1"),
            SetPrivacy(group, private=False),
            GroupRename(group, to),
            GroupDelete(group),
        ]
        self.give(actor, commands[which])
