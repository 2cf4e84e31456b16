"""What the hub says when it starts."""

from __future__ import annotations

import time


def banner(address: str) -> str:
    """Draw the box."""
    title = f"SERVER STARTED ({address})"
    bar = "═" * (len(title) + 4)
    return f"╔{bar}╗\n║  {title}  ║\n╚{bar}╝"


def waiting() -> str:
    """Say that connections are taken now."""
    return f"[{time.strftime('%H:%M:%S')}] Waiting for client..."
