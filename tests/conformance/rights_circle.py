"""A group in which each standing tries each act."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.conformance.rights_stage import Outcome, Stage, seq_of
from tests.rights_table import STANDINGS

if TYPE_CHECKING:
    from tests.conformance.room_acts import RoomAct
    from tests.conformance.speakers.speaker import Speaker


class Circle:
    """A group with somebody of each standing, and a guest to do something to.

    Attributes:
        stage: Where it is.
        name: The group's.
        privacy: What it is, `public` or `private`.
        other_privacy: What it is not.
        renamed: What it may be called instead.
        people: Who acts, by their standing.
        victim: Whom it is done to, mostly a member.
        outsider: A guest who is not in it.
        said: The `seq` of something that was said in it.
    """

    stage: Stage
    name: str
    privacy: str
    other_privacy: str
    renamed: str
    people: dict[str, Speaker]
    victim: str
    outsider: str
    said: int

    def __init__(self, stage: Stage, kind: str, privacy: str) -> None:
        """Make the group, of people who speak some dialect."""
        self.stage = stage
        self.privacy = privacy
        self.other_privacy = {"public": "private", "private": "public"}[privacy]
        self.people = {
            standing: stage.bring_in(
                "moderator" if standing == "staff" else "guest", kind
            )
            for standing in STANDINGS
        }
        self._victim, self._outsider = stage.guest("victim"), stage.guest("outsider")
        self.victim, self.outsider = self._victim.name, self._outsider.name
        self.said = 0
        self.name = self.renamed = ""
        self.begin()

    def begin(self) -> None:
        """Make the group anew."""
        self.name, self.renamed = self.stage.fresh("circle"), self.stage.fresh("ring")
        fields = {"private": True} if self.privacy == "private" else {}
        self.do(lambda owner: owner.order_group("create", self.name, **fields))
        for standing in ("mod", "member"):
            self._let_in(self.people[standing])
        self.order("mod", user=self.people["mod"].name)
        self.let_in()

    def do(self, ask: Callable[[Speaker], None]) -> None:
        """Have the owner of the group do something."""
        owner = self.people["owner"]
        ask(owner)
        owner.settle()

    def order(self, action: str, **fields: object) -> None:
        """Have the owner keep order in the group."""
        self.do(lambda owner: owner.order_group(action, self.name, **fields))

    def let_in(self) -> None:
        """See to it that the one who is acted upon is a member."""
        self._let_in(self._victim)

    def _let_in(self, person: Speaker) -> None:
        if self.privacy == "private":
            self.order("invite", user=person.name)
        person.change_group("join", self.name)
        person.settle()

    def say(self) -> None:
        """Have the one who is acted upon say something."""
        self.let_in()
        self._victim.say("a word", f"#{self.name}")
        self.said = seq_of(self._victim, "a word")

    def rename_back(self) -> None:
        """Give the group its name back, if it has another."""
        self.do(
            lambda owner: owner.order_group("rename", self.renamed, to=self.name),
        )

    def try_act(self, standing: str, act: RoomAct) -> Outcome:
        """Have one of a standing try an act, and clean up behind them."""
        act.before(self)
        outcome = self.stage.attempt(
            self.people[standing], lambda one: act.ask(one, self)
        )
        if act.ends and outcome.events:
            self.begin()
        act.after(self)
        return outcome

    def close(self) -> None:
        """Send everybody home."""
        self.stage.send_home(*self.people.values(), self._victim, self._outsider)
