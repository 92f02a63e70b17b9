"""Secrets: the sealed file fails closed, keyrings are trusted by name, nothing switches places."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import ClassVar

import pytest

from crisisdesk.settings.errors import SettingsError
from crisisdesk.settings.logging import KNOWN_SECRETS
from crisisdesk.settings.places import Places
from crisisdesk.settings.secrets import TRUSTED_KEYRINGS, KeyringSecrets, open_secrets, within
from crisisdesk.settings.vault import MAGIC, SealedFile

URL = "slack://TAAAAAAAA/BBBBBBBBB/cccccccccccccccc"


class DictKeyring:
    """A keyring kept in memory: the OS ones are not on this machine."""

    viable = True
    kept: ClassVar[dict[tuple[str, str], str]] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class LockedKeyring(DictKeyring):
    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError("locked")


class ForgetfulKeyring(DictKeyring):
    def set_password(self, service: str, username: str, password: str) -> None:
        pass


IN_MEMORY = [(__name__, "DictKeyring", "the test keyring")]
LOCKED = [(__name__, "LockedKeyring", "the locked keyring")]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path)


@pytest.fixture(autouse=True)
def _outside_systemd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    DictKeyring.kept.clear()


def sealed(places: Places) -> SealedFile:
    return SealedFile(places.vault, places.vault_key)


def test_a_secret_survives_a_restart_and_is_nowhere_in_the_file(places: Places) -> None:
    secrets = open_secrets(places, use_keyring=False)
    secrets.set("contact/1", URL)
    secrets.set("contact/2", "x" * 5000)
    again = open_secrets(places)
    assert again.get("contact/1") == URL
    assert again.get("contact/2") == "x" * 5000
    assert again.get("other") is None
    data = places.vault.read_bytes()
    assert b"slack" not in data
    assert b"contact" not in data
    for path in (places.vault, places.vault_key):
        assert path.stat().st_mode & 0o777 == 0o600
    assert str(places.vault) in again.describe()


def test_deleting(places: Places) -> None:
    secrets = open_secrets(places, use_keyring=False)
    secrets.set("a", URL)
    secrets.delete("a")
    secrets.delete("a")
    assert open_secrets(places).get("a") is None


def test_a_nonce_is_never_used_twice(places: Places) -> None:
    vault = sealed(places)
    nonces = set()
    for _ in range(50):
        vault.set("a", "same")
        nonces.add(places.vault.read_bytes()[len(MAGIC) : len(MAGIC) + 12])
    assert len(nonces) == 50


@pytest.mark.parametrize("at", [0, 9, 25, -1])
def test_any_damaged_byte_is_an_error_and_nothing_is_overwritten(places: Places, at: int) -> None:
    sealed(places).set("a", URL)
    data = bytearray(places.vault.read_bytes())
    data[at] ^= 1
    places.vault.write_bytes(bytes(data))
    with pytest.raises(SettingsError, match="damaged"):
        sealed(places)
    assert places.vault.read_bytes() == bytes(data)


def test_damage_while_running_stops_writing_too(places: Places) -> None:
    vault = sealed(places)
    vault.set("a", URL)
    places.vault.write_bytes(b"")
    with pytest.raises(SettingsError, match="damaged"):
        vault.set("b", "other")
    assert places.vault.read_bytes() == b""


def test_a_second_reader_sees_what_the_first_wrote(places: Places) -> None:
    first, second = sealed(places), sealed(places)
    first.set("a", "one!")
    assert second.get("a") == "one!"
    second.set("b", "two!")
    assert first.get("a") == "one!"
    assert first.get("b") == "two!"


def test_the_wrong_or_missing_key_is_an_error(places: Places) -> None:
    sealed(places).set("a", URL)
    key = places.vault_key.read_bytes()
    places.vault_key.write_bytes(b"ab" * 32)
    with pytest.raises(SettingsError, match="another key"):
        sealed(places)
    places.vault_key.write_bytes(b"short")
    with pytest.raises(SettingsError, match="openssl rand -hex 32"):
        sealed(places)
    places.vault_key.unlink()
    with pytest.raises(SettingsError, match="missing"):
        open_secrets(places)
    assert not places.vault_key.exists()
    places.vault_key.write_bytes(key)
    places.vault_key.chmod(0o600)
    assert sealed(places).get("a") == URL


@pytest.mark.parametrize("name", ["vault", "vault_key"])
def test_files_open_to_others_are_refused(places: Places, name: str) -> None:
    sealed(places).set("a", URL)
    path: Path = getattr(places, name)
    path.chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        sealed(places)


def test_the_key_may_come_from_systemd(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "crisisdesk-vault-key").write_bytes(bytes(range(32)))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    vault = sealed(places)
    vault.set("a", URL)
    assert not places.vault_key.exists()
    assert "credential" in vault.describe()
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    with pytest.raises(SettingsError, match="missing"):
        sealed(places)


@pytest.mark.parametrize(("name", "value"), [("", "x"), ("x", "")])
def test_empty_secrets_are_refused(places: Places, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match="needs a name and a value"):
        open_secrets(places, use_keyring=False).set(name, value)


def test_only_named_keyrings_are_trusted() -> None:
    names = {f"{module}.{name}" for module, name, _ in TRUSTED_KEYRINGS}
    assert names == {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.Windows.WinVaultKeyring",
    }


def test_without_a_bus_the_sealed_file_takes_over(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(places.data_dir))
    assert "encrypted file" in open_secrets(places).describe()


def test_a_keyring_that_answers_is_used_and_stays(places: Places) -> None:
    secrets = open_secrets(places, candidates=IN_MEMORY)
    secrets.set("a", URL)
    assert "test keyring" in secrets.describe()
    assert not places.vault.exists()
    assert open_secrets(places, candidates=IN_MEMORY).get("a") == URL
    secrets.delete("a")
    secrets.delete("a")
    assert secrets.get("a") is None
    with pytest.raises(SettingsError, match="does not answer"):
        open_secrets(places, candidates=LOCKED)
    assert not places.vault_key.exists()


def test_a_locked_keyring_on_first_start_gives_the_file_which_then_stays(places: Places) -> None:
    open_secrets(places, candidates=LOCKED).set("a", URL)
    assert "encrypted file" in open_secrets(places, candidates=IN_MEMORY).describe()


def test_a_keyring_that_forgets_is_an_error() -> None:
    secrets = KeyringSecrets(backend=ForgetfulKeyring(), title="it", service="s")
    with pytest.raises(SettingsError, match="did not keep"):
        secrets.set("a", "value")


def test_a_hung_keyring_is_left_after_the_timeout() -> None:
    release = threading.Event()
    with pytest.raises(SettingsError, match="unlock dialog"):
        within(release.wait, 0.02, "the keyring")
    release.set()


def test_secrets_seen_are_masked_in_logs(places: Places) -> None:
    secrets = open_secrets(places, use_keyring=False)
    secrets.set("a", "slack://TZZZZZZZZ9/BYYYYYYYY9/planted-in-the-path-77")
    assert "planted-in-the-path-77" in KNOWN_SECRETS.shapes()
    secrets.set("b", "planted-plain-88")
    assert "planted-plain-88" in KNOWN_SECRETS.shapes()
