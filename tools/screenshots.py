"""Take docs/images/web-*.png: the page and the card, as Debian's Chromium shows them.

``python tools/screenshots.py`` starts a real hub, lets people talk in it, and looks at
it in light and dark, on a desktop and on a telephone. POSIX only.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser import launch  # noqa: E402
from tests.e2e.hub import HubProcess, Person  # noqa: E402

IMAGES = ROOT / "docs" / "images"

# Of the names that are kept for documents (RFC 2606).
PUBLIC = "http://workshop.example:5000"

DESKTOP = {"width": 1160, "height": 720}
PHONE = {"width": 360, "height": 720}

# Who says what, and where.
TALK = [
    ("Mira", "lobby", "Good morning! The workshop starts at ten, in the big room."),
    ("Mira", "lobby", "The slides: https://example.org/sockets"),
    ("Jonas", "lobby", "Thanks! @alice can you bring the adapter?"),
    (
        "Ada",
        "lobby",
        "This is the whole client:\n```\nfor line in hub:\n    print(line)\n```",
    ),
    ("كريم", "lobby", "صباح الخير، سأكون هناك"),
    ("Linus", "lobby", "\N{PARTY POPPER}"),
    ("Grace", "@alice", "Coffee before it starts?"),
]


def people(hub: HubProcess, stack: ExitStack) -> dict[str, Person]:
    """Let those join who talk."""
    present: dict[str, Person] = {}
    for name in dict.fromkeys(name for name, _, _ in TALK):
        person = stack.enter_context(closing(Person(hub.port)))
        person.send(type="hello", name=name)
        person.frames_until(type="welcome")
        present[name] = person
    return present


def join(browser: Browser, hub: HubProcess, name: str, **options: object) -> Page:
    """Open the page and come in."""
    page = browser.new_page(**options)  # type: ignore[arg-type]
    page.goto(f"http://127.0.0.1:{hub.port}/")
    page.fill("#door-name", name)
    page.press("#door-name", "Enter")
    page.locator("#app").wait_for()
    return page


def talk(present: dict[str, Person], alice: Page) -> None:
    """Let them talk, each after the other."""
    present["Jonas"].send(type="group", action="create", name="tea")
    present["Jonas"].frames_until(type="group", you=True)
    alice.fill("#say", ":group join tea")
    alice.press("#say", "Enter")
    alice.locator("#title", has_text="#tea").wait_for()
    alice.locator("#rooms button").first.click()
    for name, to, text in TALK:
        present[name].send(type="send", to=to, text=text)
        present[name].frames_until(type="message", text=text)
    alice.locator(".body", has_text="\N{PARTY POPPER}").wait_for()
    alice.fill("#say", "On my way, with the adapter.")
    alice.press("#say", "Enter")
    alice.locator(".message.own.stored").wait_for()
    present["Jonas"].send(type="send", to="#tea", text="Earl Grey or mint?")
    alice.locator("#rooms .badge:visible").wait_for()


def card(page: Page) -> None:
    """Open the card by the hub's public name, which is what it shows then."""
    page.goto(f"{PUBLIC}/join")
    page.locator("#names li").first.wait_for()
    page.locator("#code:visible").wait_for()


def save(page: Page, name: str) -> None:
    """Write what a page shows."""
    path = IMAGES / f"web-{name}.png"
    page.screenshot(path=path, animations="disabled", caret="hide")


def main() -> None:
    """Hold the conversation and take the pictures."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        config = folder / "hubbub.toml"
        config.write_text(f'origins = ["{PUBLIC}"]\n', encoding="utf-8")
        hub = stack.enter_context(
            closing(HubProcess("--memory", "--config", str(config)))
        )
        rule = f"MAP {PUBLIC.removeprefix('http://')} 127.0.0.1:{hub.port}"
        playwright = stack.enter_context(sync_playwright())
        browser = stack.enter_context(
            launch(playwright, f"--host-resolver-rules={rule}")
        )
        present = people(hub, stack)
        alice = join(browser, hub, "alice", viewport=DESKTOP, color_scheme="light")
        talk(present, alice)
        save(alice, "light")
        alice.emulate_media(color_scheme="dark")
        save(alice, "dark")
        alice.emulate_media(color_scheme="light")
        alice.set_viewport_size(PHONE)
        save(alice, "phone")
        poster = browser.new_page(viewport={"width": 1160, "height": 650})
        card(poster)
        save(poster, "join")


if __name__ == "__main__":
    main()
