"""The sealed file: AES-256-GCM over a small JSON map of secrets, for machines without a keyring."""

from __future__ import annotations

import json
import os
import secrets
import threading
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crisisdesk.settings.atomic import write_atomically
from crisisdesk.settings.errors import SettingsError

MAGIC = b"CDVAULT1"
NONCE_BYTES = 12
KEY_BYTES = 32
CREDENTIAL = "crisisdesk-vault-key"

_Signature = tuple[int, int, int]


class SealedFile:
    """Secrets in one 0600 file; read anew when the file changed, replaced whole when written.

    Layout: 8 bytes magic, 12 bytes random nonce, AES-256-GCM of UTF-8 JSON with the magic as
    associated data. Every doubt (missing key, wrong owner or mode, damage) raises SettingsError and
    writes nothing.
    """

    def __init__(self, path: Path, key_file: Path) -> None:
        self._path = path
        self._key_file = key_file
        self._lock = threading.Lock()
        self._seen: _Signature | None = None
        self._secrets: dict[str, str] = {}
        self._key = self._find_key()
        self._load()

    def get(self, name: str) -> str | None:
        """The secret, or None."""
        with self._lock:
            return self._load().get(name)

    def set(self, name: str, value: str) -> None:
        """Keep it; it is on the disk when this returns."""
        with self._lock:
            self._save(self._load() | {name: value})

    def delete(self, name: str) -> None:
        """Forget it; no error when absent."""
        with self._lock:
            kept = dict(self._load())
            if kept.pop(name, None) is not None:
                self._save(kept)

    def describe(self) -> str:
        """Where the secrets live, for people."""
        credential = _credential_file()
        key = "the service manager's credential" if credential else str(self._key_file)
        return (
            f"Secrets are kept in the encrypted file {self._path}; its key is {key}. Whoever can "
            "read both can read them."
        )

    def _find_key(self) -> bytes:
        credential = _credential_file()
        if credential is not None:
            return _parse_key(credential.read_bytes(), credential)
        if self._key_file.exists():
            _check_private(self._key_file)
            return _parse_key(self._key_file.read_bytes(), self._key_file)
        if self._path.exists():
            raise SettingsError(
                f"{self._path} is sealed, but its key {self._key_file} is missing. Put the "
                f"key back (from a backup, or as systemd credential {CREDENTIAL}). To start anew "
                "without the old secrets, move the sealed file away."
            )
        key = secrets.token_bytes(KEY_BYTES)
        write_atomically(self._key_file, key.hex().encode("ascii") + b"\n")
        return key

    def _load(self) -> dict[str, str]:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            self._seen, self._secrets = None, {}
            return self._secrets
        signature = (found.st_ino, found.st_mtime_ns, found.st_size)
        if signature != self._seen:
            _check_private(self._path)
            self._secrets = self._open_seal(self._path.read_bytes())
            self._seen = signature
        return self._secrets

    def _open_seal(self, data: bytes) -> dict[str, str]:
        try:
            if not data.startswith(MAGIC):
                raise ValueError("not a sealed file")
            nonce = data[len(MAGIC) : len(MAGIC) + NONCE_BYTES]
            plain = AESGCM(self._key).decrypt(nonce, data[len(MAGIC) + NONCE_BYTES :], MAGIC)
            loaded = json.loads(plain)
        except (InvalidTag, ValueError) as error:
            raise SettingsError(
                f"{self._path} cannot be opened: it is damaged or sealed with another key. Nothing "
                "was changed. Put back file and key from the same backup, or move the file away to "
                "start anew and enter the contact methods again."
            ) from error
        return {str(name): str(value) for name, value in loaded.items()}

    def _save(self, kept: dict[str, str]) -> None:
        nonce = secrets.token_bytes(NONCE_BYTES)
        plain = json.dumps(kept, sort_keys=True).encode("utf-8")
        sealed = MAGIC + nonce + AESGCM(self._key).encrypt(nonce, plain, MAGIC)
        try:
            write_atomically(self._path, sealed)
        except OSError as error:
            raise SettingsError(
                f"{self._path} cannot be written: {error.strerror or error}. The secret was not "
                "kept. Free some space or make the folder writable, then try again."
            ) from error
        self._load()


def _credential_file() -> Path | None:
    """The key handed in by systemd (LoadCredential, systemd.exec(5)), if any."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    path = Path(folder) / CREDENTIAL if folder else None
    return path if path is not None and path.exists() else None


def _parse_key(data: bytes, path: Path) -> bytes:
    if len(data) == KEY_BYTES:
        return data
    try:
        key = bytes.fromhex(data.decode("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise SettingsError(
            f"{path} holds no vault key: 32 bytes or 64 hexadecimal digits are needed, such as "
            "`openssl rand -hex 32` makes. Nothing was changed."
        )
    return key


def _check_private(path: Path) -> None:
    if os.name != "posix":
        return
    found = path.stat()
    if found.st_mode & 0o077:
        raise SettingsError(
            f"{path} can be read by others (mode {found.st_mode & 0o777:04o}). Run "
            f"`chmod 600 {path}` and change the secrets in it if others use this machine."
        )
    if found.st_uid != os.geteuid():
        raise SettingsError(
            f"{path} belongs to another user (id {found.st_uid}). Run the engine as that user, or "
            "give the file to this one."
        )
