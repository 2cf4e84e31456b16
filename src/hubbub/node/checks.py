"""What has to do with passwords and takes long: queued, counted, and brought back."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hubbub.model.commands import Command
from hubbub.model.names import name_key
from hubbub.model.policy import Policy
from hubbub.model.refusals import Code, Refusal
from hubbub.node.bench import Bench
from hubbub.node.deadlines import Deadlines
from hubbub.node.plan import Work
from hubbub.node.session import Session
from hubbub.node.sessions import Sessions
from hubbub.node.tries import Tries

# Works that wait or run at the same time: some seconds of hashing.
_MOST = 64

_NOT_SECURE = Refusal(
    Code.NOT_SECURE,
    "others could listen to a password or a token on this connection; use TLS, or ask "
    "whoever runs the hub for --allow-plaintext-passwords",
)
_TOO_BUSY = Refusal(
    Code.TOO_MANY_TRIES, "too many passwords are being checked now; try again soon"
)


@dataclass(slots=True, frozen=True, eq=False)
class Check:
    """One thing to be worked out for a session, which waits meanwhile.

    Attributes:
        session: Who asked.
        command: For what; a refusal names it.
        name: The name whose password is tried, or None when none is.
        run: See `Work`. Of a try, anything that is not true is a failure.
        then: Takes the result, if the session is still there.
    """

    session: Session
    command: Command
    name: str | None
    run: Callable[[], object]
    then: Callable[[Any], None]


class Checks:
    """Starts checks, and keeps to the limits on tries."""

    def __init__(
        self, bench: Bench, sessions: Sessions, deadlines: Deadlines, policy: Policy
    ) -> None:
        """Join the parts it needs."""
        self._bench = bench
        self._sessions = sessions
        self._deadlines = deadlines
        self._policy = policy
        self._tries = Tries()
        self._under_way = 0

    def may_try(self, session: Session, name: str | None) -> Refusal | None:
        """Say why a session can't try a secret now; None: it can.

        Args:
            session: Whose connection it is.
            name: What the secret is for, as in `Check`.
        """
        if not (session.is_secure or self._policy.plaintext_passwords):
            return _NOT_SECURE
        if name is not None:
            now = self._bench.now.monotonic
            wait = self._tries.wait(session.host, _key(name), now)
            if wait:
                return Refusal(
                    Code.TOO_MANY_TRIES,
                    f"too many wrong tries; wait {math.ceil(wait)} seconds",
                    seconds=math.ceil(wait),
                )
        return None

    def failed(self, session: Session, name: str, *, alone: bool = False) -> None:
        """Count a try at a secret that takes no time to check, and that was wrong.

        As to `alone`: see `Tries.begin`.
        """
        now = self._bench.now.monotonic
        self._tries.begin(session.host, _key(name), now, alone=alone)

    def start(self, check: Check) -> None:
        """Start a check, or say why not. The session is busy until it is done."""
        session, now = check.session, self._bench.now.monotonic
        no = self.may_try(session, check.name)
        if no is None and self._under_way >= _MOST:
            no = _TOO_BUSY
        if no is not None:
            self._bench.refuse(session, no, check.command)
            return
        session.busy = True
        # What it says meanwhile waits, in order, and in the kernel.
        self._sessions.pause_reading(session)
        self._under_way += 1
        delay = 0.0
        if check.name is not None:
            key = _key(check.name)
            self._tries.begin(session.host, key, now)
            delay = self._tries.delay(key, now)
        if delay:
            self._deadlines.at(now + delay, self._offload, check)
        else:
            self._offload(check)

    def _offload(self, check: Check) -> None:
        work = Work(check.run, lambda result: self._finish(check, result))
        self._sessions.plan.offload.append(work)

    def _finish(self, check: Check, result: object) -> None:
        session = check.session
        self._under_way -= 1
        if check.name is not None and result:
            self._tries.succeed(session.host, _key(check.name))
        session.busy = False
        if session.is_open:
            check.then(result)
            self._bench.woken[session] = None


def _key(name: str) -> str:
    return name_key(name) or name[:64]
