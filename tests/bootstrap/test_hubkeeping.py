"""What a station keeps of its hub is kept whole or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crisisdesk.bootstrap.hubkeeping import (
    CA_NAME,
    PASSWORD,
    Kept,
    ca_text,
    forget_hub,
    keep_hub,
    kept_hub,
    with_certificate,
)
from crisisdesk.domain.errors import Conflict, Malformed
from crisisdesk.settings.errors import SettingsError
from crisisdesk.settings.file import load_settings
from crisisdesk.settings.places import Places

from tests.engine.workers.live import MemorySecrets

KEPT = Kept(
    url="postgresql://me@127.0.0.1/d", ca_file="", password="p", fleet_key="k", duty_rank=None
)


def made_certificate() -> tuple[str, str]:
    """A certificate and its private key, in PEM form."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hub")])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=9))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode(), private.decode()


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places(tmp_path)
    made.prepare()
    return made


def test_it_is_kept_with_its_certificate_and_forgotten(places: Places) -> None:
    secrets = MemorySecrets()
    pem, _key = made_certificate()
    keep_hub(places, secrets, KEPT, pem)
    kept = kept_hub(load_settings(places.settings, {}), secrets)
    assert kept.ca_file == str(places.data_dir / CA_NAME)
    assert ca_text(kept.ca_file) == pem
    assert (kept.url, kept.password, kept.fleet_key) == (KEPT.url, "p", "k")
    forget_hub(places, secrets)
    assert not (places.data_dir / CA_NAME).exists()
    with pytest.raises(Conflict, match="has joined none"):
        kept_hub(load_settings(places.settings, {}), secrets)


def test_the_systems_authorities_need_no_file(places: Places) -> None:
    secrets = MemorySecrets()
    keep_hub(places, secrets, KEPT, "system")
    assert kept_hub(load_settings(places.settings, {}), secrets).ca_file == "system"
    assert not (places.data_dir / CA_NAME).exists()


def test_what_cannot_be_saved_leaves_the_secrets_as_they_were(places: Places) -> None:
    secrets = MemorySecrets()
    secrets.set(PASSWORD, "before")
    places.settings.write_text("port = 'no number'\n")
    with pytest.raises(SettingsError, match="Nothing was changed"):
        keep_hub(places, secrets, KEPT)
    assert secrets.get(PASSWORD) == "before"
    assert secrets.get("hub:fleet-key") is None
    assert places.settings.read_text() == "port = 'no number'\n"


def test_a_private_key_does_not_travel(places: Places, tmp_path: Path) -> None:
    pem, private = made_certificate()
    file = tmp_path / "both.pem"
    file.write_text(pem + private)
    with pytest.raises(Malformed, match="private key"):
        ca_text(str(file))
    file.write_text("nothing")
    with pytest.raises(Malformed, match="no certificate"):
        ca_text(str(file))
    with pytest.raises(Malformed, match="cannot be read"):
        ca_text(str(tmp_path / "none.pem"))


def test_a_certificate_that_is_only_tried_leaves_no_file(places: Places) -> None:
    pem, _key = made_certificate()
    before = sorted(places.data_dir.iterdir())
    with with_certificate(places, pem) as file:
        assert Path(file).read_text() == pem
    assert sorted(places.data_dir.iterdir()) == before


def test_it_does_not_show_its_secrets() -> None:
    assert "'p'" not in repr(KEPT)
    assert "'k'" not in repr(KEPT)
