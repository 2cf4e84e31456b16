"""A few threads for what would take too long in a turn."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from hubbub.node.plan import Work

# Each may hold the memory and the core that a password hash takes.
_THREADS = 2


class Workers:
    """Runs the works of plans, and brings each result back."""

    def __init__(self, finish: Callable[[Work, object], None]) -> None:
        """Begin with no thread; they are started when there is work.

        Args:
            finish: Called from one of the threads with a work and its result, which is
                None when it failed.
        """
        self._finish = finish
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="work")

    def start(self, work: Work) -> None:
        """Have a work run, when one of the threads is free."""
        future = self._pool.submit(work.run)
        future.add_done_callback(partial(self._done, work))

    def _done(self, work: Work, future: Future[object]) -> None:
        if not future.cancelled():
            self._finish(work, None if future.exception() else future.result())

    def close(self) -> None:
        """Start nothing more, and wait for what runs."""
        self._pool.shutdown(wait=True, cancel_futures=True)
