"""A hub makes itself known on the local network, by multicast DNS (RFC 6762)."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence

import msgspec
from zeroconf import Error, ServiceInfo, Zeroconf

from hubbub.client.discovery import ANSWERED_TO_ALL, open_multicast
from hubbub.wire.service import SERVICE_TYPE, ServiceText

# How often a name is asked for, and for how long each time: together longer than the
# second in which what was said to all is not said again (RFC 6762, section 6).
_PROBES = 3
_PROBE_MILLISECONDS = 500


class Place(msgspec.Struct, frozen=True):
    """Where a hub is.

    Attributes:
        name: What it is called; another hub of that name keeps it.
        addresses: Its IP addresses.
        port: Its port.
        interfaces: The addresses of this machine from which it is announced; None for
            all.
    """

    name: str
    addresses: tuple[str, ...]
    port: int
    interfaces: Sequence[str] | None = None


class Announcement:
    """Announces a hub from `start` to `stop`, in a thread of its own.

    A name has to be asked for on the network first, which takes a second or two; the
    hub serves meanwhile.
    """

    def __init__(
        self, place: Place, text: ServiceText, tell: Callable[[str], None]
    ) -> None:
        """Know what to announce.

        Args:
            place: Where the hub is.
            text: What it says of itself.
            tell: Called from another thread with a sentence for the administrator,
                when something is not as was asked for.
        """
        self._place = place
        self._text = text
        self._tell = tell
        self._network: Zeroconf | None = None
        self._thread = threading.Thread(target=self._run, name="announce", daemon=True)
        self._is_over = threading.Event()
        self.is_known = threading.Event()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Take it back: who looks for hubs does not find this one any more."""
        self._is_over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        place = self._place
        try:
            network = open_multicast(place.interfaces)
        except OSError as error:
            self._tell(
                f"this hub can't be announced on the network ({error}); others join by "
                "its address"
            )
            return
        try:
            self._announce(network)
            self._is_over.wait()
        except Error as error:
            why = str(error) or type(error).__name__
            self._tell(f"this hub can't be announced on the network ({why})")
        finally:
            # Says goodbye first (RFC 6762, section 10.1).
            network.close()

    def _announce(self, network: Zeroconf) -> None:
        place = self._place
        number = 1
        name = place.name
        while self._is_taken(network, name):
            number += 1
            name = f"{place.name}-{number}"
        if self._is_over.is_set():
            return
        info = ServiceInfo(
            SERVICE_TYPE,
            f"{name}.{SERVICE_TYPE}",
            port=place.port,
            properties=self._text.write(),
            # Of this hub alone: two machines may be called the same.
            server=f"hubbub-{secrets.token_hex(6)}.local.",
            parsed_addresses=[one.partition("%")[0] for one in place.addresses],
        )
        # The name was asked for; zeroconf would ask again, and to be answered alone.
        network.register_service(info, cooperating_responders=True)
        if name != place.name:
            self._tell(
                f"another hub is announced as {place.name}, so this one is {name}"
            )
        self.is_known.set()

    def _is_taken(self, network: Zeroconf, name: str) -> bool:
        """Ask the network whether somebody has a name (RFC 6762, section 8.1)."""
        info = ServiceInfo(SERVICE_TYPE, f"{name}.{SERVICE_TYPE}")
        return any(
            info.request(network, _PROBE_MILLISECONDS, ANSWERED_TO_ALL)
            for _ in range(_PROBES)
            if not self._is_over.is_set()
        )
