"""Installing the page: what a browser wants of the manifest, and of each icon."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright
from tests.browser import launch_profile
from tests.e2e.hub import HubProcess

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

# The size that each loads with: [width, height], of an SVG what it says itself.
_SIZES = """
urls => Promise.all(urls.map(async (url) => {
  const image = new Image();
  image.src = url;
  await image.decode();
  return [image.naturalWidth, image.naturalHeight];
}))
"""

# Whether the corners are painted, and the middle differs from them: a maskable icon is
# cut to any shape inside its safe zone.
_PIXELS = """
async (url) => {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
  const drawing = canvas.getContext("2d");
  drawing.drawImage(image, 0, 0);
  const last = image.naturalWidth - 1;
  const at = (x, y) => [...drawing.getImageData(x, y, 1, 1).data];
  const cells = drawing.getImageData(0, 0, last + 1, last + 1).data;
  const colors = new Set();
  for (let n = 0; n < cells.length; n += 4) colors.add(cells.slice(n, n + 3).join());
  return { corners: [at(0, 0), at(last, 0), at(0, last), at(last, last)],
           colors: colors.size };
}
"""


def manifest(page: Page) -> dict[str, Any]:
    """Fetch what the page names as its manifest."""
    found: dict[str, Any] = page.evaluate(
        """async () => {
          const link = document.querySelector("link[rel=manifest]");
          const answer = await fetch(link.href);
          return { ...(await answer.json()), type: answer.headers.get("Content-Type") };
        }"""
    )
    return found


def test_chromium_would_install_it(
    hub: HubProcess, playwright: Playwright, tmp_path: Path
) -> None:
    """Page.getInstallabilityErrors: none, in a profile that is not private."""
    with launch_profile(playwright, tmp_path) as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{hub.port}/")
        devtools = context.new_cdp_session(page)
        errors = devtools.send("Page.getInstallabilityErrors")
        assert errors == {"installabilityErrors": []}
        read = devtools.send("Page.getAppManifest")
        assert read["errors"] == []
        assert read["url"] == f"http://127.0.0.1:{hub.port}/manifest.webmanifest"
        assert devtools.send("Page.getAppId")["appId"] == page.url


def test_the_manifest_is_whole(hub: HubProcess, new_context: Any) -> None:
    """Name, where it begins, how it is shown; and every icon loads, in its size."""
    page: Page = new_context().new_page()
    page.goto(f"http://127.0.0.1:{hub.port}/")
    found = manifest(page)
    assert found["type"].startswith("application/manifest+json")
    assert found["name"] == found["short_name"] == "Hubbub"
    assert (found["start_url"], found["scope"], found["id"]) == ("/", "/", "/")
    assert found["display"] == "standalone"
    icons = found["icons"]
    sizes = page.evaluate(_SIZES, [icon["src"] for icon in icons])
    for icon, (width, height) in zip(icons, sizes, strict=True):
        assert icon["sizes"] in ("any", f"{width}x{height}"), icon
        assert width == height > 0, icon
    wanted = {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    there = {(icon["sizes"], icon.get("purpose", "any")) for icon in icons}
    assert wanted <= there
    start = page.request.get(f"http://127.0.0.1:{hub.port}{found['start_url']}")
    assert start.ok
    apple = page.locator("link[rel=apple-touch-icon]").get_attribute("href")
    assert page.evaluate(_SIZES, [apple]) == [[192, 192]]


def test_icons_are_pictures(hub: HubProcess, new_context: Any) -> None:
    """None is empty; the maskable one fills its corners, the others round theirs."""
    page: Page = new_context().new_page()
    page.goto(f"http://127.0.0.1:{hub.port}/")
    for icon in manifest(page)["icons"]:
        pixels = page.evaluate(_PIXELS, icon["src"])
        assert pixels["colors"] > 1, icon
        alpha = 255 if icon.get("purpose") == "maskable" else 0
        assert [corner[3] for corner in pixels["corners"]] == [alpha] * 4, icon
