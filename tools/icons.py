"""Draw the page's icons: two people who talk at once, as SVG and as PNG.

``python tools/icons.py`` writes them among the files of the page. The PNG files are
what the SVG looks like in Debian's Chromium, which has to be there.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser import launch  # noqa: E402

TARGET = ROOT / "src" / "hubbub" / "fronts" / "web" / "static" / "assets" / "icons"

GROUND, BACK, FRONT = "#1d655a", "#74c7b8", "#ffffff"

# One bubble behind another, on a field of 100 by 100.
BUBBLES = f"""\
<path fill="{BACK}" d="M44 20h28a14 14 0 0 1 14 14v11a14 14 0 0 1-14 14h-1v10L59 59
 H44a14 14 0 0 1-14-14V34a14 14 0 0 1 14-14z"/>
<path fill="{FRONT}" stroke="{GROUND}" stroke-width="4" d="M28 38h28a14 14 0 0 1 14 14
 v11a14 14 0 0 1-14 14H42L29 88V77h-1a14 14 0 0 1-14-14V52a14 14 0 0 1 14-14z"/>
<path fill="none" stroke="{GROUND}" stroke-width="5" stroke-linecap="round"
 d="M28 53h28M28 63h17"/>
"""

# Masks cut up to a fifth from each side.
# https://www.w3.org/TR/appmanifest/#icon-masks: the safe zone is a circle of 80 %.
SAFE = 'transform="translate(50 50) scale(.68) translate(-50 -53)"'
PLAIN = 'transform="translate(50 50) scale(.9) translate(-50 -53)"'


def drawing(*, maskable: bool) -> str:
    """Give the icon as SVG; a maskable one fills its square."""
    radius, place = (0, SAFE) if maskable else (22, PLAIN)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">\n'
        f'<rect width="100" height="100" rx="{radius}" fill="{GROUND}"/>\n'
        f"<g {place}>\n{BUBBLES}</g>\n</svg>\n"
    )


def main() -> None:
    """Write every icon."""
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "icon.svg").write_text(drawing(maskable=False), encoding="utf-8")
    pictures = {
        "icon-192.png": (192, False),
        "icon-512.png": (512, False),
        "icon-maskable-512.png": (512, True),
    }
    with sync_playwright() as playwright, launch(playwright) as browser:
        for name, (size, maskable) in pictures.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            svg = drawing(maskable=maskable)
            page.set_content(
                f"<style>body{{margin:0}}svg{{display:block}}</style>{svg}"
            )
            page.screenshot(path=TARGET / name, omit_background=True)


if __name__ == "__main__":
    main()
