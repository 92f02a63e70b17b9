"""The key of the links: kept, never shown, and with the same certificate at each start."""

from __future__ import annotations

import ssl

import pytest

from crisisdesk.peers.link_key import (
    LINK_KEY,
    LinkKeyUnreadable,
    certificate_der,
    link_key,
)

from tests.engine.workers.live import MemorySecrets


def test_the_same_key_always_has_the_same_certificate() -> None:
    secrets = MemorySecrets()
    first = link_key(secrets, "S-A")
    assert link_key(secrets, "S-A").certificate == first.certificate
    assert link_key(MemorySecrets(), "S-A").certificate != first.certificate


def test_the_key_is_not_shown() -> None:
    secrets = MemorySecrets()
    key = link_key(secrets, "S-A")
    kept = secrets.kept[LINK_KEY]
    assert len(kept) == 64
    assert kept not in repr(key)
    assert "PRIVATE" not in key.certificate


def test_a_secret_that_is_no_key_is_told_without_showing_it() -> None:
    secrets = MemorySecrets()
    secrets.set(LINK_KEY, "topsecret")
    with pytest.raises(LinkKeyUnreadable) as caught:
        link_key(secrets, "S-A")
    assert "topsecret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_certificate_names_its_station() -> None:
    pem = link_key(MemorySecrets(), "S-A").certificate
    assert certificate_der(pem, "S-A") == ssl.PEM_cert_to_DER_cert(pem)
    assert certificate_der(pem, "S-B") is None


@pytest.mark.parametrize("pem", ["", "nothing", "x" * 5_000, "-----BEGIN CERTIFICATE-----\nAA\n"])
def test_what_is_no_certificate_is_none(pem: str) -> None:
    assert certificate_der(pem, "S-A") is None
