"""Each act that takes a right, as it is asked for at a socket.

A row names the command as `tests/rights_table.py` does, and says how it is asked for
by the verbs that every dialect shares. What has to be there first, and what is to be
undone so that the next may try the same, is done by the hub's operator. A new act is
one row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conformance.rights_stage import Stage
    from tests.conformance.speakers.speaker import Speaker

PASSWORD = "correct-horse"

# Addresses that nobody comes from (RFC 5737).
_NOBODYS = "198.51.100.7"
_BANNED = "198.51.100.9"


def _nothing(_: object) -> None:
    """Do nothing, where there is nothing to do."""


@dataclass(frozen=True)
class Act:
    """One act in the hub.

    Attributes:
        command: Its name in the table of rights.
        ask: Asks for it, as somebody, on a stage.
        line: The same at the console's terminal; None where that has no such command.
        before: Makes it possible.
        after: Undoes it.
        changes: Whether it is an event; else it is a question.
        turns: Whether it makes one of another role of who does it.
    """

    command: str
    ask: Callable[[Speaker, Stage], None]
    line: Callable[[Stage], str] | None = None
    before: Callable[[Stage], None] = _nothing
    after: Callable[[Stage], None] = _nothing
    changes: bool = True
    turns: bool = False


def _order(action: str, **fields: str | int) -> Callable[[Stage], None]:
    return lambda stage: stage.order(action, **fields)


def _in_group(action: str, **fields: str) -> Callable[[Speaker, Stage], None]:
    return lambda one, stage: one.order_group(action, stage.group, **fields)


def _question(command: str, action: str) -> Act:
    return Act(
        command,
        lambda one, _: one.order(action),
        line=lambda _: f":{action}",
        changes=False,
    )


def need_victim(stage: Stage) -> None:
    """Have a guest here, who is sent home when something was done to them."""
    stage.need_victim()


ACTS: tuple[Act, ...] = (
    # Talk
    Act(
        "Post",
        lambda one, stage: one.post("tea?", f"@{stage.rank['member']}"),
        line=lambda _: "tea?",
    ),
    Act("CreateGroup", lambda one, stage: one.change_group("create", stage.free)),
    Act("JoinGroup", lambda one, stage: one.change_group("join", stage.group)),
    Act("LeaveGroup", lambda one, stage: one.change_group("leave", stage.group)),
    # Keeping order
    Act(
        "Kick",
        lambda one, stage: one.order("kick", name=stage.victim),
        line=lambda stage: f":kick {stage.victim}",
        before=need_victim,
    ),
    Act(
        "Rename",
        lambda one, stage: one.order("rename", name=stage.victim, to=stage.free),
        line=lambda stage: f":rename {stage.victim} {stage.free}",
        before=need_victim,
    ),
    Act(
        "SetRole",
        lambda one, stage: one.order("role", name=stage.pal, role="owner"),
        line=lambda stage: f":role {stage.pal} owner",
        after=lambda stage: stage.order("role", name=stage.pal, role="member"),
    ),
    Act(
        "Ban",
        lambda one, stage: one.order("ban", name=_NOBODYS),
        line=lambda _: f":ban {_NOBODYS}",
        after=_order("unban", name=_NOBODYS),
    ),
    Act(
        "Unban",
        lambda one, stage: one.order("unban", name=_BANNED),
        line=lambda _: f":unban {_BANNED}",
        before=_order("ban", name=_BANNED),
    ),
    Act(
        "Mute",
        lambda one, stage: one.order("mute", name=stage.victim),
        line=lambda stage: f":mute {stage.victim}",
        before=need_victim,
    ),
    Act(
        "Unmute",
        lambda one, stage: one.order("unmute", name=stage.pal),
        line=lambda stage: f":unmute {stage.pal}",
        before=lambda stage: stage.order("mute", name=stage.pal),
    ),
    Act(
        "Announce",
        lambda one, _: one.order("announce", text="tea"),
        line=lambda _: ":announce tea",
    ),
    Act(
        "Slow",
        lambda one, _: one.order("slow", seconds=1),
        line=lambda _: ":slow 1s",
        after=_order("slow", seconds=0),
    ),
    Act(
        "Freeze",
        lambda one, _: one.order("freeze"),
        line=lambda _: ":freeze",
        after=_order("unfreeze"),
    ),
    Act(
        "Unfreeze",
        lambda one, _: one.order("unfreeze"),
        line=lambda _: ":unfreeze",
        before=_order("freeze"),
        after=_order("unfreeze"),
    ),
    Act(
        "DeleteMessage",
        lambda one, stage: one.order("delete", message=stage.said),
        line=lambda stage: f":delete {stage.said}",
        before=lambda stage: stage.say(),
    ),
    Act("Report", lambda one, _: one.order("report", text="loud")),
    # Groups: tried by each standing below; here by those who have none.
    *(
        Act(command, _in_group(action, **fields))
        for command, action, fields in (
            ("GroupInvite", "invite", {"user": "nobody-at-all"}),
            ("GroupTopic", "topic", {"text": "tea"}),
            ("GroupKick", "kick", {"user": "nobody-at-all"}),
            ("GroupBan", "ban", {"user": "nobody-at-all"}),
            ("GroupUnban", "unban", {"user": "nobody-at-all"}),
            ("GroupMod", "mod", {"user": "nobody-at-all"}),
            ("GroupUnmod", "unmod", {"user": "nobody-at-all"}),
            ("SetPrivacy", "private", {}),
            ("GroupRename", "rename", {"to": "another"}),
            ("GroupDelete", "delete", {}),
        )
    ),
    # Questions
    Act("ListUsers", lambda one, _: one.ask_users(), changes=False),
    Act(
        "ListGroups",
        lambda one, _: one.ask_groups(),
        line=lambda _: ":groups",
        changes=False,
    ),
    Act(
        "ListMembers",
        lambda one, stage: one.change_group("members", stage.group),
        changes=False,
    ),
    Act(
        "ReadHistory",
        lambda one, _: one.ask_history("lobby"),
        line=lambda _: ":history 1",
        changes=False,
    ),
    _question("ListSessions", "list"),
    _question("ListBans", "bans"),
    _question("ReadReports", "reports"),
    _question("ReadAudit", "audit"),
    # Access tokens
    Act(
        "CreateToken",
        lambda one, stage: one.change_token(
            "create",
            name=stage.pal if one.name == "SERVER" else one.name,
            post=("lobby",),
        ),
        line=lambda stage: f":token new {stage.pal} post lobby",
    ),
    Act(
        "ListTokens",
        lambda one, _: one.change_token("list"),
        line=lambda _: ":tokens",
        changes=False,
    ),
    # Invitations
    Act(
        "CreateInvite",
        lambda one, _: one.order("invite"),
        line=lambda _: ":invite new",
    ),
    Act(
        "RevokeInvite",
        lambda one, stage: one.order("invite-revoke", id=stage.invite),
        line=lambda stage: f":invite revoke {stage.invite}",
        before=lambda stage: stage.make_invite(),
    ),
    _question("ListInvites", "invites"),
    # Accounts
    Act("LogOutOthers", lambda one, _: one.change_account("logout-others")),
    Act("SetPassword", lambda one, _: one.change_account("passwd", PASSWORD, PASSWORD)),
    Act(
        "CloseAccount",
        lambda one, _: one.change_account("unregister", PASSWORD),
        turns=True,
    ),
    Act(
        "OpenAccount",
        lambda one, _: one.change_account("register", PASSWORD),
        turns=True,
    ),
)

UPON: tuple[Act, ...] = (
    Act("Kick", lambda one, stage: one.order("kick", name=stage.target)),
    Act(
        "Rename",
        lambda one, stage: one.order("rename", name=stage.target, to=stage.free),
    ),
    Act("Ban", lambda one, stage: one.order("ban", name=stage.target)),
    Act("Mute", lambda one, stage: one.order("mute", name=stage.target)),
    Act(
        "Unmute",
        lambda one, stage: one.order("unmute", name=stage.target),
        before=lambda stage: stage.order("mute", name=stage.target),
        after=lambda stage: stage.order("unmute", name=stage.target),
    ),
)
"""What is done to somebody; down the ranks only."""

NOT_ASKED: dict[str, str] = {
    "Join": "what a first `hello` becomes",
    "JoinInvited": "what a `hello` with a code becomes; see test_invites.py",
    "Resume": "what a `hello` with a token becomes",
    "SignIn": "what a `hello` with the right password becomes",
    "Disconnect": "what the end of a connection becomes",
    "EndSeat": "what the end of a wait becomes",
    "CreateAccount": "a frame of the operator's own; see `test_an_account_is_made`",
    "RevokeToken": "of one's own; see test_tokens.py",
    "UnderToken": "of a token's rights; see test_tokens.py",
    "Shutdown": "ends the hub; see `test_the_console_alone_ends_the_hub`",
    "Help": "for lines alone; see test_plain.py",
}
"""What has no row, and why."""


@dataclass(frozen=True)
class Request:
    """One act over HTTP, by who has not come in.

    Attributes:
        command: Its name in the table of rights.
        method: Of the request.
        target: Where; `{group}`, `{private}` and `{member}` are filled in.
        status: That of the answer.
        code: The refusal's, or "" where there is none.
        follows: Whether the answer has no end.
    """

    command: str
    method: str
    target: str
    status: int
    code: str = ""
    follows: bool = False


REQUESTS: tuple[Request, ...] = (
    Request("PostOnce", "POST", "/lobby", 201),
    Request("PostOnce", "POST", "/users/{member}", 201),
    Request("PostOnce", "POST", "/groups/{group}", 403, "not_a_member"),
    Request("PostOnce", "POST", "/groups/{private}", 403, "not_a_member"),
    Request("PostOnce", "POST", "/lobby?name={member}", 409, "name_taken"),
    Request("PostOnce", "POST", "/lobby?name=SERVER", 400, "name_invalid"),
    Request("Observe", "GET", "/lobby", 200, follows=True),
    Request("ReadLobby", "GET", "/lobby?limit=1", 200),
    Request("ReadHistory", "GET", "/groups/{group}?limit=1", 403, "not_joined"),
    Request("ReadHistory", "GET", "/users/{member}?limit=1", 403, "not_joined"),
    Request("JoinGroup", "GET", "/groups/{group}", 403, "not_joined"),
    Request("JoinGroup", "GET", "/groups/{private}", 403, "not_joined"),
    Request("ReadHistory", "GET", "/users/{member}", 403, "not_joined"),
    Request("SignIn", "GET", "/users/pal?name={member}", 401, "password_needed"),
    Request("WhoIsHere", "GET", "/about.json", 200),
    Request("CheckHealth", "GET", "/healthz", 200),
    Request("ReadMetrics", "GET", "/metrics", 200),
)
