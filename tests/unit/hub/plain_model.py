"""What the hub should do, said once more in the plainest way, for comparison."""

from __future__ import annotations

from typing import Any

from tests.unit.hub.plain_circles import PlainCircles
from tests.unit.hub.tables import ACCOUNTS, EMPTY, LONG, NAMES, may

from hubbub.model.address import Lobby, ToGroup
from hubbub.model.commands import (
    CloseAccount,
    CreateAccount,
    CreateGroup,
    Disconnect,
    EndSeat,
    HubCommand,
    Join,
    JoinGroup,
    LeaveGroup,
    LogOutOthers,
    OpenAccount,
    Post,
    PostOnce,
    Resume,
    SetPassword,
    SignIn,
)
from hubbub.model.moderation import Kick, Rename, SetRole
from hubbub.model.refusals import Code


class PlainHub(PlainCircles):
    """The model: what should follow from each command."""

    def expect(self, actor: int, command: HubCommand, now: int) -> Any:
        """Give the names of the events, the code of the refusal, or the first seq."""
        self.now = now
        role = self.role(actor)
        if not may(role, type(command)):
            return Code.NOT_JOINED if role == "nobody" else Code.NOT_ALLOWED
        expect = getattr(self, f"_{type(command).__name__.lower()}")
        return expect(actor, command)

    def accounts(self) -> int:
        """Count the names that are somebody's own."""
        return sum(person.role in ACCOUNTS for person in self.users.values())

    def _bad_name(self, name: str, holder: int | None) -> Code | None:
        same = NAMES[name]
        if same is None:
            return Code.NAME_INVALID
        for user, person in self.users.items():
            other = NAMES[person.name]
            if (
                user != holder
                and other
                and set(zip(same, other, strict=True))
                & {
                    (same[0], same[0]),
                    (same[1], same[1]),
                }
            ):
                return Code.NAME_TAKEN
        return None

    def _join(self, _actor: int, command: Join) -> Any:
        bad = self._bad_name(command.name, None)
        if bad:
            return bad
        if len(self.users) - self.accounts() >= self.limits.users:
            return Code.TOO_MANY_USERS
        out = self.guest_out(command.name, command.place)
        if out:
            return out
        muted = self.lasts(self.muted_places.get(command.place))
        return ["UserJoined", "UserMuted"] if muted else ["UserJoined"]

    def _post(self, actor: int, command: Post) -> Any:
        person = self.users.get(actor)
        if person and command.nonce in person.nonces:
            return person.nonces[command.nonce]
        if command.text in EMPTY:
            return Code.TEXT_EMPTY
        if command.text in LONG:
            return Code.TEXT_TOO_LONG
        if isinstance(command.to, Lobby):
            return self.hindered(actor, 0) or ["LobbyPosted"]
        if isinstance(command.to, ToGroup):
            group = self.find_group(command.to.name)
            if group is None:
                return Code.GROUP_UNKNOWN
            member = actor in self.groups[group][1]
            if not member:
                return Code.NOT_A_MEMBER
            return self.hindered(actor, group) or ["GroupPosted"]
        return self.muted(actor) or self._reaches(command.to.name)

    def _reaches(self, name: str) -> Any:
        found = self.find(name)
        if found is None:
            return Code.USER_UNKNOWN
        full = len(self.users[found].waiting) >= self.limits.waiting
        return Code.USER_AWAY if full else ["DirectPosted"]

    def _postonce(self, _actor: int, command: PostOnce) -> Any:
        same = NAMES[command.name]
        if same and (same[0], command.nonce) in self.once:
            return self.once[same[0], command.nonce]
        no = (
            self._bad_name(command.name, None)
            or self.guest_out(command.name, command.place)
            or self.hindered_once(command.place, command.to)
        )
        if no:
            return no
        if command.text in EMPTY:
            return Code.TEXT_EMPTY
        if command.text in LONG:
            return Code.TEXT_TOO_LONG
        if isinstance(command.to, Lobby):
            return ["LobbyPosted"]
        if isinstance(command.to, ToGroup):
            group = self.find_group(command.to.name)
            return Code.GROUP_UNKNOWN if group is None else Code.NOT_A_MEMBER
        return self._reaches(command.to.name)

    def _has_all(self, actor: int) -> bool:
        count = sum(actor in members for _, members in self.groups.values())
        return count >= self.limits.groups_per_user

    def _creategroup(self, actor: int, command: CreateGroup) -> Any:
        if self.muted(actor):
            return Code.MUTED
        bad = self.bad_group(command.name, None)
        if bad:
            return bad
        if len(self.groups) >= self.limits.groups or self._has_all(actor):
            return Code.TOO_MANY_GROUPS
        return ["GroupCreated"]

    def _joingroup(self, actor: int, command: JoinGroup) -> Any:
        group = self.find_group(command.name)
        if group is None:
            return Code.GROUP_UNKNOWN
        if actor in self.groups[group][1]:
            return Code.ALREADY_MEMBER
        kept = self.kept_from(actor, group, command.place, command.proof)
        if kept:
            return kept
        if self._has_all(actor):
            return Code.TOO_MANY_GROUPS
        if len(self.groups[group][1]) >= self.limits.members:
            return Code.GROUP_FULL
        return ["GroupJoined"]

    def _leavegroup(self, actor: int, command: LeaveGroup) -> Any:
        group = self.find_group(command.name)
        if group is None:
            return Code.GROUP_UNKNOWN
        if actor not in self.groups[group][1]:
            return Code.NOT_A_MEMBER
        return self.leaves(group, actor)

    def leaves(self, group: int, user: int) -> list[str]:
        if len(self.groups[group][1]) == 1:
            return ["GroupLeft", "GroupEnded"]
        owner = self.circles[group].owner == user
        return ["GroupLeft", "GroupRoleSet"] if owner else ["GroupLeft"]

    def leaves_all(self, user: int, gone: tuple[int, ...] = ()) -> list[str]:
        """Say what follows when somebody leaves all groups; `gone` did just now."""
        assert not gone
        events: list[str] = []
        for group, (_, members) in sorted(self.groups.items()):
            if user in members:
                events += self.leaves(group, user)
        return events

    def _kick(self, actor: int, command: Kick) -> Any:
        user = self.find(command.name)
        if user is None:
            return Code.USER_UNKNOWN
        if not self.stands_above(actor, user):
            return Code.NOT_ALLOWED
        if self.users[user].role in ACCOUNTS:
            here = self.users[user].connected
            return ["UserKicked"] if here else Code.USER_AWAY
        return [*self.leaves_all(user), "UserKicked"]

    def _setrole(self, _actor: int, command: SetRole) -> Any:
        user = self.find(command.name)
        if user is None:
            return Code.USER_UNKNOWN
        if command.role not in ACCOUNTS:
            return Code.USAGE
        if self.users[user].role not in ACCOUNTS:
            return Code.ACCOUNT_UNKNOWN
        same = self.users[user].role == command.role
        return Code.USAGE if same else ["RoleChanged"]

    def _openaccount(self, _actor: int, _command: OpenAccount) -> Any:
        full = self.accounts() >= self.limits.accounts
        return Code.TOO_MANY_ACCOUNTS if full else ["AccountOpened"]

    def _setpassword(self, _actor: int, _command: SetPassword) -> Any:
        return ["PasswordChanged", "OthersLoggedOut"]

    def _closeaccount(self, _actor: int, _command: CloseAccount) -> Any:
        return ["OthersLoggedOut", "AccountClosed"]

    def _logoutothers(self, _actor: int, _command: LogOutOthers) -> Any:
        return ["OthersLoggedOut"]

    def _createaccount(self, _actor: int, command: CreateAccount) -> Any:
        if command.role not in ACCOUNTS:
            return Code.USAGE
        user = self.find(command.name)
        if user is not None:
            person = self.users[user]
            if person.role not in ACCOUNTS:
                return Code.NAME_TAKEN
            password = ["PasswordChanged", "OthersLoggedOut"]
            role = [] if person.role == command.role else ["RoleChanged"]
            return [*(password if command.password_hash else []), *role]
        bad = self._bad_name(command.name, None)
        if bad:
            return bad
        full = self.accounts() >= self.limits.accounts
        return Code.TOO_MANY_ACCOUNTS if full else ["AccountCreated"]

    def _signin(self, actor: int, command: SignIn) -> Any:
        out = self.user_out(actor, command.place)
        if out:
            return out
        person = self.users[actor]
        full = command.token_hash and len(person.tokens) >= self.limits.devices
        back = [] if person.connected else ["UserReturned"]
        return [*(["DeviceRemoved"] if full else []), "DeviceAdded", *back]

    def _rename(self, actor: int, command: Rename) -> Any:
        user = self.find(command.name)
        if user is None:
            return Code.USER_UNKNOWN
        if not self.stands_above(actor, user):
            return Code.NOT_ALLOWED
        bad = self._bad_name(command.to, user)
        if bad:
            return bad
        # Full width is mapped to the plain letters when a name is shown.
        shown = {"\uff21\uff2e\uff2e": "ANN"}
        old, new = self.users[user].name, command.to
        same = shown.get(old, old) == shown.get(new, new)
        return Code.NAME_TAKEN if same else ["UserRenamed"]

    def _disconnect(self, actor: int, command: Disconnect) -> Any:
        person = self.users.get(actor)
        if person is None:
            return []
        if person.role in ACCOUNTS:
            removed = ["DeviceRemoved"] if command.device in person.tokens else []
            left = command.last and person.connected
            return [*removed, *(["UserLeft"] if left else [])]
        if not person.connected or not command.last:
            return []
        if command.keep_seat and person.tokens:
            return ["UserLeft"]
        return [*self.leaves_all(actor), "UserLeft"]

    def _resume(self, actor: int, command: Resume) -> Any:
        out = self.user_out(actor, command.place)
        if out:
            return out
        return [] if self.users[actor].connected else ["UserReturned"]

    def _endseat(self, actor: int, _command: EndSeat) -> Any:
        person = self.users.get(actor)
        if person is None or person.connected or person.role in ACCOUNTS:
            return []
        return [*self.leaves_all(actor), "SeatEnded"]
