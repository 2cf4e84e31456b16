"""A defect of a dialect, should there be one, costs the connection that met it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.node.harness import World

from hubbub.dialects.plain.reader import PlainDialect

if TYPE_CHECKING:
    from hubbub.dialects.contract import Dialect, Request


class FoundDefectError(Exception):
    """Stands for what nobody foresaw."""


def break_receive(self: PlainDialect, data: bytes) -> Dialect:
    raise FoundDefectError


def break_next(self: PlainDialect) -> Request | None:
    raise FoundDefectError


@pytest.mark.parametrize(
    ("name", "broken"), [("receive", break_receive), ("next", break_next)]
)
def test_only_the_connection_that_met_it_is_closed(
    name: str, broken: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    ann, bob = world.plain("ann"), world.json("bob")
    with monkeypatch.context() as patch:
        patch.setattr(PlainDialect, name, broken)
        ann.type("boom", "and more")
        plan = world.turn()
    assert [type(defect) for defect in plan.defects] == [FoundDefectError]
    assert plan.close == [ann.session]
    world.run()
    (left,) = bob.take()
    assert (left["type"], left["name"]) == ("left", "ann")
    assert [frame["type"] for frame in bob.send("ping")] == ["pong"]
