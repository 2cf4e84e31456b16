"""Measure how smooth the page stays: ten thousand messages, a thousand people.

``python tools/page_speed.py`` starts a real hub and Debian's Chromium, and writes a
line of JSON for each thing that it does: frames, the slowest of them in milliseconds,
and what is in the page. POSIX only.
"""

from __future__ import annotations

import json
import socket
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from time import perf_counter

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser import launch  # noqa: E402
from tests.e2e.hub import HubProcess, Person  # noqa: E402

MESSAGES, PEOPLE, SCREENS = 10_000, 1_000, 300
PATIENCE = 60_000

COUNT_FRAMES = """() => {
  window.frameTimes = [];
  let last = performance.now();
  const next = (now) => {
    frameTimes.push(now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}"""

TAKE = """() => {
  const times = frameTimes.splice(0).sort((one, other) => one - other);
  const at = (part) => Math.round(times[Math.floor((times.length - 1) * part)]);
  return {
    frames: times.length, median: at(0.5), p95: at(0.95), longest: at(1),
    rows: document.querySelectorAll("#messages > li").length,
    elements: document.querySelectorAll("*").length,
  };
}"""

SCROLL = """async (screens) => {
  const timeline = document.querySelector("#timeline");
  for (let screen = 0; screen < screens; screen += 1) {
    timeline.scrollTop -= timeline.clientHeight;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}"""


def report(page: Page, what: str, began: float) -> None:
    """Write what the frames since the last report were like."""
    line = {"what": what, "seconds": round(perf_counter() - began, 2)}
    sys.stdout.write(json.dumps(line | page.evaluate(TAKE)) + "\n")


def main() -> None:
    """Do each thing, and report."""
    with ExitStack() as stack:
        hub = stack.enter_context(
            closing(HubProcess("--memory", "--rate-limit", "off"))
        )
        browser = stack.enter_context(launch(stack.enter_context(sync_playwright())))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(PATIENCE)
        page.goto(f"http://127.0.0.1:{hub.port}/")
        page.fill("#door-name", "alice")
        page.press("#door-name", "Enter")
        page.locator("#app").wait_for()
        page.evaluate(COUNT_FRAMES)

        began = perf_counter()
        bob = stack.enter_context(closing(Person(hub.port)))
        bob.say("bob", *(f"number {number}" for number in range(MESSAGES)))
        page.locator(".body", has_text=f"number {MESSAGES - 1}").wait_for()
        report(page, f"{MESSAGES} messages come", began)

        began = perf_counter()
        for number in range(PEOPLE):
            person = socket.create_connection(("127.0.0.1", hub.port))
            stack.enter_context(closing(person))
            person.sendall(f"person{number}\n".encode())
        page.locator("#people-count", has_text=f"{PEOPLE + 2:,}").wait_for()
        report(page, f"{PEOPLE} people join", began)

        began = perf_counter()
        page.evaluate(SCROLL, SCREENS)
        report(page, f"scroll back {SCREENS} screens", began)


if __name__ == "__main__":
    main()
