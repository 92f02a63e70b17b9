"""The signing key is made once for each incarnation and never told to anybody."""

from __future__ import annotations

import pytest

from crisisdesk.settings.errors import SettingsError
from crisisdesk.settings.keys import SIGNING_KEY, Ed25519Signer, Ed25519Verifier, SigningKeys

A, B = "a" * 32, "b" * 32
# RFC 8032, section 7.1, test 2.
SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
SIGNATURE = (
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


class Drawer:
    """Secrets in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def set(self, name: str, value: str) -> None:
        self.kept[name] = value

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)


def test_it_signs_as_the_standard_says() -> None:
    signer = Ed25519Signer(SEED)
    assert signer.public_key == PUBLIC
    assert signer.sign(b"\x72").hex() == SIGNATURE
    assert Ed25519Verifier().verify(PUBLIC, bytes.fromhex(SIGNATURE), b"\x72")


@pytest.mark.parametrize(
    ("key", "signature", "data"),
    [
        (PUBLIC, SIGNATURE, b"\x73"),
        (PUBLIC, "00" * 64, b"\x72"),
        (PUBLIC, "", b"\x72"),
        ("00" * 32, SIGNATURE, b"\x72"),
        ("no key", SIGNATURE, b"\x72"),
        ("", SIGNATURE, b"\x72"),
    ],
)
def test_nothing_else_passes(key: str, signature: str, data: bytes) -> None:
    assert not Ed25519Verifier().verify(key, bytes.fromhex(signature), data)


def test_one_incarnation_keeps_its_key_and_the_next_gets_another() -> None:
    drawer = Drawer()
    first = SigningKeys(drawer).of(A).public_key
    assert SigningKeys(drawer).of(A).public_key == first
    second = SigningKeys(drawer).of(B).public_key
    assert second != first
    assert SigningKeys(drawer).of(B).public_key == second


def test_a_spoilt_secret_is_said_without_telling_it() -> None:
    drawer = Drawer()
    drawer.set(SIGNING_KEY, f"{A}:cafe-not-hex")
    with pytest.raises(SettingsError, match="cannot be read") as told:
        SigningKeys(drawer).of(A)
    assert "cafe" not in str(told.value)
    assert told.value.__cause__ is None
