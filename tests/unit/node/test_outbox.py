"""The outbox against a plain byte string."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hubbub.node.outbox import Outbox


@given(st.lists(st.binary(max_size=8) | st.integers(0, 20), max_size=30))
def test_behaves_like_bytes(steps: list[bytes | int]) -> None:
    """Pushing adds at the end, consuming takes from the front of what `peek` gave."""
    outbox, model = Outbox(), b""
    for step in steps:
        if isinstance(step, bytes):
            outbox.push(step)
            model += step
        else:
            seen = bytes(outbox.peek())
            assert seen == model
            count = min(step, len(seen))
            outbox.consume(count)
            model = model[count:]
        assert outbox.size == len(model)
    outbox.clear()
    assert (outbox.size, bytes(outbox.peek())) == (0, b"")


def test_shares_what_is_pushed() -> None:
    """One string for all who get it: nothing is copied for a single chunk."""
    data = bytes(1000)
    outbox = Outbox()
    outbox.push(data)
    assert outbox.peek() is data
