"""How a client says who it is, so that no lost connection can shut it out."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from hubbub.dialects.json_lines import frames
from hubbub.model.refusals import Code

# After which another name, or a password, may do.
NAME_REFUSALS = frozenset(
    {
        Code.INVITE_INVALID,
        Code.NAME_TAKEN,
        Code.NAME_INVALID,
        Code.NEW_PASSWORD_NEEDED,
        Code.NOT_SECURE,
        Code.PASSWORD_INVALID,
        Code.PASSWORD_NEEDED,
        Code.PASSWORD_WRONG,
        Code.TOO_MANY_TRIES,
    }
)


def random_key() -> str:
    """Make a key that nobody can guess (144 bits)."""
    return secrets.token_urlsafe(18)


class Entrance:
    """Makes each `hello`.

    A `welcome` may be lost when the hub has let the client in already; the name is
    taken then, by nobody else than this client. So every `hello` up to the next
    `welcome` carries one key, by which the hub knows its seat. And a connection that
    was given up may come to the hub after the one that took its place, so they are
    counted.

    Attributes:
        name: The name to ask for.
        password: What to prove it by, of an account or of the hub; with `invite`, what
            it is to be proved by from now on.
        invite: A code to register with, until it is used or has let nobody in.
    """

    def __init__(
        self,
        name: str,
        password: str | None,
        client: str | None,
        new_key: Callable[[], str],
        invite: str | None = None,
        token: str | None = None,
    ) -> None:
        """Begin with no connection made.

        Args:
            name: The name to ask for.
            password: For a name or a hub that wants one.
            client: What the client calls itself.
            new_key: See `ClientProtocol`.
            invite: A code to register with.
            token: An access token, with which the name may be "".
        """
        self._token = token
        self.name = name
        self.password = password
        self.invite = invite
        self._client = client
        self._new_key = new_key
        self._key = new_key()
        self._attempt = 0

    def connection_made(self) -> None:
        """Count a connection."""
        self._attempt += 1

    def hello(self, resume: frames.ResumeFrom | None) -> frames.Hello:
        """Make a `hello` for the connection of this moment."""
        return frames.Hello(
            self.name,
            self.password,
            resume,
            self._client,
            self._key,
            self._attempt,
            invite=self.invite,
            token=self._token,
        )

    def refused(self, code: str) -> None:
        """Learn that the hub did not let the client in, and why."""
        if code == Code.INVITE_INVALID:
            # One may yet come in without.
            self.invite = None

    def welcomed(self, name: str) -> None:
        """Learn that the hub let the client in, and as whom."""
        self.name = name
        self.invite = None
        # A seat that this key has made is known by its token from now on.
        self._key = self._new_key()
