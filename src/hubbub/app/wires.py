"""What lies on the wire of a connection, as the settings want it."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

from hubbub.app.certificate import (
    Certificate,
    CertificateError,
    own_certificate,
    passing_certificate,
)
from hubbub.app.settings import Settings
from hubbub.model.network import Networks
from hubbub.wire.opening import NewWire, Wire, no_wire


def find_certificate(settings: Settings, stack: ExitStack) -> Certificate | None:
    """Give the certificate that the settings name; None where TLS is off.

    Raises:
        CertificateError: It can't be used.
    """
    if settings.tls_cert is not None and settings.tls_key is not None:
        return Certificate(
            Path(settings.tls_cert).expanduser(), Path(settings.tls_key).expanduser()
        )
    if settings.tls_cert is not None or settings.tls_key is not None:
        raise CertificateError(
            "a certificate goes with its key: give both --tls-cert and --tls-key"
        )
    if not settings.makes_certificate:
        if settings.require_tls:
            raise CertificateError(
                "--require-tls needs a certificate: add --tls auto, or --tls-cert and "
                "--tls-key"
            )
        return None
    try:
        # Also with --memory: who comes back would take another one for an attack.
        return own_certificate(settings.data_folder)
    except CertificateError as error:
        if not settings.memory:
            raise
        sys.stderr.write(
            f"{error}; clients that come again will be warned of a new one\n"
        )
        return passing_certificate(stack)


def wires(settings: Settings, certificate: Certificate | None) -> NewWire:
    """Give what makes the wire of each new connection."""
    proxies = Networks(settings.proxies)
    if certificate is None and not proxies:
        return no_wire
    new_context = None if certificate is None else certificate.context
    return lambda host: Wire(new_context, proxied=host in proxies)
