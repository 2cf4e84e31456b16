"""Who talks to whom: the four loads.

A load is a list of seats, which of them talk, and which connection's receipt counts a
talker's message as done. Every talker keeps ``window`` messages under way: when one is
done, the next is written. The windows are as large as it takes to keep the server's core
busy, and are the same for every contestant.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bench.contestants import Seat

TALKERS = 50
LISTENERS = 200
ROOM_WINDOW = 8
PAIRS_WINDOW = 4
SINGLE_WINDOW = 64
ROOM_SAMPLES = 10
SINGLE_SAMPLES = 4
PAIR_SAMPLES = 20


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
            that arrives there. A talker's observer is one of them in a room.
        window: Messages that a talker keeps under way; 0 if nobody talks.
        direct: Whether messages go to partners, not to the room. The talkers then
            receive nothing that counts: some servers confirm to the sender, some not.
    """

    name: str
    about: str
    seats: tuple[Seat, ...]
    observer_of: dict[int, int] = field(default_factory=dict)
    sampled: frozenset[int] = frozenset()
    window: int = 0
    direct: bool = False


def _names(count: int) -> tuple[Seat, ...]:
    return tuple(Seat(f"user{index:05}") for index in range(count))


def room(connections: int) -> Load:
    """Everyone in one room, 50 of them talking, spread evenly over the connections."""
    talkers = [i * connections // TALKERS for i in range(TALKERS)]
    silent = [i for i in range(connections) if i not in set(talkers)]
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
    """Half of the connections each write to a partner of their own in the other half."""
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


def single() -> Load:
    """One talker to 200 listeners."""
    samples = [
        1 + i * (LISTENERS - 1) // (SINGLE_SAMPLES - 1) for i in range(SINGLE_SAMPLES)
    ]
    return Load(
        "single",
        f"one talker to {LISTENERS} listeners, {SINGLE_WINDOW} messages under way",
        _names(1 + LISTENERS),
        {0: samples[SINGLE_SAMPLES // 2]},
        frozenset(samples),
        SINGLE_WINDOW,
    )


def idle(connections: int) -> Load:
    """Everyone in one room, and nobody says a word."""
    return Load(
        "idle", f"{connections:,} connections, nobody talking", _names(connections)
    )
