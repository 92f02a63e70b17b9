"""The station's signing key (Ed25519, RFC 8032): one for each incarnation, kept as a secret."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from crisisdesk.engine.ports import Secrets
from crisisdesk.settings.errors import SettingsError

SIGNING_KEY = "station:signing-key"


class Ed25519Signer:
    """Implements `engine.exchange.signing.Signer` with one private key (32 bytes)."""

    def __init__(self, private: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(private)
        self.public_key = self._key.public_key().public_bytes_raw().hex()

    def sign(self, data: bytes) -> bytes:
        """The signature, 64 bytes."""
        return self._key.sign(data)


class Ed25519Verifier:
    """Implements `engine.exchange.signing.Verifier`."""

    def verify(self, public_key: str, signature: bytes, data: bytes) -> bool:
        """Whether the owner of this key (hex) signed exactly these bytes."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
            key.verify(signature, data)
        except (ValueError, InvalidSignature):
            return False
        return True


class SigningKeys:
    """Implements `engine.exchange.signing.KeyRing` on the station's secrets."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def of(self, origin: str) -> Ed25519Signer:
        """The key of this incarnation, made when the kept one belongs to another.

        Raises SettingsError when the kept secret is none, or the secrets cannot be reached.
        """
        kept = self._secrets.get(SIGNING_KEY)
        if kept is not None:
            owner, _, private = kept.partition(":")
            if owner == origin:
                return _signer(private)
        fresh = Ed25519PrivateKey.generate().private_bytes_raw()
        self._secrets.set(SIGNING_KEY, f"{origin}:{fresh.hex()}")
        return Ed25519Signer(fresh)


def _signer(private: str) -> Ed25519Signer:
    try:
        return Ed25519Signer(bytes.fromhex(private))
    except ValueError:
        # Not chained: the cause would carry the secret into a log.
        raise SettingsError(
            "The station's signing key cannot be read. Delete the secret "
            f"{SIGNING_KEY}; the station then makes a new one."
        ) from None
