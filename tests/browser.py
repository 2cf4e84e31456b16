"""Debian's Chromium, driven by Playwright. No browser is ever downloaded."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Playwright

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


def launch(playwright: Playwright, *flags: str) -> Browser:
    """Start it without a window, with private profiles that vanish with it.

    Args:
        playwright: Drives it.
        flags: More of its command line.
    """
    return playwright.chromium.launch(
        executable_path=_path(),
        headless=True,
        args=[*_FLAGS, *flags],
        chromium_sandbox=_has_sandbox(),
    )


def launch_profile(playwright: Playwright, folder: Path) -> BrowserContext:
    """Start it without a window, with the profile in a folder, which is not private."""
    return playwright.chromium.launch_persistent_context(
        folder,
        executable_path=_path(),
        headless=True,
        args=_FLAGS,
        chromium_sandbox=_has_sandbox(),
    )


def _path() -> str:
    path = find()
    assert path, f"no browser is installed; one of these will do: {', '.join(NAMES)}"
    return path


def _has_sandbox() -> bool:
    # Chromium's sandbox does not work for root, who runs tests in containers.
    return not (hasattr(os, "geteuid") and os.geteuid() == 0)
