"""What the hub says when it starts."""

from __future__ import annotations

import time
from pathlib import Path


def banner(address: str) -> str:
    """Draw the box."""
    title = f"SERVER STARTED ({address})"
    bar = "═" * (len(title) + 4)
    return f"╔{bar}╗\n║  {title}  ║\n╚{bar}╝"


def kept_where(folder: Path | None) -> str:
    """Say where the history is; None for nowhere."""
    if folder is None:
        return "The history is not kept (--memory)."
    return f"The history is kept in {folder}"


def first_account(*, memory: bool) -> str:
    """Say how somebody gets into a hub for members that has none yet."""
    ways = [] if memory else ["make the first with: hubbub admin create NAME"]
    ways.append("invite somebody with :invite new, typed here")
    return f"Nobody has an account yet; {'; or '.join(ways)}"


def waiting() -> str:
    """Say that connections are taken now."""
    return f"[{time.strftime('%H:%M:%S')}] Waiting for client..."
