"""What follows from a command: events, a refusal, or the answer given before.

Each rule is a function of the state, the user who asks, the command, the time and the
limits, and of nothing else. Rules change nothing; `apply` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hubbub.hub.access import keeps_from
from hubbub.hub.decision import Decision
from hubbub.hub.rights import RIGHTS, no_right, role_of
from hubbub.hub.rules import (
    access,
    accounts,
    group_order,
    groups,
    invites,
    order,
    seats,
    staff,
    talk,
)
from hubbub.hub.state import State
from hubbub.model import commands, moderation
from hubbub.model.access import CreateToken, RevokeToken, UnderToken
from hubbub.model.invites import CreateInvite, JoinInvited, RevokeInvite
from hubbub.model.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable


def decide(
    state: State, actor: int, command: commands.HubCommand, time: int, limits: Limits
) -> Decision:
    """Decide a command.

    Args:
        state: Read, never changed.
        actor: The id of the user who asks; `SERVER_ID` for the console, and for
            a `Join` or a `PostOnce`, which nobody asks yet.
        command: What is asked.
        time: Unix milliseconds, for the events.
        limits: The hub's limits.

    Returns:
        The events that follow, in order, numbered on from `state.seq`; or why not.
    """
    kind = type(command)
    role = role_of(state, actor)
    if role not in RIGHTS[kind]:
        return no_right(role, kind)
    return _RULES[kind](state, actor, command, time, limits)


def _under_token(
    state: State, actor: int, command: UnderToken, time: int, limits: Limits
) -> Decision:
    """Decide what is asked by the right of a token: what its account may, in scope."""
    asked: Any = command.command
    no = keeps_from(state, actor, command, time)
    if no is not None:
        return no
    if isinstance(asked, commands.Post):
        return access.post(state, actor, asked, time, limits)
    return decide(state, actor, asked, time, limits)


# Keyed by the exact type: the hot path of a turn goes through here.
_RULES: dict[type, Callable[[State, int, Any, int, Limits], Decision]] = {
    commands.Post: talk.post,
    commands.PostOnce: talk.post_once,
    commands.CreateGroup: groups.create_group,
    commands.JoinGroup: groups.join_group,
    commands.LeaveGroup: groups.leave_group,
    commands.Join: seats.join,
    commands.Resume: seats.resume,
    commands.SignIn: seats.sign_in,
    commands.Disconnect: seats.disconnect,
    commands.EndSeat: seats.end_seat,
    commands.OpenAccount: accounts.open_account,
    commands.SetPassword: accounts.set_password,
    commands.CloseAccount: accounts.close_account,
    commands.LogOutOthers: accounts.log_out_others,
    commands.CreateAccount: accounts.create_account,
    CreateToken: access.create_token,
    RevokeToken: access.revoke_token,
    UnderToken: _under_token,
    CreateInvite: invites.create_invite,
    RevokeInvite: invites.revoke_invite,
    JoinInvited: invites.join_invited,
    moderation.Kick: staff.kick,
    moderation.Rename: staff.rename,
    moderation.SetRole: staff.set_role,
    moderation.Ban: order.ban,
    moderation.Unban: order.unban,
    moderation.Mute: order.mute,
    moderation.Unmute: order.unmute,
    moderation.Slow: order.slow,
    moderation.Freeze: order.freeze,
    moderation.Unfreeze: order.freeze,
    moderation.DeleteMessage: order.delete_message,
    moderation.Announce: order.announce,
    moderation.Report: order.report,
    moderation.GroupInvite: group_order.invite,
    moderation.GroupKick: group_order.kick,
    moderation.GroupBan: group_order.ban,
    moderation.GroupUnban: group_order.unban,
    moderation.GroupMod: group_order.set_mod,
    moderation.GroupUnmod: group_order.set_mod,
    moderation.GroupTopic: group_order.set_topic,
    moderation.SetPrivacy: group_order.set_privacy,
    moderation.GroupRename: group_order.rename,
    moderation.GroupDelete: group_order.delete,
}
