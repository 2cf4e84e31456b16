"""Steps of the hub's machine that ask: nobody is shown what is not for them."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule
from tests.unit.hub.plain_model import PlainHub
from tests.unit.hub.tables import GROUPS, NAMES, may

from hubbub.hub import Hub
from hubbub.journal.memory import MemoryJournal
from hubbub.model.address import LOBBY, Address, ToGroup, ToUser
from hubbub.model.answers import Groups, History, Members
from hubbub.model.commands import (
    ListGroups,
    ListMembers,
    ListSessions,
    ListUsers,
    Query,
    ReadHistory,
)
from hubbub.model.events import Event
from hubbub.model.moderation import ListBans, ReadAudit, ReadReports
from hubbub.model.refusals import Code, Refusal
from hubbub.node.answers import Reply, answer_query

who = st.integers(0, 40)
names = st.sampled_from(sorted(NAMES))
groups = st.sampled_from(sorted(GROUPS))
rooms = st.just(LOBBY) | groups.map(ToGroup) | names.map(ToUser)

LISTS: tuple[Query, ...] = (
    ListUsers(),
    ListSessions(),
    ListBans(),
    ReadReports(),
    ReadAudit(),
)


class ReadingRules:
    """Mixed into the machine, which has what is declared here."""

    hub: Hub
    model: PlainHub
    journal: MemoryJournal
    events: list[Event]
    time: int

    def pick(self, number: int) -> int:
        """Choose somebody."""
        raise NotImplementedError

    def ask(self, actor: int, query: Query) -> Reply:
        """Have a question answered, which changes nothing."""
        before = self.hub.state.dump()
        answer = answer_query(self.hub, self.journal, actor, query, self.time)
        assert self.hub.state.dump() == before
        return answer

    @rule(actor=who, of=rooms)
    def read_history(self, actor: int, of: Address) -> None:
        actor = self.pick(actor)
        answer = self.ask(actor, ReadHistory(of))
        got: object = answer.code if isinstance(answer, Refusal) else None
        if isinstance(answer, History):
            got = [(message.seq, message.text) for message in answer.messages]
        assert got == self.model.may_read(actor, of, self.events)

    @rule(actor=who, name=groups)
    def look_at_groups(self, actor: int, name: str) -> None:
        actor = self.pick(actor)
        listed = self.ask(actor, ListGroups())
        seen = {
            group: name
            for group, (name, members) in self.model.groups.items()
            if actor in members or not self.model.circles[group].private
        }
        if self.model.role(actor) == "nobody":
            assert isinstance(listed, Refusal)
            return
        assert isinstance(listed, Groups)
        assert len(listed.groups) == len(seen)
        inside = self.ask(actor, ListMembers(name))
        group = self.model.find_group(name)
        if group is None:
            assert isinstance(inside, Refusal)
            assert inside.code is Code.GROUP_UNKNOWN
        elif group in seen:
            assert isinstance(inside, Members)
            assert len(inside.names) == len(self.model.groups[group][1])
        else:
            assert isinstance(inside, Refusal)
            assert inside.code is Code.NOT_A_MEMBER

    @rule(actor=who, which=st.sampled_from(LISTS))
    def look_at_a_list(self, actor: int, which: Query) -> None:
        actor = self.pick(actor)
        role = self.model.role(actor)
        answer = self.ask(actor, which)
        assert isinstance(answer, Refusal) is not may(role, type(which))
