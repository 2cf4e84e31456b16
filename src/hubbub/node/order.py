"""What has to be known of connections and messages before order can be kept."""

from __future__ import annotations

from functools import partial

import msgspec

from hubbub.hub.rights import may, no_right, role_of
from hubbub.hub.rules.order import no_such_message
from hubbub.journal import Journal, JournalError
from hubbub.model.answers import Done
from hubbub.model.commands import (
    AskedCommand,
    HubCommand,
    JoinGroup,
    StaffCommand,
)
from hubbub.model.events import MESSAGES, DirectPosted, Event, GroupPosted
from hubbub.model.invites import (
    CreateInvite,
    InviteMade,
    InviteWay,
    NewInvite,
    invite_command,
    invite_link,
)
from hubbub.model.moderation import (
    Ban,
    ClosePrivate,
    Delete,
    DeleteMessage,
    GroupBan,
    Kick,
    Mute,
    SetPrivacy,
)
from hubbub.model.places import covers, parse_place, place_of
from hubbub.model.refusals import Refusal
from hubbub.model.secret import Secret
from hubbub.node.accounts import WRONG
from hubbub.node.bench import UNSTORED, Bench
from hubbub.node.checks import Check, Checks
from hubbub.node.passwords import (
    check_new_password,
    hash_password,
    is_right,
    prepare_password,
)
from hubbub.node.session import Session
from hubbub.node.sessions import Sessions
from hubbub.node.tokens import hash_token, make_code


class Order:
    """Completes commands with what only the node knows, and has the hub decide."""

    def __init__(
        self,
        bench: Bench,
        journal: Journal,
        sessions: Sessions,
        checks: Checks,
        way: InviteWay,
    ) -> None:
        """Join the parts it needs."""
        self._bench = bench
        self._journal = journal
        self._sessions = sessions
        self._checks = checks
        self._way = way

    def act(self, session: Session, actor: int, command: StaffCommand) -> None:
        """Do what no message shows to be done, so that it is said."""
        self._decide(session, actor, command, self._placed(command))

    def _decide(
        self,
        session: Session,
        actor: int,
        asked: StaffCommand | AskedCommand,
        command: HubCommand,
    ) -> None:
        if self._bench.execute(session, actor, command):
            self._bench.batch.done.append((session, Done(type(asked))))

    def _placed(self, command: StaffCommand) -> StaffCommand:
        """Say where those are whom a command is about."""
        match command:
            case Kick(name) | Mute(name) | GroupBan(_, name):
                return msgspec.structs.replace(command, places=self._places(name))
            case Ban(target):
                return msgspec.structs.replace(
                    command, places=self._places(target), here=self._here(target)
                )
            case _:
                return command

    def _places(self, name: str) -> tuple[str, ...]:
        user = self._bench.hub.find_user(name)
        sessions = () if user is None else self._sessions.of_user.get(user.id, ())
        places = {place_of(session.host) for session in sessions}
        return tuple(sorted(places - {""}))

    def _here(self, target: str) -> tuple[int, ...]:
        place = parse_place(target)
        if not place:
            return ()
        return tuple(
            sorted(
                {
                    session.user
                    for session in self._sessions.all
                    if session.user is not None
                    and session.user > 0
                    and covers(place, place_of(session.host))
                }
            )
        )

    # --- groups ----------------------------------------------------------------------

    def join_group(self, session: Session, actor: int, command: JoinGroup) -> None:
        """Join a group, once its password has been checked if there is one."""
        plain = JoinGroup(command.name, place=place_of(session.host))
        group = self._bench.hub.find_group(command.name)
        if command.password is None or group is None or not group.password_hash:
            self._bench.execute(session, actor, plain)
            return
        expected = group.password_hash

        def then(right: bool | None) -> None:
            if session.user is None:
                return
            if not right:
                self._bench.refuse(session, WRONG, command)
                return
            proven = msgspec.structs.replace(plain, proof=expected)
            self._bench.execute(session, session.user, proven)

        run = partial(is_right, expected, prepare_password(command.password))
        # It counts apart from all names of people: none begins with this.
        self._checks.start(Check(session, command, f"#{group.name}", run, then))

    def ask(self, session: Session, actor: int, command: AskedCommand) -> None:
        """Do what something has to be looked up or worked out for."""
        if isinstance(command, Delete):
            self._delete(session, actor, command)
        elif isinstance(command, NewInvite):
            self._invite(session, actor, command)
        elif command.password is None:
            rule = SetPrivacy(command.group, private=True)
            self._decide(session, actor, command, rule)
        else:
            self._close(session, command, command.password)

    def _close(self, session: Session, command: ClosePrivate, password: Secret) -> None:
        new = check_new_password(password)
        if isinstance(new, Refusal):
            self._bench.refuse(session, new, command)
            return

        def then(hashed: str | None) -> None:
            if hashed is not None and session.user is not None:
                rule = SetPrivacy(command.group, private=True, password_hash=hashed)
                self._decide(session, session.user, command, rule)

        run = partial(hash_password, new)
        self._checks.start(Check(session, command, None, run, then))

    # --- invitations -----------------------------------------------------------------

    def _invite(self, session: Session, actor: int, command: NewInvite) -> None:
        code, now = make_code(), self._bench.now.wall
        until = 0 if command.seconds is None else now + command.seconds * 1000
        rule = CreateInvite(hash_token(code), until)
        for event in self._bench.execute(session, actor, rule):
            link, start = invite_link(self._way, code), invite_command(self._way, code)
            made = InviteMade(event.seq, Secret(code), until, link, start)
            # Told when it is on disk, and never again.
            self._bench.batch.done.append((session, made))

    # --- messages --------------------------------------------------------------------

    def _delete(self, session: Session, actor: int, command: Delete) -> None:
        role = role_of(self._bench.hub.state, actor)
        if not may(role, DeleteMessage):
            self._bench.refuse(session, no_right(role, DeleteMessage), command)
            return
        try:
            message: Event | None = self._bench.batch.find(command.message)
            message = message or self._journal.find(command.message)
        except JournalError:
            self._bench.refuse(session, UNSTORED, command)
            return
        if not isinstance(message, MESSAGES) or message.deleted:
            self._bench.refuse(session, no_such_message(command.message), command)
            return
        rule = DeleteMessage(
            command.message,
            command.reason,
            message.user,
            message.name,
            message.group_id if isinstance(message, GroupPosted) else 0,
            message.to_user if isinstance(message, DirectPosted) else 0,
        )
        self._decide(session, actor, command, rule)
