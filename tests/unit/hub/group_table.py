"""Who may do what in a room, written down by hand."""

from __future__ import annotations

from typing import NamedTuple

from hubbub.model.moderation import (
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
    SetPrivacy,
    Slow,
    Unfreeze,
)


class Who(NamedTuple):
    """Who may: in a public group, in a private one, and in the lobby."""

    public: str
    private: str
    lobby: str = ""


_MODS = Who("mod owner staff", "mod owner")
_OWNER = Who("owner staff", "owner")
_WRITING = Who("mod owner staff", "mod owner", "staff")

ACTS: dict[type, Who] = {
    Slow: _WRITING,
    Freeze: _WRITING,
    Unfreeze: _WRITING,
    # Staff that is no member does not see what is said in a group.
    DeleteMessage: Who("mod owner", "mod owner", "staff"),
    GroupInvite: Who("member mod owner staff", "mod owner"),
    GroupTopic: _MODS,
    GroupKick: _MODS,
    GroupBan: _MODS,
    GroupUnban: _MODS,
    GroupMod: _OWNER,
    GroupUnmod: _OWNER,
    SetPrivacy: _OWNER,
    GroupRename: _OWNER,
    GroupDelete: Who("owner staff", "owner staff"),
}
"""What is done in rooms, and by whom: `staff` keeps order in the hub."""
