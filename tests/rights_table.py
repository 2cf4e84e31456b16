"""Who may do what, written by hand from docs/protocol.md: "Roles", "Keeping order".

The one table that every test of rights goes by: the rules alone, the hub's machine, and
what is tried over sockets. It names the commands as words, so that tests which know
nothing of the hub's code can read it; a unit test insists that no command is missing.
"""

from __future__ import annotations

from typing import NamedTuple

ROLES = ("nobody", "guest", "member", "moderator", "owner", "console")

_SEATED = "guest member moderator owner"
_HERE = f"{_SEATED} console"
_STAFF = "moderator owner console"
_ACCOUNTS = "member moderator owner"
_ANYBODY = f"nobody {_HERE}"

HUB: dict[str, str] = {
    # Talk
    "Post": _HERE,
    "PostOnce": "console",
    "CreateGroup": _SEATED,
    "JoinGroup": _SEATED,
    "LeaveGroup": _SEATED,
    # Keeping order
    "Kick": _STAFF,
    "Rename": _STAFF,
    "SetRole": "owner console",
    "Ban": _STAFF,
    "Unban": _STAFF,
    "Mute": _STAFF,
    "Unmute": _STAFF,
    "Announce": _STAFF,
    "Report": _SEATED,
    # What these may depends on the room, too: see `ROOMS`.
    "Slow": _HERE,
    "Freeze": _HERE,
    "Unfreeze": _HERE,
    "DeleteMessage": _HERE,
    "GroupInvite": _SEATED,
    "GroupKick": _SEATED,
    "GroupBan": _SEATED,
    "GroupUnban": _SEATED,
    "GroupMod": _SEATED,
    "GroupUnmod": _SEATED,
    "GroupTopic": _SEATED,
    "SetPrivacy": _SEATED,
    "GroupRename": _SEATED,
    "GroupDelete": _SEATED,
    # Accounts
    "OpenAccount": "guest",
    "SetPassword": _ACCOUNTS,
    "CloseAccount": _ACCOUNTS,
    "LogOutOthers": _ACCOUNTS,
    "CreateAccount": "console",
    # Access tokens: for oneself; for others at the console alone
    "CreateToken": f"{_ACCOUNTS} console",
    "RevokeToken": f"{_ACCOUNTS} console",
    "ListTokens": f"{_ACCOUNTS} console",
    "UnderToken": _ACCOUNTS,
    # Invitations
    "CreateInvite": _STAFF,
    "RevokeInvite": _STAFF,
    "ListInvites": _STAFF,
    # Coming and going
    "Join": "console",
    "JoinInvited": "console",
    "Resume": _SEATED,
    "SignIn": _ACCOUNTS,
    "Disconnect": f"{_SEATED} nobody",
    "EndSeat": f"{_SEATED} nobody",
    "Shutdown": "console",
    # Questions
    "ListUsers": _HERE,
    "ListGroups": _HERE,
    "ListMembers": _HERE,
    "ReadHistory": _HERE,
    "ListSessions": _STAFF,
    "ListBans": _STAFF,
    "ReadReports": _STAFF,
    "ReadAudit": "owner console",
    "ReadLobby": _ANYBODY,
    "Observe": _ANYBODY,
    "WhoIsHere": _ANYBODY,
    "CheckHealth": _ANYBODY,
    "ReadMetrics": _ANYBODY,
    "Help": _ANYBODY,
}
"""Which role may give which command.

Coming in is the console's, for nobody has a role before; so is what is said without
coming in.
"""


class Who(NamedTuple):
    """Who may: in a public group, in a private one, in the lobby ("" for no case)."""

    public: str
    private: str
    lobby: str = ""


STANDINGS = ("stranger", "member", "mod", "owner", "staff")
"""`staff` keeps order in the hub and is no member of the group."""

_MODS = Who("mod owner staff", "mod owner")
_OWNER = Who("owner staff", "owner")
_WRITING = Who("mod owner staff", "mod owner", "staff")

ROOMS: dict[str, Who] = {
    "Slow": _WRITING,
    "Freeze": _WRITING,
    "Unfreeze": _WRITING,
    # Staff that is no member does not see what is said in a group.
    "DeleteMessage": Who("mod owner", "mod owner", "staff"),
    "GroupInvite": Who("member mod owner staff", "mod owner"),
    "GroupTopic": _MODS,
    "GroupKick": _MODS,
    "GroupBan": _MODS,
    "GroupUnban": _MODS,
    "GroupMod": _OWNER,
    "GroupUnmod": _OWNER,
    "SetPrivacy": _OWNER,
    "GroupRename": _OWNER,
    "GroupDelete": Who("owner staff", "owner staff"),
}
"""What is done in rooms to keep order, and by whom."""

_MEMBERS = "member mod owner"

TALK: dict[str, Who] = {
    "Post": Who(_MEMBERS, _MEMBERS),
    "ReadHistory": Who(_MEMBERS, _MEMBERS),
    "ListMembers": Who(f"stranger {_MEMBERS} staff", _MEMBERS),
    "ListGroups": Who(f"stranger {_MEMBERS} staff", _MEMBERS),
    "JoinGroup": Who("stranger staff", ""),
}
"""Who takes part in a group: says, reads, sees that it is there and who is in it."""


def may(role: str, command: str) -> bool:
    """Tell whether a role has the right to a command, in the lobby if in a room."""
    room = ROOMS.get(command)
    if room is not None and room.lobby and role not in _STAFF.split():
        return False
    return role in HUB[command].split()
