"""A message that stands but is not kept any more, for acknowledging it once more."""

from __future__ import annotations

from typing import assert_never

from hubbub.hub.state import User
from hubbub.model.address import Lobby, ToGroup, ToUser
from hubbub.model.commands import Post
from hubbub.model.events import (
    SERVER_ID,
    DirectPosted,
    GroupPosted,
    LobbyPosted,
    MessagePosted,
)
from hubbub.model.text import clean, one_line


def as_posted(user: User, command: Post, seq: int, time: int) -> MessagePosted:
    """Put a message together from its sender's own words.

    It is for its sender's eyes: whom it went to is named as the sender names them, and
    has no id, for they may be gone. It is never refused, since it has happened.

    Args:
        user: Who said it.
        command: With the nonce under which it stands.
        seq: Where it stood.
        time: Unix milliseconds; when it was said is not known any more.
    """
    text = clean(command.text)
    match command.to:
        case Lobby():
            return LobbyPosted(seq, time, user.id, user.name, text, command.nonce)
        case ToUser(name):
            return DirectPosted(
                seq,
                time,
                user.id,
                user.name,
                SERVER_ID,
                one_line(name),
                text,
                command.nonce,
            )
        case ToGroup(name):
            return GroupPosted(
                seq,
                time,
                user.id,
                user.name,
                SERVER_ID,
                one_line(name),
                text,
                command.nonce,
            )
        case _:
            assert_never(command.to)
