"""The public Python API: talk to a hub from a program.

Two chats with the same methods and events, over one protocol without I/O:

- `connect` gives a `Chat` for programs that block;
- `hubbub.client.aio.connect` gives an `AsyncChat` for asyncio.

::

    from hubbub.client import Message, connect

    with connect("127.0.0.1", 5000, name="alice") as chat:
        chat.send("hello")
        for event in chat:
            match event:
                case Message(sender=sender, text=text, own=False):
                    print(f"{sender}: {text}")

A lost connection is made again, what was missed is shown once and in order, and what
was sent meanwhile arrives exactly once.

Nothing of the server may enter this package. What has no I/O (`protocol`, `session`
and all they import) imports no socket, asyncio or threading and reads no clock.
"""

from __future__ import annotations

from hubbub.client.blocking import Chat, connect
from hubbub.client.errors import (
    BacklogFullError,
    ChatError,
    EndedError,
    RefusedError,
    UnconfirmedError,
)
from hubbub.client.events import (
    Acknowledged,
    Acted,
    AuditListed,
    BanInfo,
    BansListed,
    Connected,
    Disconnected,
    Done,
    Encryption,
    Ended,
    Event,
    GroupChanged,
    GroupInfo,
    GroupsListed,
    HistoryPage,
    InviteInfo,
    InviteMade,
    InvitesListed,
    Joined,
    Kicked,
    Left,
    LimitsInfo,
    MembersListed,
    Message,
    Missed,
    NameRefused,
    ProtocolError,
    Reconnected,
    Refused,
    Renamed,
    Retrying,
    RoleChanged,
    RoomDescribed,
    RoomInfo,
    SessionInfo,
    SessionsListed,
    TokenInfo,
    TokenMade,
    TokensListed,
    Unconfirmed,
    UsersListed,
    Waiting,
)
from hubbub.client.outgoing import Pending
from hubbub.client.protocol import ClientProtocol
from hubbub.client.reconnect import ReconnectPolicy
from hubbub.client.sockets import SocketStep, Trace
from hubbub.dialects.json_lines.frames import Request

__all__ = [
    "Acknowledged",
    "Acted",
    "AuditListed",
    "BacklogFullError",
    "BanInfo",
    "BansListed",
    "Chat",
    "ChatError",
    "ClientProtocol",
    "Connected",
    "Disconnected",
    "Done",
    "Encryption",
    "Ended",
    "EndedError",
    "Event",
    "GroupChanged",
    "GroupInfo",
    "GroupsListed",
    "HistoryPage",
    "InviteInfo",
    "InviteMade",
    "InvitesListed",
    "Joined",
    "Kicked",
    "Left",
    "LimitsInfo",
    "MembersListed",
    "Message",
    "Missed",
    "NameRefused",
    "Pending",
    "ProtocolError",
    "ReconnectPolicy",
    "Reconnected",
    "Refused",
    "RefusedError",
    "Renamed",
    "Request",
    "Retrying",
    "RoleChanged",
    "RoomDescribed",
    "RoomInfo",
    "SessionInfo",
    "SessionsListed",
    "SocketStep",
    "TokenInfo",
    "TokenMade",
    "TokensListed",
    "Trace",
    "Unconfirmed",
    "UnconfirmedError",
    "UsersListed",
    "Waiting",
    "connect",
]
