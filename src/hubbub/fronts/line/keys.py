"""The keys of the client on a terminal, and the prompt that they are pressed at."""

from __future__ import annotations

from typing import Any

from prompt_toolkit.application import Application, get_app_or_none
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

KEYS = "Alt-Enter begins a new line in a message, Tab completes, Ctrl-C leaves."


def running_prompt() -> Application[Any] | None:
    """Give the prompt of this moment, if there is one.

    Where the terminal can't move its cursor, prompt_toolkit runs another prompt than
    the session's own.
    """
    app = get_app_or_none()
    return app if app is not None and app.is_running else None


def bindings() -> KeyBindings:
    """Give the keys that this program adds to those of prompt_toolkit."""
    bindings = KeyBindings()

    @bindings.add("escape", "enter")
    def _new_line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return bindings
