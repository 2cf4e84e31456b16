"""The lists of those who keep order: whole, in order, and page by page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pexpect
import pytest
from tests.e2e.hub import HubProcess, Person
from tests.unit.client.loopback import Face

from hubbub.client import Acted, AuditListed, BansListed
from hubbub.dialects.json_lines.frames import AccountRequest
from hubbub.dialects.json_lines.order_frames import AdminRequest

pytestmark = pytest.mark.e2e

PASSWORD = "correct-horse"

# A chat and an engine know nothing of each other, so each is tried with one of them.
FACES = {"loop": "aio", "threads": "blocking"}

StartHub = Callable[..., HubProcess]
Connect = Callable[[HubProcess], Person]


@pytest.fixture
def hub(start_hub: StartHub) -> HubProcess:
    return start_hub("--memory")


@pytest.fixture
def owner(hub: HubProcess, engine: str) -> Iterator[Face]:
    """Give the chat of an owner."""
    face = Face(FACES[engine], "127.0.0.1", hub.port, name="olga")
    with closing(face):
        face.call("ask", AccountRequest("register", PASSWORD))
        face.call("flush")
        hub.type(":role olga owner")
        hub.wait_for("olga IS now owner")
        yield face


def ask(face: Face, kind: type, action: Any, **fields: Any) -> Any:
    """Ask for a list, and take the answer out of what else happens."""
    re = face.call("ask", AdminRequest(action, **fields))
    answer = face.until(kind)[-1]
    assert answer.re == re
    return answer


def act(face: Face, action: Any, **fields: Any) -> None:
    face.call("ask", AdminRequest(action, **fields))
    face.call("flush")


def test_bans_come_oldest_first_and_go_when_they_are_lifted(owner: Face) -> None:
    assert ask(owner, BansListed, "bans").bans == ()
    act(owner, "ban", name="198.51.100.7", reason="spam")
    act(owner, "ban", name="10.1.0.0/16", seconds=3600)
    act(owner, "ban", name="198.51.100.9")
    bans = ask(owner, BansListed, "bans").bans
    names = ["198.51.100.7", "10.1.0.0/16", "198.51.100.9"]
    assert [ban.name for ban in bans] == names
    assert [ban.addresses for ban in bans] == [(name,) for name in names]
    assert [ban.reason for ban in bans] == ["spam", None, None]
    assert [ban.until is None for ban in bans] == [True, False, True]
    assert {ban.by for ban in bans} == {"olga"}
    act(owner, "unban", name="10.1.0.0/16")
    bans = ask(owner, BansListed, "bans").bans
    assert [ban.name for ban in bans] == [names[0], names[2]]


def test_the_trail_is_read_page_by_page_without_gap_or_repeat(owner: Face) -> None:
    """The newest page first, each oldest first, and each `before` the last one."""
    for number in range(5):
        act(owner, "announce", text=f"number {number}")
    whole = ask(owner, AuditListed, "audit")
    assert not whole.more
    assert [one.action for one in whole.acts] == ["role", *["announced"] * 5]
    assert [one.seq for one in whole.acts] == sorted(one.seq for one in whole.acts)
    pages: list[tuple[Acted, ...]] = []
    page = ask(owner, AuditListed, "audit", limit=4)
    while page.more:
        assert len(page.acts) == 4
        pages.insert(0, page.acts)
        page = ask(owner, AuditListed, "audit", limit=4, before=page.acts[0].seq)
    pages.insert(0, page.acts)
    assert [one for acts in pages for one in acts] == list(whole.acts)
    assert [len(acts) for acts in pages] == [2, 4]
    first = whole.acts[0].seq
    assert ask(owner, AuditListed, "audit", before=first).acts == ()


def test_reports_are_the_newest_and_no_other_acts(
    hub: HubProcess, owner: Face, connect: Connect
) -> None:
    assert ask(owner, AuditListed, "reports").acts == ()
    guest = connect(hub)
    guest.say("gert")
    for number in range(3):
        guest.say(f":report reason {number}")
        guest.read_until("report is with the moderators")
    act(owner, "announce", text="we have seen it")
    newest = ask(owner, AuditListed, "reports", limit=2)
    assert (newest.reports, newest.more) == (True, True)
    assert [one.reason for one in newest.acts] == ["reason 1", "reason 2"]
    assert [one.by for one in newest.acts] == ["gert", "gert"]
    everything = ask(owner, AuditListed, "reports")
    assert not everything.more
    assert [one.reason for one in everything.acts] == [f"reason {n}" for n in range(3)]


def test_the_lists_at_a_terminal(
    hub: HubProcess, open_client: Callable[..., pexpect.spawn]
) -> None:
    """`hubbub join`: the same order, oldest first, the newest where it is cut."""
    olga = open_client(hub.port, "--name", "olga")
    olga.expect("YOU >>")
    olga.send(":bans\r")
    olga.expect("error:")
    olga.send(":register\r")
    for _ in range(2):
        olga.expect("(?i)password")
        olga.send(f"{PASSWORD}\r")
    olga.expect("is yours")
    hub.type(":role olga owner")
    olga.expect("You are now owner")
    for line in (":ban 198.51.100.7 spam", ":ban 198.51.100.9 for 1h"):
        olga.send(f"{line}\r")
        olga.expect("BANNED by olga")
    olga.send(":bans\r")
    olga.expect("2 bans")
    olga.expect(r"198\.51\.100\.7 \(198\.51\.100\.7\) by olga for good: spam")
    olga.expect(r"198\.51\.100\.9 \(198\.51\.100\.9\) by olga until ")
    for number in range(3):
        olga.send(f":report reason {number}\r")
        olga.expect("report is with")
    olga.send(":reports 2\r")
    olga.expect(r"2 reports")
    olga.expect(r"\(\d+\) REPORT by olga: reason 1")
    olga.expect(r"\(\d+\) REPORT by olga: reason 2")
    olga.send(":unban 198.51.100.7\r")
    olga.expect("UNBANNED by olga")
    olga.send(":audit 2\r")
    olga.expect("2 acts")
    olga.expect(r"\((\d+)\) REPORT by olga: reason 2")
    older = int(olga.match[1])
    olga.expect(r"\((\d+)\) 198\.51\.100\.7 UNBANNED by olga")
    assert older < int(olga.match[1])
    olga.send(":quit\r")
    olga.expect(pexpect.EOF)
    assert re.search("Traceback", olga.before or "") is None
