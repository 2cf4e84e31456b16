"""Keeping order in the hub: bans, mutes, slow rooms and frozen ones, and reports."""

from __future__ import annotations

from hubbub.hub.decision import Decision
from hubbub.hub.find import (
    find_below,
    find_group,
    find_user,
    no_such_group,
    no_such_user,
)
from hubbub.hub.order import (
    Mode,
    account_key,
    in_force,
    name_ban_key,
    place_in,
    place_key,
)
from hubbub.hub.order import (
    Mute as Muted,
)
from hubbub.hub.rights import (
    keeps_order_in,
    may_act_on,
    name_of,
    no_right_in,
    stands_above,
)
from hubbub.hub.rules.bans import ban_keys
from hubbub.hub.rules.groups import leave_groups
from hubbub.hub.rules.talk import check_text, too_long
from hubbub.hub.rules.terms import check_reason, check_terms
from hubbub.hub.state import LOBBY_ID, State, User
from hubbub.model.acts import (
    Announced,
    BanLifted,
    BanSet,
    MessageDeleted,
    PlaceUnmuted,
    Reported,
    RoomFrozen,
    RoomSlowed,
    RoomUnfrozen,
    UserMuted,
    UserUnmuted,
)
from hubbub.model.address import Address, Lobby, ToGroup
from hubbub.model.events import Event, UserKicked
from hubbub.model.limits import Limits
from hubbub.model.moderation import (
    Announce,
    Ban,
    DeleteMessage,
    Freeze,
    Mute,
    Report,
    Slow,
    Unban,
    Unfreeze,
    Unmute,
)
from hubbub.model.places import parse_place
from hubbub.model.refusals import Code, Refusal
from hubbub.model.text import echo, one_line

_SLOWEST_SECONDS = 3_600


def ban(state: State, actor: int, command: Ban, time: int, limits: Limits) -> Decision:
    """Keep a user, an account or an address out."""
    terms = check_terms(command.seconds, command.reason, time, limits)
    if isinstance(terms, Refusal):
        return terms
    end, reason = terms
    user = find_user(state, command.target)
    if user is not None:
        if not may_act_on(state, actor, user):
            return stands_above(user)
        name, put_out, keys = user.name, [user], ban_keys(user, command.places)
    else:
        place = parse_place(command.target)
        if place is None:
            return no_such_user(command.target)
        if not place:
            return Refusal(
                Code.ADDRESS_INVALID,
                "that is the hub's own machine, which is never banned, for its console "
                "is there; ban a user",
            )
        here = [state.users[one] for one in command.here if one in state.users]
        put_out = [one for one in here if may_act_on(state, actor, one, down=True)]
        name, keys = place, (place_key(place),)
    if len(state.bans) + len(keys) > limits.bans:
        return Refusal(
            Code.TOO_MANY_BANS,
            f"there are {limits.bans} bans, which is the most; :unban somebody first",
        )
    by = name_of(state, actor)
    events: list[Event] = [BanSet(state.seq + 1, time, name, by, keys, end, reason)]
    for one in put_out:
        events += _put_out(state, state.seq + len(events), one, time, by, reason)
    return tuple(events)


def _put_out(
    state: State, seq: int, user: User, time: int, by: str, reason: str
) -> list[Event]:
    events: list[Event] = []
    if user.is_account:
        if not (user.connected or user.tokens):
            return []
    else:
        events += leave_groups(state, user, time, seq)
    seq += len(events) + 1
    events.append(UserKicked(seq, time, user.id, user.name, by, reason, banned=True))
    return events


def unban(
    state: State, actor: int, command: Unban, time: int, _limits: Limits
) -> Decision:
    """Let a banned user in again, or one address."""
    name, keys = command.target, _banned_keys(state, command.target)
    if not any(in_force(state.bans[key].until, time) for key in keys):
        return Refusal(
            Code.BAN_UNKNOWN, f"{echo(name)!r} is not banned; :bans lists who is"
        )
    if not place_in(keys[0]):
        name = state.bans[keys[0]].name
    by = name_of(state, actor)
    return (BanLifted(state.seq + 1, time, one_line(name), by, keys),)


def _banned_keys(state: State, target: str) -> tuple[str, ...]:
    place = parse_place(target)
    if place:
        return tuple(key for key in (place_key(place),) if key in state.bans)
    user = find_user(state, target)
    names = [name_ban_key(target)]
    if user is not None and user.is_account:
        names.append(account_key(user.id))
    acts = {state.bans[key].seq for key in names if key in state.bans}
    # All that one act has banned: the name, what looks like it, and the addresses.
    found = [key for key, one in state.bans.items() if one.seq in acts]
    return tuple(sorted(found, key=lambda key: bool(place_in(key))))


def mute(
    state: State, actor: int, command: Mute, time: int, limits: Limits
) -> Decision:
    """Have a user read but not write; a guest, and who comes from there after them."""
    user = find_below(state, actor, command.name)
    if isinstance(user, Refusal):
        return user
    terms = check_terms(command.seconds, command.reason, time, limits)
    if isinstance(terms, Refusal):
        return terms
    end, reason = terms
    places = () if user.is_account else command.places
    by = name_of(state, actor)
    seq = state.seq + 1
    return (UserMuted(seq, time, user.id, user.name, by, end, reason, places),)


