"""What the model knows by heart, written down by hand and not taken from the code."""

from __future__ import annotations

from hubbub.model.commands import (
    CloseAccount,
    CreateAccount,
    CreateGroup,
    Disconnect,
    EndSeat,
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

# Each name with what it is the same as by case and width, and by look; None: not
# allowed. Written down by hand, so that it does not come from the code under test.
NAMES: dict[str, tuple[str, str] | None] = {
    "ann": ("ann", "ann"),
    "Ann": ("ann", "ann"),
    "\uff21\uff2e\uff2e": ("ann", "ann"),
    "\u0430nn": ("cyrillic-ann", "ann"),
    "Bill": ("bill", "bill"),
    "BiIl": ("biil", "bill"),
    "zoë": ("zoë", "zoë"),
    "ZOË": ("zoë", "zoë"),
    "carl": ("carl", "carl"),
    "dora": ("dora", "dora"),
    "emil": ("emil", "emil"),
    "two words": None,
    "Server": None,
    ":x": None,
    "": None,
}
GROUPS: dict[str, tuple[str, str] | None] = {
    "tea": ("tea", "tea"),
    "TEA": ("tea", "tea"),
    "l\u0435mon": ("cyrillic-lemon", "lemon"),
    "lemon": ("lemon", "lemon"),
    "corn": ("corn", "corn"),
    "com": ("com", "corn"),
    "four": ("four", "four"),
    ":no": None,
}
# The texts of the machine that have nothing to show, and those over 12 bytes.
RANKS = {"guest": 0, "member": 1, "moderator": 2, "owner": 3, "server": 4}
"""Who stands above whom."""

ACCOUNTS = {"member", "moderator", "owner"}

# Who may do what, once more and by hand: "seated" is everybody who has a seat.
RIGHTS: dict[type, str] = {
    Post: "guest member moderator owner server",
    PostOnce: "server",
    CreateGroup: "guest member moderator owner",
    JoinGroup: "guest member moderator owner",
    LeaveGroup: "guest member moderator owner",
    Kick: "moderator owner server",
    Rename: "moderator owner server",
    SetRole: "owner server",
    Ban: "moderator owner server",
    Unban: "moderator owner server",
    Mute: "moderator owner server",
    Unmute: "moderator owner server",
    Announce: "moderator owner server",
    Slow: "guest member moderator owner server",
    Freeze: "guest member moderator owner server",
    Unfreeze: "guest member moderator owner server",
    DeleteMessage: "guest member moderator owner server",
    Report: "guest member moderator owner",
    GroupInvite: "guest member moderator owner",
    GroupKick: "guest member moderator owner",
    GroupBan: "guest member moderator owner",
    GroupUnban: "guest member moderator owner",
    GroupMod: "guest member moderator owner",
    GroupUnmod: "guest member moderator owner",
    GroupTopic: "guest member moderator owner",
    SetPrivacy: "guest member moderator owner",
    GroupRename: "guest member moderator owner",
    GroupDelete: "guest member moderator owner",
    OpenAccount: "guest",
    SetPassword: "member moderator owner",
    CloseAccount: "member moderator owner",
    LogOutOthers: "member moderator owner",
    CreateAccount: "server",
    Join: "server",
    Resume: "guest member moderator owner",
    SignIn: "member moderator owner",
    Disconnect: "guest member moderator owner nobody",
    EndSeat: "guest member moderator owner nobody",
}

PLACES = {"10.0.0.1": ("10.0.0.0/24",), "10.0.0.2": ("10.0.0.0/24",), "10.0.9.9": ()}
"""Addresses, with the networks of the machine that they lie in."""

EMPTY = {"\x1b[31m", "  "}
LONG = {"é" * 7}
