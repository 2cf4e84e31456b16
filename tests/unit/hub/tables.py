"""What the model knows by heart, written down by hand and not taken from the code."""

from __future__ import annotations

from tests.rights_table import HUB

# Each name with what it is the same as by case and width, and by look; None: not
# allowed. Written down by hand, so that it does not come from the code under test.
NAMES: dict[str, tuple[str, str] | None] = {
    "ann": ("ann", "ann"),
    "Ann": ("ann", "ann"),
    "\uff21\uff2e\uff2e": ("ann", "ann"),
    "\u0430nn": ("cyrillic-ann", "ann"),
    "Bill": ("bill", "bill"),
    "BiIl": ("biil", "bill"),
    "zoë": ("zoë", "zoë"),
    "ZOË": ("zoë", "zoë"),
    "carl": ("carl", "carl"),
    "dora": ("dora", "dora"),
    "emil": ("emil", "emil"),
    "two words": None,
    "Server": None,
    ":x": None,
    "": None,
}
GROUPS: dict[str, tuple[str, str] | None] = {
    "tea": ("tea", "tea"),
    "TEA": ("tea", "tea"),
    "l\u0435mon": ("cyrillic-lemon", "lemon"),
    "lemon": ("lemon", "lemon"),
    "corn": ("corn", "corn"),
    "com": ("com", "corn"),
    "four": ("four", "four"),
    ":no": None,
}
# The texts of the machine that have nothing to show, and those over 12 bytes.
RANKS = {"guest": 0, "member": 1, "moderator": 2, "owner": 3, "server": 4}
"""Who stands above whom."""

ACCOUNTS = {"member", "moderator", "owner"}


def may(role: str, kind: type) -> bool:
    """Tell whether a role may give a command, by the table written by hand."""
    return ("console" if role == "server" else role) in HUB[kind.__name__].split()


PLACES = {"10.0.0.1": ("10.0.0.0/24",), "10.0.0.2": ("10.0.0.0/24",), "10.0.9.9": ()}
"""Addresses, with the networks of the machine that they lie in."""

EMPTY = {"\x1b[31m", "  "}
LONG = {"é" * 7}
