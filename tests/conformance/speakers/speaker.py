"""A person at the hub, whatever their dialect: verbs, and expectations in words.

The cases know this class alone. A dialect joins the suite by a subclass that turns each
verb into its bytes and its bytes into happenings; nothing else has to be written.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from typing import TYPE_CHECKING, ClassVar, TypeVar

from tests.conformance.speakers.wire import Wire
from tests.conformance.speakers.words import (
    Acted,
    Ended,
    Farewell,
    GroupChanged,
    GroupList,
    Happening,
    InviteShown,
    Joined,
    Kicked,
    Left,
    MemberList,
    PasswordAsked,
    Refused,
    Renamed,
    RoleChanged,
    RoomTold,
    Said,
    UserList,
    Welcomed,
)

if TYPE_CHECKING:
    from collections.abc import Callable

H = TypeVar("H", bound=Happening)


class Speaker(ABC):
    """One connection and what it has been told, in order.

    Expectations are strict: the next thing told must be the one expected. What is told
    about people of earlier cases, who may still be leaving, is passed over.
    """

    kind: ClassVar[str]
    """The name of the dialect in test ids."""

    wire_type: ClassVar[type[Wire]] = Wire
    """What its bytes travel on."""

    keeps_seat: ClassVar[bool]
    """Whether the name is kept when the connection drops."""

    hears_itself: ClassVar[bool]
    """Whether lobby and group messages come back to their sender."""

    def __init__(self, wire: Wire, is_stranger: Callable[[str], bool]) -> None:
        """Take a connection over.

        Args:
            wire: A fresh connection.
            is_stranger: Tells names of other cases from names of this one.
        """
        self.wire = wire
        self.name = ""
        self.is_here = False
        self._is_stranger = is_stranger
        self._told: deque[Happening] = deque()

    def __str__(self) -> str:
        return f"{self.kind} speaker {self.name or '(no name)'}"

    # --- What a dialect adds ----------------------------------------------------------

    @abstractmethod
    def give_name(self, name: str) -> None:
        """Ask for a name; the answer is still to come."""

    @abstractmethod
    def post(self, text: str, to: str = "lobby") -> None:
        """Send a message; what comes of it is still to come."""

    @abstractmethod
    def change_group(self, action: str, group: str) -> None:
        """Ask to create, join or leave a group, or for its members."""

    @abstractmethod
    def ask_users(self) -> None:
        """Ask who is here."""

    @abstractmethod
    def ask_groups(self) -> None:
        """Ask which groups there are."""

    @abstractmethod
    def ask_history(self, of: str, limit: int | None = None) -> None:
        """Ask what was said in a conversation."""

    @abstractmethod
    def claim_name(self, name: str, password: str) -> None:
        """Ask for a name that is somebody's own; the answer is still to come."""

    @abstractmethod
    def show_code(self, code: str, name: str) -> None:
        """Bring a code, and ask for a name; the answer is still to come."""

    @abstractmethod
    def choose_password(self, code: str, name: str, password: str) -> None:
        """Choose a password, which was just asked for; the answer is still to come."""

    @abstractmethod
    def make_invite(self, seconds: int | None = None) -> InviteShown:
        """Make a code, for one person or for a time."""

    @abstractmethod
    def invites(self) -> list[int]:
        """Ask which codes are good; give their ids."""

    @abstractmethod
    def change_account(self, action: str, *passwords: str) -> None:
        """Ask to `register`, `passwd`, `unregister` or `logout-others`."""

    @abstractmethod
    def await_done(self, action: str) -> None:
        """Expect that an act is done, where the dialect says so in words of its own."""

    @abstractmethod
    def connections(self) -> dict[str, str]:
        """Ask who is connected; give each name's role."""

    @abstractmethod
    def await_waiting(self) -> list[Said]:
        """Expect the messages that waited for one."""

    @abstractmethod
    def order(self, action: str, **fields: object) -> None:
        """Ask for what keeps order in the hub, by the fields of its frame."""

    @abstractmethod
    def order_group(self, action: str, group: str, **fields: object) -> None:
        """Ask for what keeps order in a group, by the fields of its frame."""

    @abstractmethod
    def change_token(self, action: str, **fields: object) -> None:
        """Ask to `create`, `list` or `revoke` access tokens, by the frame's fields."""

    @abstractmethod
    def audit(self, action: str = "audit") -> list[str]:
        """Ask for the trail of acts, or for `reports`; give the word of each."""

    @abstractmethod
    def administer(self, action: str, *words: str) -> None:
        """Ask for what takes a right to it; what comes of it is still to come."""

    @abstractmethod
    def say_goodbye(self) -> None:
        """Ask to leave in good order."""

    @abstractmethod
    def acknowledge(self, text: str, to: str) -> None:
        """Wait until one's own message, which was just sent, stands in the journal."""

    @abstractmethod
    def await_page(self, of: str) -> list[Said]:
        """Wait for the history that was asked for."""

    @abstractmethod
    def lines_of(self, text: str) -> list[str]:
        """Give the messages as which this dialect shows a text of several lines."""

    @abstractmethod
    def _hear(self) -> list[Happening]:
        """Read one unit of the dialect; an `Ended` is the end."""

    @abstractmethod
    def knows_refusal(self, refused: Refused, code: str) -> bool:
        """Tell whether a refusal is the one with this code."""

    # --- Verbs ------------------------------------------------------------------------

    def join(self, name: str) -> None:
        """Come in under a name."""
        self.give_name(name)
        self.await_welcome(name)

    def register(self, password: str) -> None:
        """Make one's name one's own."""
        self.change_account("register", password)
        self.await_done("register")

    def sign_in(self, name: str, password: str, role: str = "") -> None:
        """Come in under a name that is one's own; as to `role`: see `await_welcome`."""
        self.claim_name(name, password)
        self.await_welcome(name, role)

    def register_invited(self, code: str, name: str, password: str) -> None:
        """Come in with a code, under a name that is one's own from then on."""
        self.show_code(code, name)
        self._take(PasswordAsked)
        self.choose_password(code, name, password)
        self.await_welcome(name)

    def say(self, text: str, to: str = "lobby") -> None:
        """Send a message and wait until the hub has it."""
        self.post(text, to)
        self.acknowledge(text, to)

    def create_group(self, group: str) -> None:
        self.change_group("create", group)
        self.await_own_group("created", group)

    def join_group(self, group: str) -> None:
        self.change_group("join", group)
        self.await_own_group("joined", group)

    def leave_group(self, group: str) -> None:
        self.change_group("leave", group)
        self.await_own_group("left", group)

    def users(self) -> list[str]:
        self.ask_users()
        return list(self._take(UserList).names)

    def groups(self) -> dict[str, int]:
        self.ask_groups()
        return dict(self._take(GroupList).groups)

    def members(self, group: str) -> list[str]:
        self.change_group("members", group)
        answer = self._take(MemberList)
        assert answer.group == group
        return list(answer.names)

    def history(self, of: str = "lobby", limit: int | None = None) -> list[Said]:
        self.ask_history(of, limit)
        return self.await_page(of)

    def quit(self) -> None:
        """Leave in good order, and see the connection end."""
        self.say_goodbye()
        self.await_farewell("quit")
        self.await_end()

    def drop(self) -> None:
        """Cut the connection without a goodbye."""
        self.is_here = False
        self.wire.close()

    # --- Expectations -----------------------------------------------------------------

    def await_welcome(self, name: str, role: str = "") -> None:
        """Expect to be let in; `role` is told of those who keep order."""
        self._expect(Welcomed(name, role))
        self.name = name
        self.is_here = True

    def await_message(self, who: str, to: str, text: str) -> None:
        """Expect a message, line by line where the dialect shows it so."""
        for line in self.lines_of(text):
            self._expect(Said(who, to, line))

    def await_joined(self, name: str) -> str | None:
        """Expect that somebody came in; give the address shown."""
        joined = self._take(Joined)
        assert joined.name == name, f"{self} was told {joined}, not of {name}"
        return joined.address

    def await_left(self, name: str, reason: str | None = None) -> None:
        """Expect that somebody is gone, with the reason where the dialect has it."""
        left = self._take(Left)
        assert left.name == name, f"{self} was told {left}, not of {name}"
        assert reason is None or left.reason in {reason, None}, f"{left}, not {reason}"

    def await_renamed(self, old: str, name: str) -> None:
        self._expect(Renamed(old, name, you=self.name == old))
        if self.name == old:
            self.name = name

    def await_kicked(self, name: str, reason: str = "") -> None:
        self._expect(Kicked(name, reason, you=self.name == name))

    def await_role(self, name: str, role: str) -> None:
        self._expect(RoleChanged(name, role, you=self.name == name))

    def await_act(
        self, action: str, name: str | None = None, room: str | None = None
    ) -> None:
        """Expect that somebody kept order, or that a report came."""
        self._expect(Acted(action, name, room))

    def await_room(self, room: str) -> None:
        """Expect to be told what is special about a room that one has come into."""
        self._expect(RoomTold(room))

    def await_group(self, action: str, group: str, name: str | None = None) -> None:
        """Expect that something happened to a group by somebody else's doing."""
        self._expect(GroupChanged(action, group, name))

    def await_own_group(self, action: str, group: str) -> None:
        """Expect that something happened to a group by one's own doing."""
        self._expect(GroupChanged(action, group, self.name, you=True))

    def await_refusal(self, code: str) -> str:
        """Expect a refusal; give its sentence."""
        refused = self._take(Refused)
        known = self.knows_refusal(refused, code)
        assert known, f"{self} was told {refused}, not {code}"
        return refused.sentence

    def await_farewell(self, code: str) -> str:
        """Expect to be told that the connection ends; give the reason."""
        farewell = self._take(Farewell)
        assert farewell.code in {code, None}, f"{self} was told {farewell}, not {code}"
        return farewell.reason

    def await_end(self) -> None:
        """Expect that the hub closes the connection."""
        self._take(Ended)
        self.is_here = False
        self.wire.close()

    def expect_nothing(self) -> None:
        """Expect that nothing has been told that was not awaited.

        The hub answers after everything that came before the question, so an answer
        that is the next thing told proves it, and no time has to pass.
        """
        self.users()

    def settle(self) -> list[Happening]:
        """Take everything told so far."""
        self.ask_users()
        told: list[Happening] = []
        while not isinstance(happening := self.hear(), UserList):
            told.append(happening)
        return told

    def hear(self) -> Happening:
        """Take the next thing told, whatever it is."""
        while True:
            while not self._told:
                self._told.extend(self._hear())
            happening = self._told.popleft()
            if not self._is_about_stranger(happening):
                return happening

    def _take(self, kind: type[H]) -> H:
        happening = self.hear()
        assert isinstance(happening, kind), (
            f"{self} was told {happening}, not {kind.__name__}"
        )
        return happening

    def _expect(self, expected: Happening) -> None:
        happening = self.hear()
        assert happening == expected, f"{self} was told {happening}, not {expected}"

    def _await_own(self, expected: Said) -> None:
        """Wait for one's own message; what was told before it is kept."""
        passed: list[Happening] = []
        while (happening := self.hear()) != expected:
            assert not isinstance(happening, Refused | Farewell | Ended), happening
            passed.append(happening)
        self._told.extendleft(reversed(passed))

    def _is_about_stranger(self, happening: Happening) -> bool:
        match happening:
            case Joined(name=name) | Left(name=name):
                return self._is_stranger(name)
            case GroupChanged(group=group):
                return self._is_stranger(group)
            case _:
                return False
