"""What is written for who came in with an access token, event by event."""

from __future__ import annotations

from typing import Any

import pytest

from hubbub.model import acts
from hubbub.model import events as happened
from hubbub.model.access import Scope, TokenRevoked
from hubbub.model.answers import Room, Welcome
from hubbub.model.refusals import Code, Refusal
from hubbub.model.roles import Role
from hubbub.node.scoped import ScopedWriter

ME, ANN, BOB = 1, 2, 3
NAMES = {ME: "me", ANN: "ann", BOB: "bob"}
AT = (9, 1)
TEA = (7, "tea")


class Ink:
    """A writer that writes one word for everything."""

    def event(self, event: object, *, own: bool) -> bytes:
        """Write an event."""
        return b"event"

    def answer(self, answer: object, time: int) -> bytes:
        """Write an answer."""
        return b"answer"

    def refusal(self, refusal: object, command: object, time: int) -> bytes:
        """Write a refusal."""
        return b"refusal"


def writer(*read: str) -> ScopedWriter:
    """Give a writer for somebody whose token reads there."""
    scope = Scope(("all",), read)
    return ScopedWriter(Ink(), scope, ME, lambda user: NAMES.get(user, ""))


# Each event with the addresses of which one has to be in the scope; "" for what is not
# shown by any, and "own" for what is shown to the one it happens to.
SHOWN: list[tuple[Any, str]] = [
    (happened.LobbyPosted(*AT, ANN, "ann", "hi"), "lobby"),
    (happened.LobbyPosted(*AT, ME, "me", "hi"), "lobby"),
    (happened.GroupPosted(*AT, ANN, "ann", *TEA, "hi"), "#tea"),
    (happened.GroupPosted(*AT, ME, "me", *TEA, "hi"), "#tea"),
    (happened.DirectPosted(*AT, ANN, "ann", ME, "me", "hi"), "@ann"),
    (happened.DirectPosted(*AT, ME, "me", ANN, "ann", "hi"), "@ann"),
    (happened.UserJoined(*AT, "ann"), "lobby"),
    (happened.UserReturned(*AT, ANN, "ann"), "lobby"),
    (happened.UserLeft(*AT, ANN, "ann", "lost"), "lobby"),
    (happened.UserRenamed(*AT, ANN, "ann", "eve"), "lobby"),
    (happened.UserKicked(*AT, ANN, "ann", "bob"), "lobby"),
    (happened.RoleChanged(*AT, ANN, "ann", Role.OWNER, "bob"), "lobby"),
    (happened.UserRenamed(*AT, ME, "me", "us"), "own"),
    (happened.UserKicked(*AT, ME, "me", "bob"), "own"),
    (happened.GroupCreated(*AT, "tea", ANN, "ann"), "#tea lobby"),
    (happened.GroupEnded(*AT, *TEA), "#tea lobby"),
    (happened.GroupJoined(*AT, *TEA, ANN, "ann"), "#tea"),
    (happened.GroupJoined(*AT, *TEA, ME, "me"), "#tea"),
    (happened.GroupLeft(*AT, *TEA, ANN, "ann"), "#tea"),
    (acts.GroupRenamed(*AT, 7, "tea", "mate", "ann"), "#tea #mate lobby"),
    (acts.GroupTopicSet(*AT, *TEA, "ann", "Assam"), "#tea"),
    (acts.GroupInvited(*AT, *TEA, ANN, "ann", "bob"), "#tea"),
    (acts.GroupInvited(*AT, *TEA, ME, "me", "bob"), "own"),
    (acts.RoomFrozen(*AT, 0, "", "ann"), "lobby"),
    (acts.RoomFrozen(*AT, *TEA, "ann"), "#tea"),
    (acts.RoomSlowed(*AT, 0, "", "ann", 5), "lobby"),
    (acts.Announced(*AT, "ann", "hi"), "lobby"),
    (acts.MessageDeleted(*AT, 5, ANN, "ann", "ann"), "lobby"),
    (acts.MessageDeleted(*AT, 5, ANN, "ann", "ann", *TEA), "#tea"),
    (acts.MessageDeleted(*AT, 5, ANN, "ann", "ann", to_user=ME), "@ann"),
    (acts.MessageDeleted(*AT, 5, ME, "me", "me", to_user=ANN), "@ann"),
    (acts.UserMuted(*AT, ME, "me", "ann"), "own"),
    (acts.UserMuted(*AT, ANN, "ann", "bob"), ""),
    (acts.BanSet(*AT, "ann", "bob", ("name ann",)), ""),
    (acts.Reported(*AT, ANN, "ann", "loud"), ""),
    (TokenRevoked(*AT, 5, ME, "me", "me"), ""),
]
PLACES = ("lobby", "#tea", "#mate", "#other", "@ann", "@bob", "@me")


@pytest.mark.parametrize(("event", "shown"), SHOWN, ids=lambda one: type(one).__name__)
def test_an_event_is_shown_by_its_address_alone(event: Any, shown: str) -> None:
    """Live, and as it is read back: nothing by any other address, and all by `all`."""
    own = getattr(event, "user", None) == ME
    for place in PLACES:
        seen = writer(place).event(event, own=own)
        by_address = place in shown.split() or (shown == "own")
        # One's own renaming is of the lobby for all others.
        assert bool(seen) is by_address, place
    assert bool(writer("all").event(event, own=own)) is bool(shown)
    assert bool(writer().event(event, own=own)) is (shown == "own")


def test_a_welcome_names_what_is_covered() -> None:
    welcome = Welcome(
        1, "me", "", 5, resumed=False, groups=("tea", "four"), users=("ann",),
        rooms=(Room("lobby", frozen=True), Room("#tea", topic="x"), Room("#four")),
    )  # fmt: skip
    by_tea = ScopedWriter(Ink(), Scope(read=("#tea",)), ME, str).welcome(welcome)
    assert (by_tea.groups, by_tea.users) == (("tea",), ())
    assert [room.name for room in by_tea.rooms] == ["#tea"]
    by_four = ScopedWriter(Ink(), Scope(("#four",)), ME, str).welcome(welcome)
    assert (by_four.groups, by_four.rooms) == (("four",), ())
    by_lobby = ScopedWriter(Ink(), Scope(read=("lobby",)), ME, str).welcome(welcome)
    assert (by_lobby.groups, by_lobby.users) == ((), ("ann",))


def test_answers_pass() -> None:
    """What may be asked has been looked at before."""
    one = writer()
    assert one.answer(Room("lobby"), 1) == b"answer"
    assert one.refusal(Refusal(Code.MUTED, "no"), None, 1) == b"refusal"
