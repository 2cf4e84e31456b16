"""The journal: every event, in order, on disk before anybody hears of it.

One contract, several backs: `hubbub.journal.memory` and `hubbub.journal.sqlite`. A
back may never hold rules, and knows nothing of the others.
"""

from __future__ import annotations

from hubbub.journal.contract import (
    Compacted,
    Journal,
    JournalError,
    JournalUnusableError,
)

__all__ = ["Compacted", "Journal", "JournalError", "JournalUnusableError"]
