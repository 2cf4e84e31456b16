"""Every limit of the hub, with its default. What happens at each: docs/limits.md."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The size of each buffer and the length of each wait.

    Attributes:
        text: Bytes of UTF-8 in one message.
        line: Bytes of an unfinished line before it is refused and skipped; of a
            WebSocket message, and of the body of an HTTP request.
        http_head: Bytes of the request line and the headers of an HTTP request.
        outbox: Bytes waiting for one connection before it is caught up from the
            journal instead.
        users: Guests' names held at one time, kept seats included.
        accounts: Names that are somebody's own.
        tokens: Access tokens of all accounts together.
        tokens_per_user: Access tokens of one account.
        devices: Devices of one account that may come back without the password.
        waiting: Private messages that wait for one account's user to come back.
        groups: Groups at one time.
        groups_per_user: Groups one user is in at one time.
        members: Members of one group.
        invites: Codes that let people in.
        bans: Names, accounts and addresses that are kept out.
        connections_per_address: Open connections from one network address (of IPv6,
            /64); also how many may come, and come in, at once before the rates hold.
        connect_rate: Connections per second of one address; 0 turns the limit off.
        join_rate: Guests of one address who come in, per second; 0 as above.
        history_page: Messages in one answer to a history request.
        nonces: Nonces remembered for each user; a client keeps fewer unacknowledged.
        once_nonces: Nonces remembered of messages said without coming in.
        handshake_seconds: Time to give a name.
        idle_seconds: Silence after which a connection is asked whether it lives.
        answer_seconds: Time to answer that question.
        keepalive_seconds: Silence after which a stream shows that it goes on.
        drain_seconds: Time for a full outbox to drain.
        seat_seconds: How long a dropped guest's name and groups are kept.
        quiet_seconds: Silence that ends a chunk of an unframed client.
        rate: Commands per second of one user, on all devices, or of one connection
            without a name; 0 turns the limit off.
        burst: Commands that may come at once before `rate` holds.
        address_rate: Commands per second of one address; 0 turns the limit off.
        address_burst: Commands that may come at once before `address_rate` holds.
        refusals: Refusals at once until a connection is closed; one a second is
            forgotten.
        address_refusals: Refusals at once until an address is kept out; ten a second
            are forgotten.
        bar_seconds: How long it is.
    """

    text: int = 4096
    line: int = 65536
    http_head: int = 16384
    outbox: int = 1 << 20
    users: int = 20_000
    accounts: int = 20_000
    tokens: int = 10_000
    tokens_per_user: int = 50
    devices: int = 16
    waiting: int = 1_000
    groups: int = 10_000
    groups_per_user: int = 100
    members: int = 20_000
    bans: int = 10_000
    invites: int = 1_000
    connections_per_address: int = 1024
    connect_rate: float = 50.0
    join_rate: float = 5.0
    history_page: int = 100
    nonces: int = 128
    once_nonces: int = 4096
    handshake_seconds: float = 60.0
    idle_seconds: float = 300.0
    answer_seconds: float = 60.0
    keepalive_seconds: float = 15.0
    drain_seconds: float = 60.0
    seat_seconds: float = 180.0
    quiet_seconds: float = 0.15
    rate: float = 50.0
    burst: int = 200
    address_rate: float = 2000.0
    address_burst: int = 8000
    refusals: int = 100
    address_refusals: int = 1000
    bar_seconds: float = 60.0

    def __post_init__(self) -> None:
        for field in self.__struct_fields__:
            value = getattr(self, field)
            # Written so that "not a number" fails as well.
            if not value >= 0 or (value == 0 and not field.endswith("rate")):
                raise ValueError(f"{field} must be greater than 0, not {value}")
