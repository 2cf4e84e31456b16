"""Who talks to whom.

A load is a list of seats, which of them talk, and which connection's receipt counts a
talker's message as done. Every talker keeps ``window`` messages under way: when one is
done, the next is written. The windows are the same for every contestant, and no larger
than it takes to keep the server's core busy: beyond that, a window measures how much a
server gains from finding more to do at once, which people who chat do not give it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bench.contestant import Seat

if TYPE_CHECKING:
    from collections.abc import Callable

TALKERS = 50
LISTENERS = 200
ROOM_WINDOW = 2
PAIRS_WINDOW = 2
SINGLE_WINDOW = 16
ROOM_SAMPLES = 10
SINGLE_SAMPLES = 4
PAIR_SAMPLES = 20
PACED_DELIVERIES_PER_SECOND = 200_000
# A hall, what an engine with a thread for each connection is made for, and a town.
IDLE_CROWDS = (1_000, 4_000, 10_000)
FEWEST_CONNECTIONS = TALKERS + ROOM_SAMPLES


@dataclass(frozen=True)
class Load:
    """One load.

    Attributes:
        name: How the command line names it.
        about: One line for the table's heading.
        seats: All clients, in the order in which they join.
        observer_of: The index of a talker's seat, to that of the seat whose receipt
            of a message counts it as done.
        sampled: Indices of the seats on which latency is measured, for each message
            that arrives there.
        window: Messages that a talker keeps under way; 0 if nobody waits for receipts.
        direct: Whether messages go to partners, not to the room. What a talker
            receives then does not count: some servers confirm to it, some do not.
        messages_per_second: With a window of 0, how many messages are written by all
            talkers together, in turn, whether or not those before have arrived.
    """

    name: str
    about: str
    seats: tuple[Seat, ...]
    observer_of: dict[int, int] = field(default_factory=dict)
    sampled: frozenset[int] = frozenset()
    window: int = 0
    direct: bool = False
    messages_per_second: float = 0.0


def _names(count: int) -> tuple[Seat, ...]:
    return tuple(Seat(f"user{index:05}") for index in range(count))


def room(connections: int) -> Load:
    """Everyone in one room, 50 of them talking, spread evenly over the connections."""
    talkers = [i * connections // TALKERS for i in range(TALKERS)]
    silent = sorted(set(range(connections)) - set(talkers))
    # The observers are spread too: a server that writes to its connections in a fixed
    # order must not find all talkers waiting for the first one, nor for the last.
    samples = [silent[i * len(silent) // ROOM_SAMPLES] for i in range(ROOM_SAMPLES)]
    return Load(
        "room",
        f"{connections:,} connections in one room, {TALKERS} talking, "
        f"{ROOM_WINDOW} messages under way from each",
        _names(connections),
        {talker: samples[i % ROOM_SAMPLES] for i, talker in enumerate(talkers)},
        frozenset(samples),
        ROOM_WINDOW,
    )


def pairs(connections: int) -> Load:
    """One half of the connections write to the other half, each to one of its own."""
    half = connections // 2
    seats: list[Seat] = []
    for seat in _names(half):
        seats += [Seat(f"to{seat.name}"), Seat(f"by{seat.name}", f"to{seat.name}")]
    every = max(1, half // PAIR_SAMPLES)
    return Load(
        "pairs",
        f"{half:,} pairs, private messages in one direction, "
        f"{PAIRS_WINDOW} under way in each",
        tuple(seats),
        {2 * pair + 1: 2 * pair for pair in range(half)},
        frozenset(2 * pair for pair in range(0, half, every)),
        PAIRS_WINDOW,
        direct=True,
    )


def single(connections: int) -> Load:
    """One talker to 200 listeners, whatever ``connections`` the other loads have."""
    del connections
    samples = [(i + 1) * LISTENERS // SINGLE_SAMPLES for i in range(SINGLE_SAMPLES)]
    return Load(
        "single",
        f"one talker to {LISTENERS} listeners, {SINGLE_WINDOW} messages under way",
        _names(1 + LISTENERS),
        {0: samples[SINGLE_SAMPLES // 2]},
        frozenset(samples),
        SINGLE_WINDOW,
    )


def paced(connections: int) -> Load:
    """The room again, at a rate that is offered whether or not the server keeps up.

    A latency is counted from the moment at which the message was due, so that a pause
    of the server is felt by every message that it delays.
    """
    return replace(
        room(connections),
        name="paced",
        about=f"{connections:,} connections in one room, {TALKERS} talking, "
        f"{PACED_DELIVERIES_PER_SECOND:,} deliveries/s offered",
        window=0,
        messages_per_second=PACED_DELIVERIES_PER_SECOND / (connections - 1),
    )


def idle(connections: int) -> Load:
    """Everyone joins one room as fast as they can, and nobody says a word."""
    return Load(
        f"idle-{connections}",
        f"{connections:,} connections, nobody talking",
        _names(connections),
    )


def _always(load: Load) -> Callable[[int], Load]:
    """The load, whatever ``connections`` the others have."""
    return lambda _: load


# What is left open is the number of connections for the loads that are not fixed.
LOADS: dict[str, Callable[[int], Load]] = {
    **{load.__name__: load for load in (room, pairs, single, paced)},
    **{f"idle-{crowd}": _always(idle(crowd)) for crowd in IDLE_CROWDS},
}
