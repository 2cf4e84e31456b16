"""Debian's Chromium, driven by Playwright. No browser is ever downloaded."""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")

# Nothing but what a test asks for goes over the network.
_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """Give the path of the browser, if there is one."""
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in found if path), None)


def launch(playwright: Playwright) -> Browser:
    """Start it without a window, with a profile of its own that vanishes with it."""
    path = find()
    assert path, f"no browser is installed; one of these will do: {', '.join(NAMES)}"
    # Chromium's sandbox does not work for root, who runs tests in containers.
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return playwright.chromium.launch(
        executable_path=path, headless=True, args=_FLAGS, chromium_sandbox=not root
    )
