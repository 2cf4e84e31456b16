"""The files of the web page, as they lie in the package."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable


def read_page() -> dict[str, bytes]:
    """Read every file of the page, by its path in the folder."""
    return dict(_walk(files("hubbub.fronts.web") / "static", ""))


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        path = f"{prefix}{entry.name}"
        if entry.is_dir():
            found.extend(_walk(entry, f"{path}/"))
        else:
            found.append((path, entry.read_bytes()))
    return found
