"""What should follow from codes that let people in, and how the machine tries them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from tests.unit.hub.order_rules import OrderRules
from tests.unit.hub.plain_model import PlainHub
from tests.unit.hub.tables import NAMES, PLACES

from hubbub.model.commands import Join
from hubbub.model.events import SERVER_ID, Event
from hubbub.model.invites import (
    CreateInvite,
    InviteCreated,
    InviteRevoked,
    InviteUsed,
    JoinInvited,
    RevokeInvite,
)
from hubbub.model.refusals import Code

who = st.integers(0, 40)


@dataclass
class InvitingHub(PlainHub):
    """The model, with its codes: each with its end, or 0 for one use."""

    codes: dict[int, tuple[str, int]] = field(default_factory=dict)

    def good(self, invite: int) -> bool:
        """Tell whether a code lets somebody in."""
        return invite in self.codes and self.lasts(self.codes[invite][1])

    def _createinvite(self, _actor: int, _command: CreateInvite) -> Any:
        full = sum(map(self.good, self.codes)) >= self.limits.invites
        return Code.TOO_MANY_INVITES if full else ["InviteCreated"]

    def _revokeinvite(self, _actor: int, command: RevokeInvite) -> Any:
        good = self.good(command.id)
        return ["InviteRevoked"] if good else Code.INVITE_INVALID

    def _joininvited(self, actor: int, command: JoinInvited) -> Any:
        known = [one for one, (code, _) in self.codes.items() if self.good(one)]
        if command.code_hash not in {self.codes[one][0] for one in known}:
            return Code.INVITE_INVALID
        if self.accounts() >= self.limits.accounts:
            return Code.TOO_MANY_ACCOUNTS
        joined = self._join(actor, Join(command.name, place=command.place))
        if isinstance(joined, Code):
            return joined
        return [*joined, "AccountOpened", "InviteUsed"]

    def happened(self, event: Event) -> None:
        match event:
            case InviteCreated():
                over = [one for one in self.codes if not self.good(one)]
                for one in over:
                    del self.codes[one]
                self.codes[event.seq] = (event.code_hash, event.until)
            case InviteUsed():
                if not self.codes[event.invite][1]:
                    del self.codes[event.invite]
            case InviteRevoked():
                del self.codes[event.invite]
            case _:
                super().happened(event)


class InviteRules(OrderRules):
    """Steps of the hub's machine with codes."""

    made = 0

    @rule(actor=who, lasts=st.sampled_from([0, 0, 500, 90_000]))
    def make_a_code(self, actor: int, lasts: int) -> None:
        self.made += 1
        until = self.time + lasts if lasts else 0
        maker = SERVER_ID if actor % 2 else self.orderer(actor)
        self.give(maker, CreateInvite(f"code{self.made}", until))

    @rule(actor=who, number=who)
    def revoke_a_code(self, actor: int, number: int) -> None:
        there = [*self.hub.state.invites, 10_000]
        self.give(self.orderer(actor), RevokeInvite(there[number % len(there)]))

    @precondition(lambda self: self.made)
    @rule(
        names=st.lists(st.sampled_from(sorted(NAMES)), min_size=1, max_size=3),
        number=who,
        place=st.sampled_from(["", *PLACES]),
        by_somebody=st.integers(0, 9),
    )
    def use_a_code(
        self, names: list[str], number: int, place: str, by_somebody: int
    ) -> None:
        """Try one of the last codes, good or not, again and again."""
        code = f"code{max(1, self.made - number % 3)}"
        actor = SERVER_ID if by_somebody else self.pick(number)
        for name in names:
            self.give(actor, JoinInvited(name, code, "chosen", place=place))
