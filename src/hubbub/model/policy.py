"""What a hub's operator has chosen about who may come in, and how."""

from __future__ import annotations

import msgspec

from hubbub.model.network import Networks


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The door.

    Attributes:
        password_hash: What every guest needs the password of; "" when they need none.
        members_only: Whether only accounts come in.
        plaintext_passwords: Whether passwords are taken over connections that others
            can listen to.
        proxies: Who is believed for whom they ask.
    """

    password_hash: str = ""
    members_only: bool = False
    plaintext_passwords: bool = False
    proxies: Networks = Networks()

    @property
    def is_open(self) -> bool:
        """Whether anybody may come in: then one may listen and speak without."""
        return not (self.password_hash or self.members_only)
