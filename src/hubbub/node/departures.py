"""Who has left, and how long a dropped guest's name and groups are kept."""

from __future__ import annotations

from hubbub.model.commands import Disconnect, EndSeat
from hubbub.node.bench import Bench
from hubbub.node.deadlines import Deadlines
from hubbub.node.delivery import Departure
from hubbub.node.sessions import Sessions


class Departures:
    """Decides departures, and gives seats up when their time is over."""

    def __init__(self, bench: Bench, sessions: Sessions, deadlines: Deadlines) -> None:
        """Join the parts it needs."""
        self._bench = bench
        self._sessions = sessions
        self._deadlines = deadlines
        self._until: dict[int, float] = {}

    def decide(self) -> None:
        """Decide that those have left whose connection is gone."""
        if not self._bench.storage.works:
            return
        departed, self._sessions.departed = self._sessions.departed, []
        self._bench.batch.departed.extend(departed)
        for one in departed:
            gone = Disconnect(one.reason, one.keep_seat, one.device, one.last)
            self._bench.execute(None, one.user, gone)
            if one.keep_seat and one.last:
                self.keep_seat(one.user)

    def taken(self, user: int) -> None:
        """Learn that a user is back on their seat."""
        self._until.pop(user, None)

    def keep_seat(self, user: int) -> None:
        """Give a guest's seat up when its time is over."""
        if self._bench.hub.user(user).is_account:
            return
        when = self._bench.now.monotonic + self._bench.hub.limits.seat_seconds
        self._until[user] = when
        self._deadlines.at(when, self._end_seat, user)

    def settle(self) -> None:
        """Make good for users what an undone turn had settled already.

        Whoever is connected in the restored state and has no session is about to
        leave; and each seat that is kept has its time.
        """
        departed = {one.user for one in self._sessions.departed if one.last}
        for user in self._bench.hub.state.users.values():
            if not user.connected:
                if user.id not in self._until:
                    self.keep_seat(user.id)
            elif user.id not in self._sessions.of_user and user.id not in departed:
                keep = bool(user.tokens)
                self._sessions.departed.append(Departure(user.id, "lost", keep))

    def _end_seat(self, user: int) -> None:
        # Who came back and left again meanwhile has a later deadline than this one.
        when = self._until.get(user)
        if when is None or when > self._bench.now.monotonic:
            return
        if self._bench.storage.works:
            del self._until[user]
            self._bench.execute(None, user, EndSeat())
        else:
            self.keep_seat(user)
