"""The hub: a state, the rules over it, and how it comes back from a journal."""

from __future__ import annotations

from collections.abc import Iterable

from hubbub.hub.access import find_token, keeps_from
from hubbub.hub.apply import apply
from hubbub.hub.audience import Audience, audience
from hubbub.hub.decide import decide
from hubbub.hub.decision import Repeated
from hubbub.hub.find import find_account, find_group, find_invite, find_user
from hubbub.hub.rules.bans import keeps_place_out, keeps_user_out
from hubbub.hub.rules.names import check_name
from hubbub.hub.state import Group, State, User
from hubbub.hub.tokens import AccessToken
from hubbub.model.access import UnderToken
from hubbub.model.commands import HubCommand
from hubbub.model.events import Event
from hubbub.model.limits import Limits
from hubbub.model.refusals import Refusal

Outcome = list[tuple[Event, Audience]] | Repeated | Refusal


class Hub:
    """Decides commands one after the other, each against what came of the last."""

    def __init__(self, limits: Limits, state: State | None = None) -> None:
        """Begin with a state, or with an empty one."""
        self.limits = limits
        self.state = State() if state is None else state

    def execute(self, actor: int, command: HubCommand, time: int) -> Outcome:
        """Decide a command and apply what follows.

        Returns:
            The events, already applied, each with who may see it as of its own moment;
            or a repeat or refusal, which change nothing.
        """
        state = self.state
        decision = decide(state, actor, command, time, self.limits)
        if not isinstance(decision, tuple):
            return decision
        happened: list[tuple[Event, Audience]] = []
        for event in decision:
            apply(state, event, self.limits)
            happened.append((event, audience(state, event)))
        return happened

    def user(self, user: int) -> User:
        """Give a user by id.

        Raises:
            KeyError: There is none.
        """
        return self.state.users[user]

    def find_user(self, name: str) -> User | None:
        """Find the user who holds a name."""
        return find_user(self.state, name)

    def find_account(self, name: str) -> User | None:
        """Find the user whose own name it is; as fast where it is nobody's."""
        return find_account(self.state, name)

    def find_group(self, name: str) -> Group | None:
        """Find a group by name."""
        return find_group(self.state, name)

    def holder(self, token_hash: str) -> int | None:
        """Find the user a resume token belongs to, by the token's hash."""
        return self.state.tokens.get(token_hash)

    def find_token(self, token_hash: str, time: int) -> AccessToken | None:
        """Find an access token that is good now, by its hash."""
        return find_token(self.state, token_hash, time)

    def keeps_from(self, actor: int, command: UnderToken, time: int) -> Refusal | None:
        """Say why somebody can't ask for something under a token; None: they can."""
        return keeps_from(self.state, actor, command, time)

    def invites(self, code_hash: str, time: int) -> bool:
        """Tell whether a code, by its hash, lets somebody in at a time."""
        return find_invite(self.state, code_hash, time) is not None

    def keeps_name(self, name: str) -> Refusal | None:
        """Say why nobody new can take a name; None: they can."""
        found = check_name(name, self.state.name_keys, self.state.name_looks, None)
        return found if isinstance(found, Refusal) else None

    def keeps_out(self, user: int, place: str, time: int) -> Refusal | None:
        """Say why a user can't connect from a place; None: they can."""
        return keeps_user_out(self.state, self.state.users[user], place, time)

    def keeps_place_out(self, place: str, time: int) -> Refusal | None:
        """Say why nobody hears the lobby from a place unseen; None: they do."""
        return keeps_place_out(self.state, place, time)

    def names_present(self) -> tuple[str, ...]:
        """List the names of connected users, in alphabetical order."""
        return tuple(
            sorted(
                (user.name for user in self.state.users.values() if user.connected),
                key=str.casefold,
            )
        )


def replay(snapshot: bytes | None, events: Iterable[Event], limits: Limits) -> State:
    """Rebuild a state.

    Args:
        snapshot: What `State.dump` wrote, or None to begin from nothing.
        events: The events after the snapshot, in order; older ones are passed over.
        limits: The hub's limits.

    Raises:
        ValueError: The snapshot is of a version this code does not know.
    """
    state = State() if snapshot is None else State.load(snapshot)
    for event in events:
        if event.seq > state.seq:
            apply(state, event, limits)
    return state