def unmute(
    state: State, actor: int, command: Unmute, time: int, _limits: Limits
) -> Decision:
    """Let a user write again, or the guests of an address."""
    by = name_of(state, actor)
    place = parse_place(command.name)
    if place and place in state.muted_places:
        return (PlaceUnmuted(state.seq + 1, time, place, by),)
    user = find_below(state, actor, command.name)
    if isinstance(user, Refusal):
        return user
    if not isinstance(state.hindrances.get(user.id), Muted):
        return Refusal(Code.USAGE, f"{user.name} is not muted")
    return (UserUnmuted(state.seq + 1, time, user.id, user.name, by),)


def _room(state: State, actor: int, to: Address) -> tuple[int, str] | Refusal:
    """Find the room that somebody is to keep order in, by id and name."""
    match to:
        case Lobby():
            room, name = LOBBY_ID, ""
        case ToGroup():
            group = find_group(state, to.name)
            if group is None:
                return no_such_group(to.name)
            room, name = group.id, group.name
        case _:
            return Refusal(Code.ADDRESS_INVALID, "that is done to lobby or a #group")
    if not keeps_order_in(state, actor, room):
        return no_right_in(name)
    return room, name


def slow(
    state: State, actor: int, command: Slow, time: int, _limits: Limits
) -> Decision:
    """Let everybody write once in a while, or as they like."""
    room = _room(state, actor, command.room)
    if isinstance(room, Refusal):
        return room
    if not 0 <= command.seconds <= _SLOWEST_SECONDS:
        return Refusal(Code.USAGE, "a room is slowed to 1 second up to 1 hour, or off")
    by = name_of(state, actor)
    return (RoomSlowed(state.seq + 1, time, *room, by, command.seconds),)


def freeze(
    state: State, actor: int, command: Freeze | Unfreeze, time: int, _limits: Limits
) -> Decision:
    """Let only those write who keep order, or everybody again."""
    room = _room(state, actor, command.room)
    if isinstance(room, Refusal):
        return room
    mode = state.hindrances.get(room[0])
    is_frozen = isinstance(mode, Mode) and mode.frozen
    freezes = isinstance(command, Freeze)
    if is_frozen is freezes:
        how = "frozen already" if is_frozen else "not frozen"
        return Refusal(Code.USAGE, f"{command.room} is {how}")
    by = name_of(state, actor)
    happens = RoomFrozen if freezes else RoomUnfrozen
    return (happens(state.seq + 1, time, *room, by),)


def delete_message(
    state: State, actor: int, command: DeleteMessage, time: int, limits: Limits
) -> Decision:
    """Take one's own message away, or one of a room in which one keeps order."""
    group = state.groups.get(command.group_id) if command.group_id else None
    if command.to_user:
        visible = actor in (command.author, command.to_user)
        allowed = actor == command.author
    elif command.group_id:
        visible = group is not None and actor in group.members
        allowed = visible and keeps_order_in(state, actor, command.group_id)
    else:
        visible = True
        allowed = keeps_order_in(state, actor, LOBBY_ID)
    if not visible:
        return no_such_message(command.message)
    if not (allowed or actor == command.author):
        return Refusal(
            Code.NOT_ALLOWED,
            "only who said it, and those who keep order there, may delete a message",
        )
    author = state.users.get(command.author)
    if (
        author is not None
        and not command.group_id
        and not may_act_on(state, actor, author)
    ):
        return stands_above(author)
    reason = check_reason(command.reason, limits)
    if isinstance(reason, Refusal):
        return reason
    return (
        MessageDeleted(
            state.seq + 1,
            time,
            command.message,
            command.author,
            command.name,
            name_of(state, actor),
            command.group_id,
            "" if group is None else group.name,
            command.to_user,
            reason,
        ),
    )


def no_such_message(message: int) -> Refusal:
    """Refuse the number of what is no message, or none that one may see."""
    return Refusal(
        Code.MESSAGE_UNKNOWN,
        f"there is no message {message}; :history numbered shows their numbers",
    )


def announce(
    state: State, actor: int, command: Announce, time: int, limits: Limits
) -> Decision:
    """Say something to everyone for the hub."""
    text = check_text(command.text, limits)
    if isinstance(text, Refusal):
        return text
    return (Announced(state.seq + 1, time, name_of(state, actor), text),)


def report(
    state: State, actor: int, command: Report, time: int, limits: Limits
) -> Decision:
    """Tell the moderators of something. Whoever is muted may do that, too."""
    text = one_line(command.why)
    name = one_line(command.name.removeprefix("@"))
    if not (name or command.message):
        first, _, rest = text.partition(" ")
        user = find_user(state, first.removeprefix("@"))
        if user is not None and rest.strip():
            name, text = user.name, rest.strip()
    checked = check_text(text, limits)
    if isinstance(checked, Refusal):
        return checked
    if len(name.encode()) > limits.text:
        return too_long("a name", limits)
    by = name_of(state, actor)
    return (Reported(state.seq + 1, time, actor, by, checked, name, command.message),)
