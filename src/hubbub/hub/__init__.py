"""The rules: what may happen, what follows from it, and who may see it.

Deterministic by construction: a decision reads the state, the command and the time
that came with it. This package may never hold I/O, bytes of a dialect, or a clock.
"""

from __future__ import annotations

from hubbub.hub.again import as_posted
from hubbub.hub.audience import EVERYONE, Audience, View
from hubbub.hub.decision import Decision, Repeated
from hubbub.hub.hub import Hub, Outcome, replay
from hubbub.hub.state import Group, State, User

__all__ = [
    "EVERYONE",
    "Audience",
    "Decision",
    "Group",
    "Hub",
    "Outcome",
    "Repeated",
    "State",
    "User",
    "View",
    "as_posted",
    "replay",
]
