"""Steps of the hub's machine that have to do with accounts."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule
from tests.unit.hub.tables import NAMES

from hubbub.hub import Hub
from hubbub.model.commands import (
    CloseAccount,
    CreateAccount,
    Disconnect,
    HubCommand,
    LogOutOthers,
    OpenAccount,
    SetPassword,
    SignIn,
)
from hubbub.model.events import SERVER_ID
from hubbub.model.moderation import SetRole
from hubbub.model.roles import Role

who = st.integers(0, 40)
names = st.sampled_from(sorted(NAMES))
roles = st.sampled_from(Role)


class AccountRules:
    """Mixed into the machine, which has what is declared here."""

    hub: Hub
    tokens: int

    def pick(self, number: int) -> int:
        """Choose somebody."""
        raise NotImplementedError

    def give(self, actor: int, command: HubCommand) -> None:
        """Execute a command on both."""
        raise NotImplementedError

    def account(self, number: int) -> int:
        """Choose an account, if there is one."""
        there = sorted(u.id for u in self.hub.state.users.values() if u.is_account)
        return there[number % len(there)] if there else self.pick(number)

    def device(self, actor: int, number: int) -> str:
        """Choose one of somebody's tokens, or one that is nobody's."""
        user = self.hub.state.users.get(actor)
        tokens = [*(user.tokens if user else ()), "nobody's"]
        return tokens[number % len(tokens)]

    @rule(actor=who)
    def open_account(self, actor: int) -> None:
        self.give(self.pick(actor), OpenAccount("hash of a password"))

    @rule(name=names, role=roles, password=st.sampled_from(["", "p"]))
    def create_account(self, name: str, role: Role, password: str) -> None:
        self.give(SERVER_ID, CreateAccount(name, role, password))

    @rule(actor=who, password=st.sampled_from(["p1", "p2"]), device=who)
    def set_password(self, actor: int, password: str, device: int) -> None:
        actor = self.account(actor)
        self.give(actor, SetPassword(password, self.device(actor, device)))

    @rule(actor=who, device=who)
    def close_account(self, actor: int, device: int) -> None:
        actor = self.account(actor)
        self.give(actor, CloseAccount(self.device(actor, device)))

    @rule(actor=who, device=who)
    def log_out_others(self, actor: int, device: int) -> None:
        actor = self.account(actor)
        self.give(actor, LogOutOthers(self.device(actor, device)))

    @rule(actor=who, token=st.booleans())
    def sign_in(self, actor: int, token: bool) -> None:
        self.tokens += 1
        hashed = f"hash{self.tokens}" if token else ""
        self.give(self.account(actor), SignIn(hashed, "", "json", "10.0.0.2"))

    @rule(actor=who, device=who, last=st.booleans())
    def lose_a_device(self, actor: int, device: int, last: bool) -> None:
        actor = self.account(actor)
        device_lost = self.device(actor, device)
        self.give(actor, Disconnect("lost", False, device_lost, last))

    @rule(by_server=st.integers(0, 1), actor=who, name=names, role=roles)
    def set_role(self, by_server: int, actor: int, name: str, role: Role) -> None:
        actor = SERVER_ID if by_server else self.account(actor)
        self.give(actor, SetRole(name, role))
