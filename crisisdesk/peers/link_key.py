"""The key and the certificate by which a station's links are recognised.

The key (Ed25519) is a secret of its own, `LINK_KEY`, apart from the one that signs the log: either
can be made anew without the other. The certificate is self-signed and says nothing but the
station's id: no authority stands behind it, it is trusted because the log tells it (RFC 5280 for
its form). It is made anew from the key at each start, with the same bytes.
"""

from __future__ import annotations

import hashlib
import secrets as entropy
import ssl
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from crisisdesk.engine.ports import Secrets

LINK_KEY = "station:link-key"
CERTIFICATE_LIMIT = 4_096
# A station whose clock is wrong must still be heard when the hub is away.
_FROM, _UNTIL = datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)


class LinkKeyUnreadable(Exception):
    """The kept secret is no key; the message says what to do."""


@dataclass(frozen=True, slots=True)
class LinkKey:
    """A station's own key at work; ``certificate`` is PEM."""

    certificate: str
    _private: Ed25519PrivateKey = field(repr=False)

    def server_context(self, trusted: Iterable[bytes]) -> ssl.SSLContext:
        """For who is called: only callers with one of these certificates (DER) get through."""
        context = self._context(ssl.PROTOCOL_TLS_SERVER, trusted)
        # A resumed session would bring along who was trusted when it began.
        context.num_tickets = 0
        return context

    def client_context(self, trusted: bytes) -> ssl.SSLContext:
        """For who calls: only this certificate (DER) will do."""
        return self._context(ssl.PROTOCOL_TLS_CLIENT, [trusted])

    def _context(self, protocol: int, trusted: Iterable[bytes]) -> ssl.SSLContext:
        context = ssl.SSLContext(protocol)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        # No name is certified: the certificate itself is known, and compared again afterwards.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_REQUIRED
        for certificate in trusted:
            context.load_verify_locations(cadata=certificate)
        self._load_into(context)
        return context

    def _load_into(self, context: ssl.SSLContext) -> None:
        """OpenSSL takes a key only from a file, so the file's is sealed with a passing password."""
        password = entropy.token_hex(32)
        sealed = self._private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(password.encode()),
        )
        with tempfile.TemporaryDirectory(prefix="crisisdesk-link-") as folder:
            path = Path(folder) / "link.pem"
            path.touch(0o600)
            path.write_bytes(sealed + self.certificate.encode())
            context.load_cert_chain(path, password=password)


def link_key(secrets: Secrets, station_id: str) -> LinkKey:
    """The station's key, made when there is none; raises LinkKeyUnreadable."""
    kept = secrets.get(LINK_KEY)
    if kept is None:
        private = Ed25519PrivateKey.generate()
        secrets.set(LINK_KEY, private.private_bytes_raw().hex())
    else:
        private = _private_key(kept)
    return LinkKey(_certificate(private, station_id), private)


def certificate_der(pem: str, station_id: str) -> bytes | None:
    """The certificate's bytes; None when it is none that this station makes.

    It names its station, so nobody can pass another's off as its own.
    """
    if len(pem) > CERTIFICATE_LIMIT:
        return None
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        if [name.value for name in names] != [station_id]:
            return None
        return certificate.public_bytes(serialization.Encoding.DER)
    except ValueError:
        return None


def _private_key(kept: str) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept))
    except ValueError:
        # Not chained: the cause would carry the secret into a log.
        raise LinkKeyUnreadable(
            "The key of the station's direct links cannot be read. Delete the secret "
            f"{LINK_KEY}; the station then makes a new one."
        ) from None


def _certificate(private: Ed25519PrivateKey, station_id: str) -> str:
    public = private.public_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, station_id)])
    # Chosen by the key and never random, so that the same key always has the same certificate.
    serial = int.from_bytes(hashlib.sha256(public.public_bytes_raw()).digest()[:16], "big") | 1
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(serial)
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(private, algorithm=None)
    )
    return built.public_bytes(serialization.Encoding.PEM).decode()
