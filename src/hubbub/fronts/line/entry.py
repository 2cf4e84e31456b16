"""From the options to the right front, and to an exit code."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from typing import TextIO

from hubbub.client import ReconnectPolicy
from hubbub.fronts.line.options import LineOptions


def main(options: LineOptions) -> int:
    """Join a hub from this process's terminal or pipes.

    Args:
        options: How.

    Returns:
        The exit code: 0 when the person left, input ended with everything
        acknowledged, or a signal asked for the end; 1 when the hub or the network
        ended it or something was not acknowledged.
    """
    try:
        ReconnectPolicy(every=options.reconnect_every, window=options.reconnect_for)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    color = wants_color(options.color, sys.stdout)
    # What a pipe does not need would cost it a quarter of a second at every start.
    if is_interactive():
        from hubbub.fronts.line.terminal import Terminal

        return Terminal(options, now=local_now, color=color).run()
    from hubbub.fronts.line.pipe import Pipe

    return Pipe(options, now=local_now, color=color).run()


def wants_color(choice: str, out: TextIO | None) -> bool:
    """Decide on colours; see https://no-color.org for `NO_COLOR`."""
    if choice != "auto":
        return choice == "always"
    return (
        _is_terminal(out)
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM") != "dumb"
    )


def local_now() -> datetime:
    """Read the wall clock, in the zone of the person who looks at it."""
    # The one place where this front reads it.
    return datetime.now().astimezone()  # noqa: TID251


def is_interactive() -> bool:
    """Tell whether a person can type to this process and see what it says."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stdout)


def _is_terminal(stream: TextIO | None) -> bool:
    # A process can be started with its standard streams closed.
    return stream is not None and not stream.closed and stream.isatty()
