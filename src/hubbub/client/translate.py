"""Frames to events, and which request a frame answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hubbub.client.events import (
    Acted,
    AuditListed,
    BansListed,
    Done,
    Event,
    GroupChanged,
    GroupsListed,
    HistoryPage,
    InviteMade,
    InvitesListed,
    Joined,
    Kicked,
    Left,
    MembersListed,
    Message,
    Renamed,
    RoleChanged,
    RoomDescribed,
    SessionsListed,
    TokenMade,
    TokensListed,
    UsersListed,
    Waiting,
)
from hubbub.client.rooms import info_of
from hubbub.dialects.json_lines import access_frames, frames, order_frames
from hubbub.model.names import name_key
from hubbub.model.time import EARLIEST, LATEST

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubbub.client.outgoing import Outgoing
    from hubbub.dialects.json_lines.frames import Request

# Answers that are no `done`, and what each was asked for with.
_LISTS: dict[type, tuple[str, str]] = {
    frames.SessionList: ("admin", "list"),
    order_frames.BanList: ("admin", "bans"),
    order_frames.Invite: ("admin", "invite"),
    order_frames.InviteList: ("admin", "invites"),
    access_frames.Token: ("token", "create"),
    access_frames.TokenList: ("token", "list"),
}

# What a `group` event was asked for with.
_ASKED = {"created": "create", "joined": "join", "left": "leave"}


def message_of(frame: frames.Message, me: str) -> Message:
    """Turn a message into its event.

    Args:
        frame: As it came.
        me: This client's name.

    Raises:
        ValueError: The time is none.
    """
    own = frame.nonce is not None or frame.from_ == me
    return Message(
        frame.seq,
        _moment(frame),
        frame.from_,
        frame.to,
        frame.text,
        own,
        frame.nonce,
        frame.deleted,
    )


def event_of(frame: frames.ServerFrame, re: str | None, me: str) -> Event:
    """Turn a frame that tells something into its event.

    Args:
        frame: Any frame but those that concern the connection itself.
        re: Which request it answers.
        me: This client's name.

    Raises:
        ValueError: The time is none.
    """
    match frame:
        case frames.Message():
            return message_of(frame, me)
        case (
            order_frames.Act()
            | order_frames.AuditPage()
            | order_frames.BanList()
            | order_frames.Invite()
            | order_frames.InviteList()
        ):
            return _order_of(frame, re)
        case access_frames.Token() | access_frames.TokenList():
            return _tokens_of(frame, re)
        case (
            frames.Joined()
            | frames.Left()
            | frames.Renamed()
            | frames.Kicked()
            | frames.RoleChanged()
            | frames.Group()
        ):
            return _presence_of(frame, re, me)
        case _:
            return _answer_of(frame, re, me)


def _answer_of(frame: frames.ServerFrame, re: str | None, me: str) -> Event:
    match frame:
        case frames.UserList():
            return UsersListed(re, frame.users)
        case frames.GroupList():
            return GroupsListed(re, frame.groups)
        case frames.MemberList():
            return MembersListed(re, frame.group, frame.members)
        case frames.HistoryPage():
            messages = tuple(message_of(one, me) for one in frame.messages)
            return HistoryPage(re, frame.of, messages, frame.more)
        case frames.WaitingPage():
            return Waiting(tuple(message_of(one, me) for one in frame.messages))
        case frames.SessionList():
            return SessionsListed(re, frame.sessions)
        case frames.Done():
            return Done(re, frame.action)
        case frames.Room():
            return RoomDescribed(info_of(frame))
        case _:
            raise AssertionError(frame)


def _tokens_of(
    frame: access_frames.Token | access_frames.TokenList, re: str | None
) -> TokenMade | TokensListed:
    if isinstance(frame, access_frames.TokenList):
        for one in frame.tokens:
            if one.until is not None:
                _moment_of(one.until)
        return TokensListed(re, frame.tokens)
    until = None if frame.until is None else _moment_of(frame.until)
    scope = (frame.post, frame.read)
    return TokenMade(re, frame.token, frame.id, frame.name, *scope, until)


_Order = (
    order_frames.Act
    | order_frames.AuditPage
    | order_frames.BanList
    | order_frames.Invite
    | order_frames.InviteList
)


def _order_of(frame: _Order, re: str | None) -> Event:
    match frame:
        case order_frames.BanList():
            return BansListed(re, frame.bans)
        case order_frames.InviteList():
            return InvitesListed(re, frame.invites)
        case order_frames.Invite(id, code, until, link, command):
            end = None if until is None else _moment_of(until)
            return InviteMade(re, id, code, end, link, command)
        case order_frames.AuditPage():
            acts = tuple(_acted(one) for one in frame.acts)
            return AuditListed(re, acts, frame.more, frame.reports)
        case order_frames.Act():
            return _acted(frame)


_Presence = (
    frames.Joined
    | frames.Left
    | frames.Renamed
    | frames.Kicked
    | frames.RoleChanged
    | frames.Group
)


def _presence_of(frame: _Presence, re: str | None, me: str) -> Event:
    match frame:
        case frames.Joined():
            return Joined(
                frame.seq, _moment(frame), frame.name, frame.address, frame.returned
            )
        case frames.Left():
            return Left(frame.seq, _moment(frame), frame.name, frame.reason)
        case frames.Renamed():
            own = frame.you or frame.from_ == me
            return Renamed(frame.seq, _moment(frame), frame.from_, frame.to, own)
        case frames.Kicked():
            return Kicked(
                frame.seq,
                _moment(frame),
                frame.name,
                frame.by,
                frame.reason,
                frame.name == me,
                frame.banned,
            )
        case frames.RoleChanged():
            own = frame.you or frame.name == me
            return RoleChanged(
                frame.seq, _moment(frame), frame.name, frame.role, frame.by, own
            )
        case frames.Group():
            return GroupChanged(
                frame.seq,
                _moment(frame),
                frame.action,
                frame.group,
                frame.name,
                frame.you or frame.name == me,
                re,
                frame.by,
                frame.reason,
                frame.ended,
            )


def _acted(frame: order_frames.Act) -> Acted:
    until = None if frame.until is None else _moment_of(frame.until)
    return Acted(
        frame.seq,
        _moment_of(frame.time),
        frame.action,
        frame.by,
        frame.name,
        frame.room,
        until,
        frame.seconds,
        frame.message,
        frame.text,
        frame.reason,
        frame.you,
    )


def _moment(frame: frames.Message | _Presence) -> datetime:
    return _moment_of(frame.time)


def _moment_of(time: str) -> datetime:
    moment = datetime.fromisoformat(time)
    if moment.tzinfo is None:
        raise ValueError(f"{time!r} has no time zone")
    # Nearer to the end of the calendar it could not be shown in every zone.
    if not EARLIEST <= moment <= LATEST + timedelta(seconds=1):
        raise ValueError(f"{time!r} is no time of this calendar")
    return moment


def answered_by(frame: frames.ServerFrame, asked: Outgoing, me: str) -> str | None:
    """Find the request that a frame answers; a message names its own by nonce.

    Answers come in the order of their requests, so it is the oldest that fits.
    """
    match frame:
        case frames.UserList():
            return _oldest(asked, lambda one: isinstance(one, frames.UsersRequest))
        case frames.HistoryPage():
            return _oldest(asked, lambda one: isinstance(one, frames.HistoryRequest))
        case frames.GroupList():
            return _oldest(asked, lambda one: _is_group(one, "list"))
        case frames.MemberList():
            return _oldest(asked, lambda one: _is_group(one, "members"))
        case order_frames.AuditPage(reports=reports):
            what = "reports" if reports else "audit"
            return _oldest(asked, lambda one: _is_act(one, "admin", what))
        case frames.Done(re=kind, action=action):
            return _oldest(asked, lambda one: _is_act(one, kind, action))
        case frames.Group(action=action, group=group, by=None) if action in _ASKED and (
            frame.you or frame.name == me
        ):
            # Events come before refusals, so an older request for another group may
            # still be without its answer.
            return _oldest(asked, lambda one: _is_group(one, _ASKED[action], group))
        case _:
            kind, action = _LISTS.get(type(frame), ("", ""))
            return _oldest(asked, lambda one: _is_act(one, kind, action))


def refused_by(frame: frames.Error, asked: Outgoing) -> str | None:
    """Find the request that a refusal is for: "the nonce, or the type"."""
    if frame.re is not None and frame.re in asked:
        return frame.re
    match frame.re:
        case "users":
            return _oldest(asked, lambda one: isinstance(one, frames.UsersRequest))
        case "history":
            return _oldest(asked, lambda one: isinstance(one, frames.HistoryRequest))
        case "group":
            return _oldest(
                asked, lambda one: isinstance(one, order_frames.GroupRequest)
            )
        case "admin":
            return _oldest(
                asked, lambda one: isinstance(one, order_frames.AdminRequest)
            )
        case "account":
            return _oldest(asked, lambda one: isinstance(one, frames.AccountRequest))
        case "token":
            return _oldest(
                asked, lambda one: isinstance(one, access_frames.TokenRequest)
            )
        case _:
            return None


def _is_group(request: Request, action: str, name: str | None = None) -> bool:
    return (
        isinstance(request, order_frames.GroupRequest)
        and request.action == action
        and (name is None or name_key(request.name or "") == name_key(name))
    )


def _is_act(request: Request, kind: str, action: str) -> bool:
    match request:
        case order_frames.AdminRequest():
            return kind == "admin" and request.action == action
        case order_frames.GroupRequest():
            return kind == "group" and request.action == action
        case frames.AccountRequest():
            return kind == "account" and request.action == action
        case access_frames.TokenRequest():
            return kind == "token" and request.action == action
        case _:
            return False


def _oldest(asked: Outgoing, fits: Callable[[Request], bool]) -> str | None:
    return next((one.re for one in asked.handed() if fits(one.request)), None)
