"""Frames of keeping order: each action has a form, which leads there and back."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from hubbub.dialects.json_lines.order_codec import (
    ADMIN_ACTIONS,
    GROUP_ACTIONS,
    order_request,
    read_admin,
    read_group,
)
from hubbub.dialects.json_lines.order_frames import (
    AdminAction,
    AdminRequest,
    GroupAction,
    GroupRequest,
)
from hubbub.model import commands, invites, moderation
from hubbub.model.address import LOBBY, ToGroup
from hubbub.model.commands import Command
from hubbub.model.refusals import Code, Refusal
from hubbub.model.roles import Role
from hubbub.model.secret import Secret

COMMANDS: list[Command] = [
    commands.ListSessions(),
    moderation.Kick("bob"),
    moderation.Kick("bob", "too loud"),
    moderation.Rename("bob", "robert"),
    moderation.SetRole("bob", Role.MODERATOR),
    commands.CreateAccount("bob", Role.OWNER, "hash"),
    moderation.Ban("10.0.0.0/24", 60, "flood"),
    moderation.Ban("bob"),
    moderation.Unban("bob"),
    moderation.ListBans(),
    moderation.Mute("bob", 60, "too loud"),
    moderation.Unmute("bob"),
    moderation.Slow(LOBBY, 0),
    moderation.Slow(ToGroup("tea"), 10),
    moderation.Freeze(LOBBY),
    moderation.Unfreeze(ToGroup("tea")),
    moderation.Delete(42),
    moderation.Delete(42, "spam"),
    moderation.Announce("tea is ready"),
    moderation.Report("it is loud"),
    moderation.Report("it is loud", "bob", 42),
    moderation.ReadReports(),
    moderation.ReadReports(5),
    moderation.ReadAudit(5, 42),
    invites.NewInvite(),
    invites.NewInvite(60),
    invites.ListInvites(),
    invites.RevokeInvite(7),
    commands.CreateGroup("tea"),
    commands.CreateGroup("tea", private=True),
    commands.JoinGroup("tea"),
    commands.JoinGroup("tea", Secret("earl grey")),
    commands.LeaveGroup("tea"),
    commands.ListMembers("tea"),
    commands.ListGroups(),
    moderation.GroupInvite("tea", "bob"),
    moderation.GroupTopic("tea", "Assam"),
    moderation.GroupTopic("tea", ""),
    moderation.GroupKick("tea", "bob", "too loud"),
    moderation.GroupBan("tea", "bob", 60, "too loud"),
    moderation.GroupUnban("tea", "bob"),
    moderation.GroupMod("tea", "bob"),
    moderation.GroupUnmod("tea", "bob"),
    moderation.ClosePrivate("tea"),
    moderation.ClosePrivate("tea", Secret("earl grey")),
    moderation.SetPrivacy("tea", private=False),
    moderation.GroupRename("tea", "rum"),
    moderation.GroupDelete("tea", "empty"),
]


def read(frame: AdminRequest | GroupRequest) -> Command | Refusal:
    """Read a frame as it comes over the wire."""
    frame = msgspec.json.decode(msgspec.json.encode(frame), type=type(frame))
    return read_admin(frame) if isinstance(frame, AdminRequest) else read_group(frame)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: type(one).__name__)
def test_there_and_back(command: Command) -> None:
    """A frame says all that its command does."""
    frame = order_request(command)
    assert frame is not None
    assert read(frame) == command


def test_a_group_is_named_without_its_sign() -> None:
    """People write `#tea`, and frames `tea`."""
    assert order_request(commands.LeaveGroup("#tea")) == GroupRequest("leave", "tea")


def test_no_action_is_forgotten() -> None:
    """The frames declare the actions; the forms and these cases have them all."""
    declared = {AdminAction: ADMIN_ACTIONS, GroupAction: GROUP_ACTIONS}
    for actions, forms in declared.items():
        assert set(get_args(actions)) == set(forms.values())
    tried = {type(command) for command in COMMANDS}
    made_by_the_node = {moderation.DeleteMessage, invites.CreateInvite}
    assert tried == {*ADMIN_ACTIONS, *GROUP_ACTIONS} - made_by_the_node


@pytest.mark.parametrize(
    "frame",
    [
        AdminRequest("kick"),
        AdminRequest("rename", "bob"),
        AdminRequest("role", "bob"),
        AdminRequest("create", role="owner"),
        AdminRequest("slow"),
        AdminRequest("freeze", to="nowhere"),
        AdminRequest("delete"),
        AdminRequest("announce"),
        AdminRequest("report", text=""),
        AdminRequest("report", reason="loud"),
        AdminRequest("invite-revoke"),
        GroupRequest("create"),
        GroupRequest("kick", "tea"),
        GroupRequest("rename", "tea"),
        GroupRequest("topic", text="Assam"),
    ],
    ids=lambda frame: frame.action,
)
def test_a_frame_that_lacks_something(frame: AdminRequest | GroupRequest) -> None:
    """It is refused, and the refusal says which it was."""
    refusal = read(frame)
    assert isinstance(refusal, Refusal)
    assert refusal.code is Code.BAD_FRAME
    assert frame.action in refusal.text


def test_what_has_no_such_frame() -> None:
    """Other commands are other frames'."""
    assert order_request(commands.ListUsers()) is None
