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
from hubbub.model.access import CreateToken, RevokeToken, UnderToken
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
from hubbub.model.invites import CreateInvite, JoinInvited, RevokeInvite
from hubbub.model.limits import Limits
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
    Kick,
    Mute,
    Rename,
    Report,
    SetPrivacy,
    SetRole,
    Slow,
    Unban,
    Unfreeze,
    Unmute,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def decide(
    state: State, actor: int, command: HubCommand, time: int, limits: Limits
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
    if isinstance(asked, Post):
        return access.post(state, actor, asked, time, limits)
    return decide(state, actor, asked, time, limits)


# Keyed by the exact type: the hot path of a turn goes through here.
_RULES: dict[type, Callable[[State, int, Any, int, Limits], Decision]] = {
    Post: talk.post,
    PostOnce: talk.post_once,
    CreateGroup: groups.create_group,
    JoinGroup: groups.join_group,
    LeaveGroup: groups.leave_group,
    Join: seats.join,
    Resume: seats.resume,
    SignIn: seats.sign_in,
    Disconnect: seats.disconnect,
    EndSeat: seats.end_seat,
    OpenAccount: accounts.open_account,
    SetPassword: accounts.set_password,
    CloseAccount: accounts.close_account,
    LogOutOthers: accounts.log_out_others,
    CreateAccount: accounts.create_account,
    CreateToken: access.create_token,
    RevokeToken: access.revoke_token,
    UnderToken: _under_token,
    CreateInvite: invites.create_invite,
    RevokeInvite: invites.revoke_invite,
    JoinInvited: invites.join_invited,
    Kick: staff.kick,
    Rename: staff.rename,
    SetRole: staff.set_role,
    Ban: order.ban,
    Unban: order.unban,
    Mute: order.mute,
    Unmute: order.unmute,
    Slow: order.slow,
    Freeze: order.freeze,
    Unfreeze: order.freeze,
    DeleteMessage: order.delete_message,
    Announce: order.announce,
    Report: order.report,
    GroupInvite: group_order.invite,
    GroupKick: group_order.kick,
    GroupBan: group_order.ban,
    GroupUnban: group_order.unban,
    GroupMod: group_order.set_mod,
    GroupUnmod: group_order.set_mod,
    GroupTopic: group_order.set_topic,
    SetPrivacy: group_order.set_privacy,
    GroupRename: group_order.rename,
    GroupDelete: group_order.delete,
}
