"""Acts in words, the same at netcat, at the terminal client and in an audit trail."""

from __future__ import annotations

from collections.abc import Callable

from hubbub.model.acts import Act
from hubbub.model.answers import Room

_PLAIN = {
    "banned": "{name} BANNED by {by}",
    "unbanned": "{name} UNBANNED by {by}",
    "muted": "{name} MUTED by {by}",
    "unmuted": "{name} UNMUTED by {by}",
    "slowed": "{room} SLOWED by {by}: a message every {seconds} s",
    "frozen": "{room} FROZEN by {by}: moderators write, everybody reads",
    "unfrozen": "{room} UNFROZEN by {by}",
    "deleted": "message {message} of {name} was deleted by {by}",
    "announced": "ANNOUNCEMENT by {by}: {text}",
    "reported": "REPORT by {by}",
    "invited": "{name} INVITED to {room} by {by}",
    "group_banned": "{name} BANNED from {room} by {by}",
    "group_unbanned": "{name} UNBANNED from {room} by {by}",
    "group_role": "{name} IS now {text} of {room}",
    "topic": "{room} TOPIC by {by}: {text}",
    "private": "{room} IS now private",
    "public": "{room} IS now public",
    "group_renamed": "{room} RENAMED #{text} by {by}",
    # In the trail only: as they happen, they have lines of their own.
    "kicked": "{name} KICKED by {by}",
    "renamed": "{name} RENAMED {text} by {by}",
    "role": "{name} IS now {text}, by {by}",
    "group_kicked": "{name} KICKED from {room} by {by}",
    "group_deleted": "{room} ENDED by {by}",
    "invite_made": "invitation {text} MADE by {by}",
    "invite_used": "{name} REGISTERED with invitation {text}",
    "invite_revoked": "invitation {text} REVOKED by {by}",
    "account": "account of {name} MADE by {by}: {text}",
    "token_created": "TOKEN of {name} MADE by {by}: {text}",
    "token_revoked": "TOKEN of {name} REVOKED by {by}",
}

_OWN = {
    "muted": "You are muted by {by}",
    "unmuted": "You may write again",
    "invited": "You are invited to {room} by {by}",
    "group_role": "You are now {text} of {room}",
}


def word_room(room: Room) -> str:
    """Say in one sentence what is special about a room; "" when nothing is."""
    facts = ["private"] if room.private else []
    if room.frozen:
        facts.append("frozen (moderators write, everybody reads)")
    if room.slow:
        facts.append(f"slow (each writes once in {room.slow} s)")
    if room.topic:
        facts.append(f"about: {room.topic}")
    where = "The lobby" if room.name == "lobby" else room.name
    return f"{where} is {', '.join(facts)}" if facts else ""


def word_act(act: Act, *, own: bool, moment: Callable[[int], str]) -> str:
    """Say an act in words.

    Args:
        act: What was done.
        own: Whether it is said to the one it was done to.
        moment: Words a time of the future, given in Unix milliseconds.
    """
    form = _OWN.get(act.action, "") if own else ""
    form = form or _PLAIN.get(act.action, "{action} by {by}")
    if act.action == "slowed" and not act.seconds:
        form = "{room} is SLOWED no more, by {by}"
    words = form.format(
        action=act.action,
        by=act.by,
        name=act.name,
        room=act.room,
        seconds=act.seconds,
        message=act.message,
        text=act.text,
    )
    if act.action == "reported" and act.message:
        words += f", of message {act.message}"
    elif act.action == "reported" and act.name:
        words += f", of {act.name}"
    if act.until:
        words += f" until {moment(act.until)}"
    return f"{words}: {act.reason}" if act.reason else words
