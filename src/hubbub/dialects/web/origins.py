"""Whom a request is for, and whose page sent it."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

# Names that no public name server may ever answer for: RFC 6761 (localhost), RFC 6762
# (local), RFC 8375 (home.arpa), and the private-use name of ICANN (internal).
_PRIVATE = (".localhost", ".local", ".home.arpa", ".internal")


class Origins:
    """Knows the hub's own names, and the pages that may speak to it.

    A page of a stranger can get a name of its own to point here ("DNS rebinding"), and
    would be of the same origin then. So a name that the public DNS could have given out
    is answered only where the settings know it. An address, a name without a dot and
    one of a private network are nobody's to point elsewhere.
    """

    def __init__(self, allowed: Iterable[str]) -> None:
        """Know the origins that are allowed beside the hub's own.

        Args:
            allowed: As browsers write them, such as `https://chat.example.org`.
        """
        self._allowed = frozenset(one.lower().rstrip("/") for one in allowed)
        self._hosts = frozenset(urlsplit(one).hostname for one in self._allowed)

    def knows(self, host: str) -> bool:
        """Tell whether a `Host` header means this hub; "" is one who sent none."""
        if not host:
            return True
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        name = name.lower().rstrip(".")
        if not name:
            return False
        if "." not in name or name.endswith(_PRIVATE) or name in self._hosts:
            return True
        try:
            ip_address(name)
        except ValueError:
            return False
        return True

    def public(self, host: str) -> str:
        """Give the origin of the settings that a `Host` header names; "" for none."""
        mine = (f"https://{host.lower()}", f"http://{host.lower()}")
        return next((one for one in mine if one in self._allowed), "")

    def allow(self, origin: str, host: str) -> bool:
        """Tell whether a page of this origin may speak; "" is none, as with curl."""
        if not origin:
            return True
        origin = origin.lower()
        if origin in self._allowed:
            return True
        scheme, _, rest = origin.partition("://")
        return scheme in {"http", "https"} and rest == host.lower()
