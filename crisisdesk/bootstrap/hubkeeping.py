"""What a station keeps of its hub: settings, secrets and the certificate, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.x509 import load_pem_x509_certificates

from crisisdesk.domain.errors import Conflict, Malformed
from crisisdesk.engine.exchange.vault import FLEET_KEY
from crisisdesk.engine.ports import Secrets
from crisisdesk.hub.address import SYSTEM_CAS
from crisisdesk.settings.atomic import write_atomically
from crisisdesk.settings.errors import SettingsError
from crisisdesk.settings.file import save_settings
from crisisdesk.settings.model import Settings
from crisisdesk.settings.places import Places

FLEET_KEY_NAME = FLEET_KEY
PASSWORD = "hub:password"
ADMIN_LOGIN = "hub:admin-login"
CA_NAME = "hub-ca.pem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How this station reaches its hub."""

    url: str
    ca_file: str
    password: str = field(repr=False)
    fleet_key: str = field(repr=False)
    duty_rank: int | None


def kept_hub(settings: Settings, secrets: Secrets) -> Kept:
    """What is kept; raises Conflict when this station has joined no hub."""
    password, fleet_key = secrets.get(PASSWORD), secrets.get(FLEET_KEY)
    if not settings.hub.url or password is None or fleet_key is None:
        remedy = "set one up with crisisdesk hub init, or join one with crisisdesk hub join"
        raise Conflict("hub", "this station has joined none", remedy)
    return Kept(
        url=settings.hub.url,
        ca_file=settings.hub.ca_file,
        password=password,
        fleet_key=fleet_key,
        duty_rank=settings.hub.duty_rank,
    )


def keep_hub(places: Places, secrets: Secrets, kept: Kept, ca_pem: str = "") -> None:
    """Keep it; a certificate handed over as text gets a file of its own.

    The settings come last and in one step: without them nothing else counts. When they cannot be
    saved, the secrets are put back. Raises SettingsError.
    """
    before = {name: secrets.get(name) for name in (PASSWORD, FLEET_KEY)}
    ca_file = kept.ca_file
    try:
        if ca_pem == SYSTEM_CAS:
            ca_file = SYSTEM_CAS
        elif ca_pem:
            write_atomically(places.data_dir / CA_NAME, ca_pem.encode())
            ca_file = str(places.data_dir / CA_NAME)
        secrets.set(PASSWORD, kept.password)
        secrets.set(FLEET_KEY, kept.fleet_key)
        changes = {
            "hub.url": kept.url,
            "hub.ca_file": ca_file or None,
            "hub.duty_rank": kept.duty_rank,
        }
        save_settings(places.settings, changes)
    except (SettingsError, OSError) as error:
        for name, value in before.items():
            if value is None:
                secrets.delete(name)
            else:
                secrets.set(name, value)
        raise SettingsError(f"The hub could not be kept: {error} Nothing was changed.") from error


def forget_hub(places: Places, secrets: Secrets) -> None:
    """Take all of it away; raises SettingsError with the settings as they were."""
    save_settings(places.settings, {"hub.url": None, "hub.ca_file": None, "hub.duty_rank": None})
    for name in (PASSWORD, FLEET_KEY, ADMIN_LOGIN):
        secrets.delete(name)
    (places.data_dir / CA_NAME).unlink(missing_ok=True)


def ca_text(ca_file: str) -> str:
    """What a join code carries of a certificate setting: nothing, "system", or the file's text."""
    if ca_file in ("", SYSTEM_CAS):
        return ca_file
    try:
        text = Path(ca_file).read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        raise Malformed("--ca", f"{ca_file} cannot be read ({error})", "name a PEM file") from error
    return _checked_pem(text, "--ca")


@contextmanager
def with_certificate(places: Places, ca_pem: str) -> Iterator[str]:
    """A code's certificate as a file for as long as it is tried, nowhere to stay."""
    if ca_pem in ("", SYSTEM_CAS):
        yield ca_pem
        return
    _checked_pem(ca_pem, "join code")
    with TemporaryDirectory(prefix=".hub-", dir=places.data_dir) as folder:
        file = Path(folder) / CA_NAME
        file.write_text(ca_pem, encoding="ascii")
        yield str(file)


def _checked_pem(text: str, name: str) -> str:
    """Certificates only: a private key that stands beside them must not travel."""
    try:
        load_pem_x509_certificates(text.encode())
    except ValueError as error:
        raise Malformed(
            name, "it holds no certificate in PEM form", "name the CA's file"
        ) from error
    if "PRIVATE KEY" in text:
        raise Malformed(name, "it holds a private key too", "name a file with the certificate only")
    return text
