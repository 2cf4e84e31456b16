"""Each role tries each act, in each dialect: docs/protocol.md, "Roles".

What one may not do is refused, and nothing of it happens: no event of any kind, seen or
unseen, and nobody but who asked is told anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.conformance.acts import ACTS, REQUESTS, UPON, Act, Request
from tests.conformance.http_client import ask, follow
from tests.conformance.hub_process import HubProcess
from tests.conformance.rights_circle import Circle
from tests.conformance.rights_stage import RANKS, Stage
from tests.conformance.room_acts import ROOM_ACTS
from tests.rights_table import ROLES, ROOMS, STANDINGS, TALK, may

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = ("plain", "json", "websocket")


@pytest.fixture(scope="module")
def stage(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Give a hub on which nobody is slowed, however often they are refused."""
    data = tmp_path_factory.mktemp(f"rights-{engine}")
    limits = {"rate": 0, "refusals": 1000}
    with HubProcess(engine, data, limits=limits, console=True) as hub:
        stage = Stage(hub)
        yield stage
        stage.close()


# The operator's door speaks JSON.
CASTS = [(role, kind) for role in ROLES[:-1] for kind in KINDS] + [("console", "door")]


@pytest.mark.parametrize(("role", "kind"), CASTS)
def test_each_role_tries_each_act(stage: Stage, role: str, kind: str) -> None:
    """In the hub, and in the lobby."""
    person = stage.bring_in(role, kind)
    faults: list[str] = []
    # What makes somebody else of one comes last, and is refused to who is that already.
    for act in sorted(ACTS, key=lambda one: one.turns and (1 + may(role, one.command))):
        allowed = may(role, act.command)
        if allowed and act.command in ROOMS and not ROOMS[act.command].lobby:
            continue  # It goes by the standing in a group.
        code = "" if allowed else "not_joined" if role == "nobody" else "not_allowed"
        fault = stage.try_act(person, act).fault(person, code, changes=act.changes)
        faults += [f"{act.command} {fault}"] if fault else []
    stage.send_home(person)
    assert not faults, "\n".join(faults)
    stage.hub.check()


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.command)
def test_each_act_at_the_terminal(stage: Stage, act: Act) -> None:
    """What the console has the right to, it has a line for; and only that."""
    act.before(stage)
    start = stage.mark()
    told = stage.at_terminal(act.line(stage) if act.line else f":{act.command}")
    events = stage.mark() - start - 1
    stage.clean_up(act, events)
    if act.line is None:
        assert "there is no command" in told
    else:
        assert may("console", act.command)
        assert "error:" not in told
    assert bool(events) == (act.line is not None and act.changes)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", ["moderator", "owner"])
def test_nothing_is_done_up_or_across(stage: Stage, role: str, kind: str) -> None:
    """ "Whoever may kick or rename may do it to those of a lower role"."""
    person = stage.bring_in(role, kind)
    faults: list[str] = []
    for rank in RANKS[RANKS.index(role) :]:
        stage.target = stage.rank[rank]
        for act in UPON:
            outcome = stage.try_act(person, act)
            fault = outcome.fault(person, "not_allowed", changes=True)
            faults += [f"{act.command} of the {rank} {fault}"] if fault else []
    stage.send_home(person)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("privacy", ["public", "private"])
def test_each_standing_tries_each_act(stage: Stage, privacy: str, kind: str) -> None:
    """docs/protocol.md, "Keeping order", in groups."""
    circle = Circle(stage, kind, privacy)
    faults: list[str] = []
    for act in ROOM_ACTS:
        who = getattr((ROOMS | TALK)[act.command], privacy).split()
        for standing in STANDINGS:
            code = "" if standing in who else act.denied
            if code and act.outside and standing in ("stranger", "staff"):
                code = act.outside
            person = circle.people[standing]
            outcome = circle.try_act(standing, act)
            fault = outcome.fault(person, code, changes=act.changes)
            faults += [f"{act.command} by the {standing} {fault}"] if fault else []
    for one in circle.people.values():
        one.settle()
    seen = [one for one in STANDINGS if circle.name in circle.people[one].groups()]
    assert seen == [one for one in STANDINGS if one in _who("ListGroups", privacy)]
    for standing in ("stranger", "staff"):
        outcome = stage.attempt(
            circle.people[standing], lambda one: one.change_group("join", circle.name)
        )
        code = "" if standing in _who("JoinGroup", privacy) else "not_invited"
        assert not outcome.fault(circle.people[standing], code, changes=True)
    circle.close()
    assert not faults, "\n".join(faults)


def _who(command: str, privacy: str) -> list[str]:
    return str(getattr(TALK[command], privacy)).split()


@pytest.mark.parametrize("asked", REQUESTS, ids=lambda one: one.method + one.target)
def test_who_has_not_come_in_asks_by_http(stage: Stage, asked: Request) -> None:
    """docs/http.md: the lobby is for everybody; all else is for those who came in."""
    target = asked.target.format(
        group=stage.group, private=stage.private, member=stage.rank["member"]
    )
    body = "tea?" if asked.method == "POST" else None
    start = stage.mark()
    if asked.follows:
        follow(stage.hub, target).close()
    else:
        answer = ask(stage.hub, asked.method, target, body)
        assert answer.status == asked.status, answer.body
        if asked.code:
            answer.refuses(asked.status, asked.code)
    said = asked.method == "POST" and not asked.code
    assert stage.mark() - start - 1 == said
