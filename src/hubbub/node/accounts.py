"""What people do with accounts of their own: opening, changing, closing them."""

from __future__ import annotations

from functools import partial
from typing import assert_never

from hubbub.hub.rights import may, no_right, role_of
from hubbub.hub.state import User
from hubbub.model.answers import Done
from hubbub.model.commands import (
    AccountCommand,
    ChangePassword,
    CloseAccount,
    HubCommand,
    LogOutOthers,
    OpenAccount,
    Register,
    SetPassword,
    Unregister,
)
from hubbub.model.events import NOBODY_ID
from hubbub.model.refusals import Code, Refusal
from hubbub.model.secret import Secret
from hubbub.node.bench import Bench
from hubbub.node.checks import Check, Checks
from hubbub.node.passwords import (
    check_new_password,
    hash_password,
    is_right,
    prepare_password,
)
from hubbub.node.session import Session

WRONG = Refusal(Code.PASSWORD_WRONG, "the name or the password is wrong")

# The rule of the hub that each comes to.
_RULES: dict[type, type] = {
    Register: OpenAccount,
    ChangePassword: SetPassword,
    Unregister: CloseAccount,
    LogOutOthers: LogOutOthers,
}


class Accounts:
    """Has passwords hashed and checked, and then the hub decide."""

    def __init__(self, bench: Bench, checks: Checks) -> None:
        """Join the parts it needs."""
        self._bench = bench
        self._checks = checks

    def handle(self, session: Session, command: AccountCommand) -> None:
        """Begin with a command; the session is busy until it is done."""
        actor = NOBODY_ID if session.user is None else session.user
        rule = _RULES[type(command)]
        role = role_of(self._bench.hub.state, actor)
        if not may(role, rule):
            self._bench.refuse(session, no_right(role, rule), command)
            return
        user = self._bench.hub.user(actor)
        match command:
            case Register(password):
                self._register(session, command, password)
            case ChangePassword(old, new):
                self._change(session, user, command, old, new)
            case Unregister(password):
                self._close(session, user, command, password)
            case LogOutOthers():
                self._decide(session, command, LogOutOthers(session.device))
            case _:
                assert_never(command)

    def _register(self, session: Session, command: Register, secret: Secret) -> None:
        new = check_new_password(secret)
        if isinstance(new, Refusal):
            self._bench.refuse(session, new, command)
            return

        def then(hashed: str | None) -> None:
            if hashed is not None:
                self._decide(session, command, OpenAccount(hashed))

        run = partial(hash_password, new)
        self._checks.start(Check(session, command, None, run, then))

    def _change(
        self,
        session: Session,
        user: User,
        command: ChangePassword,
        old: Secret,
        new: Secret,
    ) -> None:
        checked = check_new_password(new)
        if isinstance(checked, Refusal):
            self._bench.refuse(session, checked, command)
            return
        right = partial(is_right, user.password_hash, prepare_password(old))
        run = partial(_hash_if, right, checked)

        def then(hashed: str | None) -> None:
            if hashed is None:
                self._bench.refuse(session, WRONG, command)
            else:
                self._decide(session, command, SetPassword(hashed, session.device))

        self._checks.start(Check(session, command, user.name, run, then))

    def _close(
        self, session: Session, user: User, command: Unregister, secret: Secret
    ) -> None:
        run = partial(is_right, user.password_hash, prepare_password(secret))

        def then(right: bool | None) -> None:
            if right:
                self._decide(session, command, CloseAccount(session.device))
            else:
                self._bench.refuse(session, WRONG, command)

        self._checks.start(Check(session, command, user.name, run, then))

    def _decide(
        self, session: Session, command: AccountCommand, rule: HubCommand
    ) -> None:
        # Meanwhile its user may have been put out, or renamed.
        if session.user is None:
            return
        if self._bench.execute(session, session.user, rule):
            name = self._bench.hub.user(session.user).name
            self._bench.batch.done.append((session, Done(type(command), name)))


def _hash_if(right: partial[bool], new: Secret) -> str | None:
    return hash_password(new) if right() else None
