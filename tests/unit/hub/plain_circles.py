"""What should follow from the commands that keep order in groups."""

from __future__ import annotations

from typing import Any

from tests.unit.hub.plain_rules import STAFF, PlainRules
from tests.unit.hub.tables import GROUPS, NAMES

from hubbub.model.moderation import (
    GroupBan,
    GroupDelete,
    GroupInvite,
    GroupKick,
    GroupMod,
    GroupRename,
    GroupTopic,
    GroupUnban,
    GroupUnmod,
    SetPrivacy,
)
from hubbub.model.refusals import Code


class PlainCircles(PlainRules):
    """The part of the model that knows who may do what in a group."""

    def _group(self, actor: int, name: str, rank: int) -> int | Code:
        group = self.find_group(name)
        if group is None:
            return Code.GROUP_UNKNOWN
        return group if self._rank(actor, group) >= rank else Code.NOT_ALLOWED

    def _meant(self, actor: int, group: int, name: str) -> int | Code:
        user = self.find(name)
        if user is None:
            return Code.USER_UNKNOWN
        above = self._rank(actor, group) > self._rank(user, group)
        return user if above else Code.NOT_ALLOWED

    def _member(self, actor: int, group: int, name: str) -> int | Code:
        user = self.find(name)
        if user is not None and user not in self.groups[group][1]:
            return Code.NOT_A_MEMBER
        return self._meant(actor, group, name)

    def kept_from(self, actor: int, group: int, place: str, proof: str) -> Code | None:
        """Say why one can't join a group."""
        circle = self.circles[group]
        keys = self._keys(actor, (place,) if place else ())
        if any(self.lasts(circle.bans.get(key)) for key in keys):
            return Code.BANNED
        if not circle.private or actor in circle.invited:
            return None
        right = circle.password and proof == circle.password
        return None if right else Code.NOT_INVITED

    def leaves(self, group: int, user: int) -> list[str]:
        """Say what follows when somebody leaves a group."""
        raise NotImplementedError

    def _groupinvite(self, actor: int, command: GroupInvite) -> Any:
        found = self.find_group(command.group)
        private = found is not None and self.circles[found].private
        group = self._group(actor, command.group, 1 if private else 0)
        if isinstance(group, Code):
            return group
        if self.muted(actor):
            return Code.MUTED
        user = self.find(command.name)
        if user is None:
            return Code.USER_UNKNOWN
        if user in self.groups[group][1]:
            return Code.ALREADY_MEMBER
        full = len(self.circles[group].invited) >= self.limits.members
        return Code.GROUP_FULL if full else ["GroupInvited"]

    def _groupkick(self, actor: int, command: GroupKick) -> Any:
        group = self._group(actor, command.group, 1)
        if isinstance(group, Code):
            return group
        user = self._member(actor, group, command.name)
        return user if isinstance(user, Code) else self.leaves(group, user)

    def _groupban(self, actor: int, command: GroupBan) -> Any:
        group = self._group(actor, command.group, 1)
        if isinstance(group, Code):
            return group
        user = self._meant(actor, group, command.name)
        if isinstance(user, Code):
            return user
        keys = self._keys(user, command.places)
        if len(self.circles[group].bans) + len(keys) > self.limits.bans:
            return Code.TOO_MANY_BANS
        member = user in self.groups[group][1]
        return ["GroupBanSet", *(self.leaves(group, user) if member else [])]

    def _groupunban(self, actor: int, command: GroupUnban) -> Any:
        group = self._group(actor, command.group, 1)
        if isinstance(group, Code):
            return group
        same, user = NAMES[command.name], self.find(command.name)
        keys = [f"name {same[0]}"] if same else []
        keys += [] if user is None else self._keys(user, ())
        bans = self.circles[group].bans
        banned = any(self.lasts(bans.get(key)) for key in keys)
        return ["GroupBanLifted"] if banned else Code.BAN_UNKNOWN

    def _groupmod(self, actor: int, command: GroupMod) -> Any:
        return self._set_mod(actor, command.group, command.name, mod=True)

    def _groupunmod(self, actor: int, command: GroupUnmod) -> Any:
        return self._set_mod(actor, command.group, command.name, mod=False)

    def _set_mod(self, actor: int, name: str, whom: str, *, mod: bool) -> Any:
        group = self._group(actor, name, 2)
        if isinstance(group, Code):
            return group
        user = self._member(actor, group, whom)
        if isinstance(user, Code):
            return user
        same = (user in self.circles[group].mods) is mod
        return Code.USAGE if same else ["GroupRoleSet"]

    def _grouptopic(self, actor: int, command: GroupTopic) -> Any:
        group = self._group(actor, command.group, 1)
        if isinstance(group, Code):
            return group
        return self.muted(actor) or ["GroupTopicSet"]

    def _setprivacy(self, actor: int, command: SetPrivacy) -> Any:
        group = self._group(actor, command.group, 2)
        if isinstance(group, Code):
            return group
        if command.private:
            return ["GroupClosed"]
        return ["GroupOpened"] if self.circles[group].private else Code.USAGE

    def _grouprename(self, actor: int, command: GroupRename) -> Any:
        group = self._group(actor, command.group, 2)
        if isinstance(group, Code):
            return group
        if self.muted(actor):
            return Code.MUTED
        bad = self.bad_group(command.to, group)
        if bad:
            return bad
        same = command.to == self.groups[group][0]
        return Code.GROUP_EXISTS if same else ["GroupRenamed"]

    def bad_group(self, name: str, holder: int | None) -> Code | None:
        """Say why no group can be called so."""
        same = GROUPS[name]
        if same is None:
            return Code.NAME_INVALID
        if self.find_group(name) not in (None, holder):
            return Code.GROUP_EXISTS
        for group, (other, _) in self.groups.items():
            if group != holder and same[1] == (GROUPS[other] or "  ")[1]:
                return Code.NAME_TAKEN
        return None

    def _groupdelete(self, actor: int, command: GroupDelete) -> Any:
        rank = -1 if self.role(actor) in STAFF else 2
        group = self._group(actor, command.group, rank)
        if isinstance(group, Code):
            return group
        return ["GroupLeft"] * len(self.groups[group][1]) + ["GroupEnded"]
