"""The hub's certificate: made on the first start, or given; and read anew when changed.

Nobody signs the one that is made. Clients know it by its fingerprint, as ssh knows a
host by its key.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import ssl
import sys
import tempfile
from base64 import b64encode
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import get_ident
from types import ModuleType
from typing import Any

from hubbub.wire.tls import fingerprint

CERTIFICATE_NAME = "tls-cert.pem"
_KEY_NAME = "tls-key.pem"

# Whoever pinned it is warned when it changes, so it is not made to end soon.
_VALID_DAYS = 3650


class CertificateError(Exception):
    """A certificate can't be used. The message is a sentence that says why."""


class Certificate:
    """A certificate with its key, in two PEM files.

    Attributes:
        fingerprint: Of the certificate, by SHA-256.
    """

    def __init__(self, certificate: Path, key: Path) -> None:
        """Read the files.

        Raises:
            CertificateError: They can't be used.
        """
        self._certificate = certificate
        self._key = key
        self._changed = self._stamp()
        self._context, self.fingerprint = self._load()

    def context(self) -> ssl.SSLContext:
        """Give the rules of a new connection, with the files as they are now.

        Files that are wrong at this moment, as while they are being replaced, leave
        the certificate as it was.
        """
        try:
            changed = self._stamp()
            if changed != self._changed:
                self._changed = changed
                self._context, self.fingerprint = self._load()
        except CertificateError as error:
            sys.stderr.write(f"the certificate was not read anew: {error}\n")
        return self._context

    def public_key_pin(self) -> str:
        """Give the SHA-256 of the public key as RFC 7469 (section 2.4) and curl do."""
        from cryptography import x509
        from cryptography.hazmat.primitives import serialization

        certificate = x509.load_pem_x509_certificate(self._certificate.read_bytes())
        key = certificate.public_key().public_bytes(
            serialization.Encoding.DER,
            serialization.PublicFormat.SubjectPublicKeyInfo,
        )
        return f"sha256//{b64encode(sha256(key).digest()).decode()}"

    def _stamp(self) -> tuple[int, ...]:
        try:
            files = (self._certificate.stat(), self._key.stat())
        except OSError as error:
            raise CertificateError(
                f"{error.filename} can't be read: {error.strerror}"
            ) from None
        return tuple(
            number for file in files for number in (file.st_mtime_ns, file.st_ino)
        )

    def _load(self) -> tuple[ssl.SSLContext, str]:
        # TLS 1.2 or newer, with the ciphers that the library takes for good today.
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        # A client could have the hub work without end otherwise.
        context.options |= ssl.OP_NO_RENEGOTIATION
        try:
            context.load_cert_chain(self._certificate, self._key)
            text = self._certificate.read_text(encoding="ascii")
            first = text[text.index(ssl.PEM_HEADER) :]
            first = first[: first.index(ssl.PEM_FOOTER) + len(ssl.PEM_FOOTER)]
            return context, fingerprint(ssl.PEM_cert_to_DER_cert(first))
        except (OSError, ValueError) as error:
            what = getattr(error, "reason", None) or error
            raise CertificateError(
                f"{self._certificate} and {self._key} are no certificate with its key: "
                f"{what}"
            ) from None


def own_certificate(folder: Path) -> Certificate:
    """Give the certificate that stands in a data folder, and make it if none does.

    The folder is made as well. Hubs that do so at the same time agree on one.

    Raises:
        CertificateError: It can't be made or used.
    """
    certificate, key = folder / CERTIFICATE_NAME, folder / _KEY_NAME
    try:
        if not (certificate.exists() and key.exists()):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _make(certificate, key)
    except OSError as error:
        raise CertificateError(
            f"the certificate can't be written to {folder}: {error.strerror}"
        ) from None
    except ValueError:
        raise CertificateError(f"{key} is no key; remove it for a new one") from None
    return Certificate(certificate, key)


def passing_certificate(stack: ExitStack) -> Certificate:
    """Make a certificate that is gone with the hub."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="hubbub-"))
    return own_certificate(Path(folder))


def _make(certificate: Path, key: Path) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    encoding = serialization.Encoding.PEM
    if not key.exists():
        # What is signed by a key that is lost is worth nothing.
        certificate.unlink(missing_ok=True)
        fresh = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            encoding,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        _write_first(key, fresh)
    private = serialization.load_pem_private_key(key.read_bytes(), None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise CertificateError(
            f"{key} is a key of another kind; remove it for a new one"
        )
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Hubbub")])
    now = datetime.now(UTC)  # noqa: TID251 - a certificate begins today
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName(_names(x509)), critical=False)
        .sign(private, hashes.SHA256())
    )
    _write_first(certificate, made.public_bytes(encoding))


def _names(x509: ModuleType) -> list[Any]:
    """List the names that a browser may know this machine by."""
    names = {"localhost", socket.gethostname()}
    return [
        *(x509.DNSName(name) for name in sorted(names) if name.isascii() and name),
        *(
            x509.IPAddress(ipaddress.ip_address(address))
            for address in ("127.0.0.1", "::1")
        ),
    ]


def _write_first(path: Path, data: bytes) -> None:
    """Write a file that nobody else may read, whole or not at all.

    A file that somebody else has put there meanwhile stays as it is.
    """
    draft = path.with_suffix(f".{os.getpid()}-{get_ident()}.new")
    draft.unlink(missing_ok=True)
    number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(number, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(number)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        except OSError:
            # A file system without links; there, two at once are not told apart.
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
