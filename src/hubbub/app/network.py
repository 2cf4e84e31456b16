"""The hub on its network: where it listens, how it is reached, how it is made known."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import ExitStack
from ipaddress import ip_address

from hubbub import __version__
from hubbub.app.addresses import reachable_addresses
from hubbub.app.certificate import Certificate
from hubbub.app.settings import Settings
from hubbub.app.ways import Ways
from hubbub.engines.steps import ListenError, Steps
from hubbub.wire.service import ServiceText, instance_name


def listen(settings: Settings, steps: Steps) -> socket.socket:
    """Listen where the settings say; with `lan`, on every network if they do not.

    Raises:
        ListenError: Nothing listens, or only this machine would be heard.
    """
    host = settings.host
    if host is None:
        host = _every_address() if settings.lan else "127.0.0.1"
    listener = steps.listen(host, settings.port)
    if settings.lan and ip_address(_host_of(listener)).is_loopback:
        steps.close(listener)
        raise ListenError(
            f"--lan lets others in, and {host} is an address that only this machine "
            "reaches; leave it out (in server.py: 0.0.0.0), or give one that others "
            "reach"
        )
    return listener


def _every_address() -> str:
    # One socket takes IPv4 as well.
    return "::" if socket.has_dualstack_ipv6() else "0.0.0.0"  # noqa: S104


def _host_of(listener: socket.socket) -> str:
    host: str = listener.getsockname()[0]
    return host.partition("%")[0]


def find_ways(
    settings: Settings,
    listener: socket.socket,
    certificate: Certificate | None,
    command: str,
) -> Ways:
    """Tell how a hub is reached.

    Args:
        settings: Those of the hub.
        listener: Where it listens.
        certificate: What it shows, if it speaks TLS.
        command: What starts the client.
    """
    host, port = listener.getsockname()[:2]
    only_tls = settings.require_tls and certificate is not None
    return Ways(
        reachable_addresses(host),
        port,
        command,
        pin=certificate.public_key_pin() if certificate and only_tls else "",
        is_closed=settings.members_only or bool(settings.password),
        known_as=instance_name(socket.gethostname(), port) if settings.lan else "",
        guards_passwords=certificate is not None
        and not settings.allow_plaintext_passwords,
    )


def make_known(
    ways: Ways,
    listener: socket.socket,
    certificate: Certificate | None,
    tell: Callable[[str], None],
    stack: ExitStack,
) -> None:
    """Announce a hub that has a name for its network, until the stack is closed.

    Args:
        ways: How it is reached.
        listener: Where it listens.
        certificate: What it shows, if it speaks TLS.
        tell: Told, from another thread, when it can't be announced as it should.
        stack: Its end is the announcement's.
    """
    if not ways.known_as:
        return
    # Slow to import, and of no use to most hubs.
    from hubbub.app.announcement import Announcement, Place

    host = _host_of(listener)
    interfaces = None if ip_address(host).is_unspecified else (host,)
    place = Place(ways.known_as, ways.hosts, ways.port, interfaces)
    fingerprint = "" if certificate is None else certificate.fingerprint
    text = ServiceText(__version__, fingerprint, certificate is not None)
    announcement = Announcement(place, text, tell)
    stack.callback(announcement.stop)
    announcement.start()
