"""Fixtures: a real Chromium, hubs that serve it, and people who look at the page."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pexpect
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from tests.browser import find, launch
from tests.e2e.hub import LIMIT, ROOT, HubProcess

PATIENCE = LIMIT * 1000


class Tab:
    """Somebody who looks at the page.

    Attributes:
        page: The page itself.
        problems: What the browser has complained of.
    """

    def __init__(self, page: Page, port: int) -> None:
        """Open the page of a hub."""
        self.page = page
        self.problems: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda line: self._note(line.type, line.text))
        page.goto(f"http://127.0.0.1:{port}/")

    def _note(self, kind: str, text: str) -> None:
        # That a hub is gone is what some tests are about.
        gone = "WebSocket connection" in text or "ERR_CONNECTION_REFUSED" in text
        if kind in ("error", "warning") and not gone:
            self.problems.append(text)

    def part(self, selector: str) -> Locator:
        """Find a part of the page."""
        return self.page.locator(selector)

    def join(self, name: str) -> Tab:
        """Give a name, and wait to be let in."""
        self.page.fill("#door-name", name)
        self.page.press("#door-name", "Enter")
        self.part("#app").wait_for()
        return self

    def say(self, text: str) -> None:
        """Type into the box, and press Enter."""
        self.page.fill("#say", text)
        self.page.press("#say", "Enter")

    def sees(self, text: str, *, within: str = "#messages .body") -> Locator:
        """Wait for a text; give what shows it."""
        found = self.part(within).filter(has_text=text).last
        expect(found).to_be_visible(timeout=PATIENCE)
        return found

    def stored(self, text: str) -> None:
        """Wait until one's own text is on the hub's disk."""
        row = self.part(".message.stored").filter(has_text=text)
        expect(row).to_be_visible(timeout=PATIENCE)

    def hurry(self) -> None:
        """Try to connect now, unless the page has connected meanwhile."""
        self.page.evaluate("document.querySelector('#try-now').click()")

    def texts(self) -> list[str]:
        """Give every message on the page, as it reads."""
        return self.part("#messages .body").all_inner_texts()

    def go(self, name: str) -> None:
        """Choose a conversation at the side."""
        begin = re.compile(f"^{re.escape(name)}")
        self.part("#side").get_by_role("button", name=begin).click()


Open = Callable[..., Tab]
StartHub = Callable[..., HubProcess]


@pytest.fixture
def engine() -> str:
    """One engine: what the hub says is the same on both, which other suites prove."""
    return "loop"


@pytest.fixture
def hub(start_hub: StartHub) -> HubProcess:
    """A hub that forgets."""
    return start_hub("--memory")


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright; a module's own, since it leaves asyncio unusable while it runs."""
    if find() is None:
        missing = "no Chromium is installed (on Debian: apt install chromium)"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One browser for a module."""
    with launch(playwright) as started:
        yield started


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Make browsers' profiles, each with a memory of its own."""
    contexts: list[BrowserContext] = []

    def new(**options: Any) -> BrowserContext:
        contexts.append(browser.new_context(**options))
        return contexts[-1]

    yield new
    for context in contexts:
        context.close()


@pytest.fixture
def open_tab(new_context: Callable[..., BrowserContext]) -> Iterator[Open]:
    """Open the page of a hub; in another tab of a profile if one is given."""
    tabs: list[Tab] = []

    def one(
        hub: HubProcess, *, context: BrowserContext | None = None, **options: Any
    ) -> Tab:
        tabs.append(Tab((context or new_context(**options)).new_page(), hub.port))
        return tabs[-1]

    yield one
    problems = [problem for tab in tabs for problem in tab.problems]
    assert not problems, "\n".join(problems)


@pytest.fixture
def terminal(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[HubProcess, str], pexpect.spawn]]:
    """Join with the terminal client."""
    clients: list[pexpect.spawn] = []

    def one(hub: HubProcess, name: str) -> pexpect.spawn:
        clients.append(
            pexpect.spawn(
                sys.executable,
                ["client.py", "127.0.0.1", str(hub.port), "--name", name],
                cwd=str(ROOT),
                env={
                    **os.environ,
                    "NO_COLOR": "1",
                    "PROMPT_TOOLKIT_NO_CPR": "1",
                    "TERM": "xterm",
                    "XDG_STATE_HOME": str(tmp_path_factory.mktemp("state")),
                },
                encoding="utf-8",
                timeout=LIMIT,
                dimensions=(24, 100),
            )
        )
        clients[-1].expect("YOU >>")
        return clients[-1]

    yield one
    for client in clients:
        client.close(force=True)
