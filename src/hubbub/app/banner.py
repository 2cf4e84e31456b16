"""What the hub says when it starts."""

from __future__ import annotations

import time


def banner(address: str) -> str:
    """Draw the box."""
    title = f"SERVER STARTED ({address})"
    bar = "═" * (len(title) + 4)
    return f"╔{bar}╗\n║  {title}  ║\n╚{bar}╝"


def how_to_join(host: str, port: int) -> str:
    """Tell how to get in from another terminal on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return (
        "Join from another terminal:\n"
        f"  python client.py {shown} {port}\n"
        f"  nc {shown} {port}"
    )


def waiting() -> str:
    """Say that connections are taken now."""
    return f"[{time.strftime('%H:%M:%S')}] Waiting for client..."
