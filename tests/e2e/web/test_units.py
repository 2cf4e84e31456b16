"""The page's modules, each on its own, in the engine that they are made for."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Route
from tests.e2e.hub import HubProcess

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

FOLDER = Path(__file__).parent / "units"


@pytest.mark.parametrize("file", sorted(one.name for one in FOLDER.glob("test_*.js")))
def test_modules(hub: HubProcess, new_context, file: str) -> None:  # type: ignore[no-untyped-def]
    """The tests are served from the hub's origin, beside the modules they test."""
    context: BrowserContext = new_context()
    page = context.new_page()

    def serve(route: Route) -> None:
        name = route.request.url.rsplit("/", 1)[1]
        route.fulfill(path=FOLDER / name, content_type="text/javascript")

    page.route("**/units/*.js", serve)
    page.goto(f"http://127.0.0.1:{hub.port}/join.svg")
    result = page.evaluate(
        """async (file) => {
          await import(`/units/${file}`);
          return (await import("/units/testing.js")).runAll();
        }""",
        file,
    )
    assert result["count"] > 0
    assert not result["failures"], "\n\n".join(result["failures"])
