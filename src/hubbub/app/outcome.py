"""How a command ends that could not do its work."""

from __future__ import annotations

import sys


def fail(sentence: str) -> int:
    """Say on standard error why it was not done; give the exit code."""
    sys.stderr.write(f"{sentence}\n")
    return 1
