"""When to come back, and when not to."""

from __future__ import annotations

import pytest

from hubbub.client import ReconnectPolicy
from hubbub.client.events import Disconnected, Missed
from hubbub.client.inbox import Inbox
from hubbub.client.reconnect import Attempts


def test_every_five_seconds_for_two_minutes() -> None:
    attempts = Attempts(ReconnectPolicy())
    attempts.begun(1000.0)
    now, times = 1000.0, []
    while (at := attempts.failed(now)) is not None:
        times.append(at)
        assert attempts.end == 1120.0
        attempts.begun(at)
        now = at
    assert times == [1005.0 + 5 * number for number in range(24)]
    assert attempts.count == 25


def test_an_attempt_that_took_long_has_used_up_its_wait() -> None:
    attempts = Attempts(ReconnectPolicy())
    attempts.failed(0.0)
    attempts.begun(5.0)
    assert attempts.failed(13.0) == 13.0


def test_success_begins_anew() -> None:
    attempts = Attempts(ReconnectPolicy(every=1, window=2))
    attempts.failed(0.0)
    attempts.succeeded()
    assert attempts.count == 0
    assert attempts.failed(100.0) == 101.0


def test_no_window_is_no_attempt() -> None:
    assert Attempts(ReconnectPolicy(window=0)).failed(0.0) is None


@pytest.mark.parametrize(
    "times", [{"every": 0}, {"every": -1}, {"window": -1}, {"every": float("nan")}]
)
def test_times_out_of_range(times: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="attempts"):
        ReconnectPolicy(**times)


def test_an_inbox_drops_the_oldest_and_says_so() -> None:
    inbox = Inbox(capacity=2, slack=2)
    for number in range(6):
        assert inbox.full == (number >= 2)
        inbox.put(Disconnected(str(number), will_retry=False))
    assert len(inbox) == 5
    assert inbox.take() == Missed(2)
    assert inbox.take() == Disconnected("2", will_retry=False)
    while inbox.take() is not None:
        pass
    assert len(inbox) == 0
