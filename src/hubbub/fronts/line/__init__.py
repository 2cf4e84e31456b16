"""The client for a terminal, and for pipes.

On a terminal it is a prompt with the conversation above it (`terminal`); with standard
input or output redirected it is a well-behaved pipe (`pipe`). Both read the same
commands (`commands`) and write the same lines (`lines`). Before either there may be a
hub to choose (`hubs`).

What concerns the connection is `hubbub.client`'s and may not enter here.
"""

from __future__ import annotations

from hubbub.fronts.line.entry import is_interactive, main
from hubbub.fronts.line.options import LineOptions

__all__ = ["LineOptions", "is_interactive", "main"]
