"""Which seat a `hello` is for: one that is kept, or a new one."""

from __future__ import annotations

from hubbub.hub import Hub
from hubbub.model.commands import Hello
from hubbub.node.delivery import Entry
from hubbub.node.tokens import hash_token, is_of_journal, make_token


def find_seat(
    hello: Hello, hub: Hub, journal_id: str, *, keeps_seat: bool
) -> tuple[int | None, Entry]:
    """Find the seat that a client means.

    First the one whose token it shows. Then the one that an earlier `hello` with the
    same key made: its `welcome` was lost, or the client would show the token.

    Args:
        hello: What it says.
        hub: Knows who holds which token.
        journal_id: Of the journal in use.
        keeps_seat: Whether a seat made for this connection would be kept.

    Returns:
        The user who has the seat, or None for a new one, and how one comes in on it.
    """
    after = hub.state.seq
    shown = hello.resume or ""
    ours = is_of_journal(shown, journal_id)
    if ours:
        after = min(hello.after, after)
        user = hub.holder(hash_token(shown))
        if user is not None:
            return user, Entry(shown, after, behind=True, resumed=True)
    token = make_token(journal_id, hello.key) if keeps_seat else ""
    if hello.key and token:
        user = hub.holder(hash_token(token))
        if user is not None:
            # What came before one's own coming is no news, as on the lost connection.
            return user, Entry(token, after if ours else user, behind=True)
    return None, Entry(token, after, behind=after < hub.state.seq)
