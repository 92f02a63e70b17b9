"""Sealing for the vault: AES-256-GCM under the fleet's key, which only stations hold."""

from __future__ import annotations

import base64
import binascii
import json
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crisisdesk.engine.exchange.vault import Box, CannotOpen

KEY_BYTES = 32
NONCE_BYTES = 12
_TAG = b"CDBOX1"
# An address padded to a multiple of this does not tell its kind by its length.
_PAD = 256


class BadFleetKey(Exception):
    """The stored fleet key is no key; the message says what to do."""


def new_fleet_key() -> str:
    """A fresh fleet key, as it is kept among the secrets and put into join codes."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")


def fleet_key_bytes(text: str) -> bytes:
    """The 32 bytes of a kept fleet key; raises BadFleetKey."""
    try:
        key = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != KEY_BYTES:
        raise BadFleetKey("the fleet key of this station is damaged; join the hub again")
    return key


class FleetSealer:
    """Implements `engine.exchange.vault.Sealer`.

    A box is a tag, 12 random bytes of nonce and AES-256-GCM over padded JSON; name and version are
    authenticated with it, so that a box cannot be moved to another name, or an old one be put in
    for a new one.
    """

    def __init__(self, fleet_key: str) -> None:
        self._cipher = AESGCM(fleet_key_bytes(fleet_key))

    def seal(self, name: str, version: int, address: str | None) -> Box:
        """Seal an address; None says that there is none any more."""
        plain = json.dumps({"address": address}, ensure_ascii=False).encode()
        plain += b" " * (-len(plain) % _PAD)
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = _TAG + nonce + self._cipher.encrypt(nonce, plain, _bound_to(name, version))
        return Box(name=name, version=version, sealed=sealed)

    def open(self, box: Box) -> str | None:
        """What `seal` was given; raises CannotOpen."""
        start = len(_TAG) + NONCE_BYTES
        try:
            if not box.sealed.startswith(_TAG):
                raise ValueError("no box")
            nonce = box.sealed[len(_TAG) : start]
            plain = self._cipher.decrypt(
                nonce, box.sealed[start:], _bound_to(box.name, box.version)
            )
            address = json.loads(plain)["address"]
            if not isinstance(address, str | None):
                raise TypeError("no address")
        except (InvalidTag, ValueError, KeyError, TypeError) as error:
            raise CannotOpen(
                f"the hub's address of contact method {box.name} cannot be opened: it was changed "
                "there or sealed with another fleet's key; enter it again at one station"
            ) from error
        return address


def _bound_to(name: str, version: int) -> bytes:
    return b"\0".join((_TAG, name.encode(), str(version).encode()))
