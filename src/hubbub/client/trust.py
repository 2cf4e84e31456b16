"""Whom a client takes for a hub: certificates known by sight, as ssh knows host keys.

A certificate is remembered when a hub is seen for the first time. Another one later
ends the chat, unless an authority that this machine trusts vouches for it. The file is
read and written here; connections are the shells' business.
"""

from __future__ import annotations

import contextlib
import os
import re
import ssl
from enum import Enum
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

import platformdirs

from hubbub.client.connection_events import Encryption
from hubbub.client.sockets import address_text
from hubbub.wire.tls import TlsChannel, TlsError

Secrecy = Literal["auto", "always", "never"]

_FINGERPRINT = re.compile(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}")


class Way(Enum):
    """How a connection is begun."""

    CLEAR = "clear"  # without TLS
    TLS = "tls"  # with any certificate, which is then looked at
    VOUCHED = "vouched"  # with a certificate that an authority vouches for


class WrongHubError(Exception):
    """The hub is not the one that was expected. The message says what to do."""


def parse_fingerprint(text: str) -> str:
    """Read a fingerprint as people write it.

    Args:
        text: 64 hexadecimal digits, with or without colons and spaces, perhaps after
            `SHA256:`.

    Raises:
        ValueError: It is none.
    """
    digits = re.sub(r"^sha-?256[:=]|[:\s]", "", text.strip().lower())
    if not re.fullmatch(r"[0-9a-f]{64}", digits):
        raise ValueError(
            "a fingerprint is 64 hexadecimal digits, as the hub prints it at its start"
        )
    return ":".join(re.findall("..", digits.upper()))


def known_hubs_path() -> Path:
    """Give the file of the hubs that were seen."""
    return platformdirs.user_data_path("hubbub", appauthor=False) / "known_hubs"


class KnownHubs:
    """A file with a line for each hub: `HOST:PORT FINGERPRINT`."""

    def __init__(self, path: Path) -> None:
        """Know where it is; it need not exist."""
        self.path = path

    def get(self, hub: str) -> str | None:
        """Give the fingerprint of a hub that was seen, by its `HOST:PORT`."""
        return self._read().get(hub)

    def put(self, hub: str, fingerprint: str) -> None:
        """Remember a hub. A file that can't be written is no reason not to talk."""
        known = {**self._read(), hub: fingerprint}
        text = "".join(f"{one} {print_}\n" for one, print_ in known.items())
        draft = self.path.with_suffix(f".{os.getpid()}")
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.write_text(text, encoding="utf-8")
            draft.replace(self.path)

    def _read(self) -> dict[str, str]:
        try:
            text = self.path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return {}
        lines = (line.split() for line in text.splitlines())
        return {
            words[0]: words[1]
            for words in lines
            if len(words) == 2 and _FINGERPRINT.fullmatch(words[1])
        }


class Trust:
    """How one hub is spoken to, and who it has to be.

    Attributes:
        host: A name or address of the hub.
        port: Its port.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        secrecy: Secrecy = "auto",
        fingerprint: str | None = None,
        known: KnownHubs | None = None,
    ) -> None:
        """Know what the user wants.

        Args:
            host: A name or address of the hub.
            port: Its port.
            secrecy: `always`: TLS or nothing. `never`: no TLS. `auto`: TLS where the
                hub speaks it; not on this machine itself; and never without it where
                it once was.
            fingerprint: That of the only certificate to be taken.
            known: The hubs that were seen; None for the user's file.

        Raises:
            ValueError: The fingerprint is none, or is given with `never`.
        """
        self.host = host
        self.port = port
        self._hub = address_text(host, port)
        self._known = KnownHubs(known_hubs_path()) if known is None else known
        self._wanted = None if fingerprint is None else parse_fingerprint(fingerprint)
        if self._wanted is not None and secrecy == "never":
            raise ValueError("a fingerprint is of no use without TLS")
        self._secrecy = secrecy

    # --- how to begin ----------------------------------------------------------------

    def first_way(self) -> Way:
        """Give the way to begin a connection."""
        if self._secrecy == "never":
            return Way.CLEAR
        if self._must_encrypt or not is_loopback(self.host):
            return Way.TLS
        return Way.CLEAR

    def next_way(self, failed: Way, error: Exception) -> Way | None:
        """Give the way to try at once after another has failed, or None."""
        match failed:
            case Way.TLS if isinstance(error, WrongHubError):
                return None if self._wanted is not None else Way.VOUCHED
            case Way.TLS if isinstance(error, TlsError) and not self._must_encrypt:
                return Way.CLEAR
            case _:
                return None

    @property
    def _must_encrypt(self) -> bool:
        return (
            self._secrecy == "always"
            or self._wanted is not None
            or (self._secrecy == "auto" and self._known.get(self._hub) is not None)
        )

    def open(self, way: Way) -> TlsChannel | None:
        """Give what a connection begun that way has to be spoken through, if anything.

        Raises:
            TlsError: It can't be made.
        """
        if way is Way.CLEAR:
            return None
        context = ssl.create_default_context()
        if way is Way.TLS:
            # The certificate is looked at afterwards: see `accept`.
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        channel = TlsChannel(context, server=False, name=_server_name(self.host, way))
        channel.begin()
        return channel

    # --- who answers -----------------------------------------------------------------

    def accept(self, channel: TlsChannel | None, way: Way) -> Encryption:
        """Take a connection whose handshake is done, if it is the right hub's.

        Raises:
            WrongHubError: It is not.
        """
        if channel is None:
            return Encryption(local=is_loopback(self.host))
        shown = channel.peer_fingerprint
        known = self._known.get(self._hub)
        if self._wanted is not None:
            if shown != self._wanted:
                raise WrongHubError(
                    f"the certificate that {self._hub} shows is not the one that was "
                    f"asked for; it has the fingerprint {shown}"
                )
        elif known is not None and shown != known and way is not Way.VOUCHED:
            raise WrongHubError(
                f"{self._hub} shows ANOTHER CERTIFICATE than before. Somebody may be "
                "listening in, or the hub has a new one. If its owner confirms the "
                f"fingerprint {shown}, remove the line of {self._hub} from "
                f"{self._known.path} and join again"
            )
        if shown != known:
            self._known.put(self._hub, shown)
        first_sight = known is None and self._wanted is None
        return Encryption(channel.summary, shown, first_sight, is_loopback(self.host))


class Approach:
    """The ways to begin a connection to one address, one after the other.

    Attributes:
        way: The one to try now.
    """

    def __init__(self, trust: Trust) -> None:
        """Begin with the first."""
        self._trust = trust
        self._doubt: WrongHubError | None = None
        self.way = trust.first_way()

    def failed(self, error: Exception) -> bool:
        """Learn that it failed, and tell whether another is to be tried at once.

        Raises:
            WrongHubError: The hub is the wrong one, and nothing more can be tried.
        """
        if isinstance(error, WrongHubError):
            self._doubt = error
        way = self._trust.next_way(self.way, error)
        if way is not None:
            self.way = way
        elif self._doubt is not None:
            raise self._doubt
        return way is not None


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine itself, by its name or address alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _server_name(host: str, way: Way) -> str | None:
    # SNI is for names (RFC 6066, section 3); the check of an address needs it here.
    try:
        ip_address(host)
    except ValueError:
        return host
    return host if way is Way.VOUCHED else None
