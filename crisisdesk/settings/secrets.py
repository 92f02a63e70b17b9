"""Choosing where secrets live: an operating-system keyring we trust, else the sealed file."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from crisisdesk.domain.redaction import secrets_in_url
from crisisdesk.settings.atomic import write_atomically
from crisisdesk.settings.errors import SettingsError
from crisisdesk.settings.logging import KNOWN_SECRETS
from crisisdesk.settings.places import Places
from crisisdesk.settings.vault import SealedFile

# Nothing else is trusted: some installed backends keep plain text or ask on stdin.
TRUSTED_KEYRINGS = (
    ("keyring.backends.SecretService", "Keyring", "the desktop's Secret Service"),
    ("keyring.backends.kwallet", "DBusKeyring", "KWallet"),
    ("keyring.backends.macOS", "Keyring", "the macOS keychain"),
    ("keyring.backends.Windows", "WinVaultKeyring", "the Windows credential store"),
)
SERVICE = "crisisdesk"
KEYRING_TIMEOUT_S = 5.0
PROBE = "probe"
IN_KEYRING = b"keyring\n"

T = TypeVar("T")


class Backend(Protocol):
    """What we use of a keyring backend."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret, or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget it."""


class DescribedSecrets(Protocol):
    """The engine's Secrets port plus a sentence on where they live."""

    def get(self, name: str) -> str | None:
        """The secret, or None."""

    def set(self, name: str, value: str) -> None:
        """Keep it."""

    def delete(self, name: str) -> None:
        """Forget it; no error when absent."""

    def describe(self) -> str:
        """Where they live, in words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyringSecrets:
    """Secrets in a trusted keyring; each call runs off-thread and ends within ``timeout_s``.

    Every failure is a SettingsError: a keyring that hangs or refuses is never taken for an empty
    one.
    """

    backend: Backend
    title: str
    service: str
    timeout_s: float = KEYRING_TIMEOUT_S

    def get(self, name: str) -> str | None:
        """The secret, or None."""
        return self._ask(lambda: self.backend.get_password(self.service, name))

    def set(self, name: str, value: str) -> None:
        """Keep it, and read it back to be sure."""
        self._ask(lambda: self.backend.set_password(self.service, name, value))
        if self.get(name) != value:
            raise SettingsError(
                f"{self.title} did not keep the secret {name}. Unlock it and retry."
            )

    def delete(self, name: str) -> None:
        """Forget it; no error when absent."""
        if self.get(name) is not None:
            self._ask(lambda: self.backend.delete_password(self.service, name))

    def describe(self) -> str:
        """Where the secrets live, for people."""
        return f"Secrets are kept in {self.title} under “{self.service}”."

    def _ask(self, call: Callable[[], T]) -> T:
        return within(call, self.timeout_s, self.title)


class RememberedSecrets:
    """Wraps a store of secrets so that logs mask each secret that was ever seen."""

    def __init__(self, inner: DescribedSecrets) -> None:
        self._inner = inner

    def get(self, name: str) -> str | None:
        """The secret, or None."""
        value = self._inner.get(name)
        if value is not None:
            _remember(value)
        return value

    def set(self, name: str, value: str) -> None:
        """Keep it; empty names and values are refused."""
        if not name or not value:
            raise SettingsError("A secret needs a name and a value. To forget one, delete it.")
        _remember(value)
        self._inner.set(name, value)

    def delete(self, name: str) -> None:
        """Forget it; no error when absent."""
        self._inner.delete(name)

    def describe(self) -> str:
        """Where they live, in words."""
        return self._inner.describe()


def open_secrets(
    places: Places,
    *,
    use_keyring: bool = True,
    candidates: Sequence[tuple[str, str, str]] = TRUSTED_KEYRINGS,
    timeout_s: float = KEYRING_TIMEOUT_S,
) -> RememberedSecrets:
    """The station's secrets, always from the place where they were first put.

    First start: a trusted keyring that answers, else the sealed file. Later starts never switch:
    SettingsError when the keyring that holds the secrets does not answer, or when the sealed file
    is damaged, unreadable, too readable or without its key. Blocks up to ``timeout_s`` a keyring.
    """
    marker = places.data_dir / "vault.where"
    in_keyring = marker.exists()
    in_file = places.vault.exists() or places.vault_key.exists()
    if in_keyring or (use_keyring and not in_file):
        found = _trusted_keyring(candidates, f"{SERVICE} {places.data_dir}", timeout_s)
        if found is not None:
            if not in_keyring:
                write_atomically(marker, IN_KEYRING)
            return RememberedSecrets(found)
        if in_keyring:
            raise SettingsError(
                "This station's secrets are in the operating system's keyring, which does not "
                "answer. Unlock it or start the engine within the desktop session. To give them up "
                f"and use an encrypted file, delete {marker} and enter the contact methods again."
            )
    return RememberedSecrets(SealedFile(places.vault, places.vault_key))


def within(call: Callable[[], T], timeout_s: float, title: str) -> T:
    """The call's result from a helper thread; SettingsError when it fails or takes too long.

    A call that hangs keeps its (daemon) thread until the keyring lets go.
    """
    results: list[T] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            results.append(call())
        except Exception as error:  # noqa: BLE001  backends raise whatever their library raises
            errors.append(error)

    thread = threading.Thread(target=run, name="crisisdesk-keyring", daemon=True)
    thread.start()
    thread.join(timeout_s)
    if results:
        return results[0]
    if errors:
        raise SettingsError(
            f"{title} refused: {type(errors[0]).__name__}: {errors[0]}. Unlock it and try again."
        ) from errors[0]
    raise SettingsError(
        f"{title} did not answer within {timeout_s:g} s. It may be waiting for its unlock dialog."
    )


def _trusted_keyring(
    candidates: Sequence[tuple[str, str, str]], service: str, timeout_s: float
) -> KeyringSecrets | None:
    for module, name, title in candidates:
        try:
            backend = within(lambda m=module, n=name: _usable(m, n), timeout_s, title)  # type: ignore[misc]
            if backend is None:
                continue
            secrets = KeyringSecrets(
                backend=backend, title=title, service=service, timeout_s=timeout_s
            )
            secrets.get(PROBE)
        except SettingsError:
            # Not usable here; the caller says so when the secrets are known to be in it.
            continue
        return secrets
    return None


def _usable(module: str, name: str) -> Backend | None:
    kind = getattr(importlib.import_module(module), name)
    if not kind.viable:
        return None
    backend: Backend = kind()
    return backend


def _remember(value: str) -> None:
    KNOWN_SECRETS.add(*(secrets_in_url(value) if "://" in value else (value,)))
