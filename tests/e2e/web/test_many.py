"""Ten thousand messages and a thousand people: the page stays small and in order."""

from __future__ import annotations

import resource
import socket
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.e2e.hub import LIMIT, HubProcess, Person
from tests.e2e.web.conftest import Open, StartHub

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

Connect = Callable[[HubProcess], Person]

MESSAGES = 10_000
PEOPLE = 1_000

# What is in the page, at most: a window of messages and some lines between them.
MOST_ROWS = 260
NUMBERS = "all => all.map(one => Number(one.textContent.split(' ')[1]))"


def test_ten_thousand_messages(
    start_hub: StartHub, open_tab: Open, connect: Connect
) -> None:
    """Live and as history: all are there, in order, and few are in the page."""
    hub = start_hub("--memory", "--rate-limit", "off")
    alice = open_tab(hub).join("alice")
    bob = connect(hub)
    # In plain lines: who sends gets no echo, and so need not read.
    bob.say("bob", *(f"number {n}" for n in range(MESSAGES)))
    alice.page.set_default_timeout(60_000)
    last = f"number {MESSAGES - 1}"
    alice.part("#messages .body").filter(has_text=last).wait_for()
    rows = alice.part("#messages > li")
    assert rows.count() <= MOST_ROWS

    # Back through some screens, and then to the first of all.
    seen = alice.part("#timeline").evaluate(
        """async (scroller) => {
          const seen = new Set();
          for (let screen = 0; screen < 30; screen += 1) {
            for (const body of scroller.querySelectorAll(".body")) {
              seen.add(Number(body.textContent.split(" ")[1]));
            }
            scroller.scrollTop -= scroller.clientHeight * 2;
            await new Promise((resolve) => requestAnimationFrame(resolve));
            await new Promise((resolve) => requestAnimationFrame(resolve));
          }
          return [...seen];
        }"""
    )
    assert len(seen) > 500
    assert sorted(seen) == list(range(MESSAGES - len(seen), MESSAGES))
    assert rows.count() <= MOST_ROWS
    alice.say(":history")
    alice.sees("number 0")
    assert rows.count() <= MOST_ROWS
    numbers = alice.part("#messages .body").evaluate_all(NUMBERS)
    assert numbers == list(range(len(numbers)))

    # A late one comes in at the end and does not move what is being read.
    before = alice.part("#messages .body").first.bounding_box()
    bob.say("number 10000")
    expect(alice.part("#jump")).to_contain_text("1 new")
    assert alice.part("#messages .body").first.bounding_box() == before
    alice.part("#jump").click()
    alice.sees("number 10000")
    expect(alice.part("#jump")).to_be_hidden()


def test_history_comes_page_by_page(
    start_hub: StartHub, open_tab: Open, connect: Connect
) -> None:
    """A new page has the newest of 450; the rest comes as it is scrolled to."""
    hub = start_hub("--memory", "--rate-limit", "off")
    bob = connect(hub)
    bob.send(type="hello", name="bob")
    texts = [f"number {n}" for n in range(450)]
    for text in texts:
        bob.send(type="send", to="lobby", text=text)
    bob.frames_until(type="message", text=texts[-1])
    alice = open_tab(hub).join("alice")
    alice.sees(texts[-1])
    seen: list[int] = []
    while not alice.part("#beginning").is_visible():
        first = alice.part("#messages .body").first
        before = first.inner_text()
        alice.part("#timeline").evaluate("one => { one.scrollTop = 0 }")
        numbers = alice.part("#messages .body").evaluate_all(NUMBERS)
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        seen += numbers
        if not alice.part("#beginning").is_visible():
            expect(first).not_to_have_text(before)
    seen += alice.part("#messages .body").evaluate_all(NUMBERS)
    assert set(seen) == set(range(450))


def test_a_thousand_people(start_hub: StartHub, open_tab: Open) -> None:
    """They come and go in one folded line, and few of them are in the page."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    hub = start_hub("--memory")
    alice = open_tab(hub).join("alice")
    with ExitStack() as stack:
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        for number in range(PEOPLE):
            person = socket.create_connection(("127.0.0.1", hub.port), LIMIT)
            stack.enter_context(closing(person))
            person.sendall(f"person{number:04}\n".encode())
        count = f"{PEOPLE + 1:,}"
        expect(alice.part("#people-count")).to_have_text(count, timeout=30_000)
        expect(alice.part(".presence")).to_have_count(1)
        folded = "person0000, person0001, person0002 and 997 others joined"
        assert alice.sees("others joined", within=".presence summary").inner_text() == (
            folded
        )
        assert alice.part("#people-list li").count() < 100
        alice.part("#people-filter").focus()
        alice.page.keyboard.press("ArrowDown")
        alice.page.keyboard.press("End")
        expect(alice.part("#people-list :focus")).to_have_text("person0999")
        alice.page.fill("#people-filter", "0777")
        expect(alice.part("#people-list .row-name")).to_have_text("person0777")
    expect(alice.part("#people-count")).to_have_text("1", timeout=30_000)
    expect(alice.part(".presence")).to_have_count(1)
    alice.sees("came and went", within=".presence")


def test_the_first_paint_is_small(hub: HubProcess, open_tab: Open) -> None:
    """Everything that the page needs, in bytes on the wire."""
    alice = open_tab(hub)
    sizes = []
    alice.page.on(
        "requestfinished",
        lambda request: sizes.append(request.sizes()["responseBodySize"]),
    )
    alice.page.goto(f"http://127.0.0.1:{hub.port}/?again")
    alice.page.wait_for_load_state("networkidle")
    alice.join("alice")
    assert sum(sizes) < 100_000, sum(sizes)
    assert len(sizes) > 20
    folder = Path(__file__).parents[3] / "src" / "hubbub" / "fronts" / "web" / "static"
    assert all(one.stat().st_size for one in folder.rglob("*.*"))
