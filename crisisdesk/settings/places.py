"""Where a station keeps its files, and which folders are unfit to hold them."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from crisisdesk.settings.errors import SettingsError

DATA_DIR_VARIABLE = "CRISISDESK_DATA_DIR"

_NETWORK_FILESYSTEMS = frozenset(
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb2",
        "smb3",
        "smbfs",
        "ncpfs",
        "9p",
        "afs",
        "ceph",
        "lustre",
        "gfs2",
        "ocfs2",
        "glusterfs",
        "davfs",
        "davfs2",
        "fuse.sshfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.glusterfs",
        "fuse.davfs",
        "fuse.gvfsd-fuse",
        "fuse.curlftpfs",
        "fuse.google-drive-ocamlfuse",
        "fuse.ceph",
        "vboxsf",
        "vmhgfs",
        "fuse.vmhgfs-fuse",
        "prl_fs",
    ]
)
_SYNCED_NAMES = (
    "dropbox",
    "onedrive",
    "google drive",
    "googledrive",
    "icloud",
    "mobile documents",
    "cloudstorage",
    "nextcloud",
    "owncloud",
    "pclouddrive",
    "box sync",
    "syncthing",
)
_WINDOWS_REMOTE_DRIVE = 4


@dataclass(frozen=True, slots=True)
class Places:
    """The files of one station; every path hangs below ``data_dir``, nothing is created here."""

    data_dir: Path

    @property
    def store(self) -> Path:
        """The station's SQLite file; the engine alone writes it."""
        return self.data_dir / "station.sqlite3"

    @property
    def bookmarks(self) -> Path:
        """Where sources were left off (`settings.bookmarks`)."""
        return self.data_dir / "bookmarks.json"

    @property
    def backups(self) -> Path:
        """Folder of verified copies of the store."""
        return self.data_dir / "backups"

    @property
    def samples(self) -> Path:
        """What the station measured: a bounded file that no backup holds and nothing needs."""
        return self.data_dir / "samples.sqlite3"

    @property
    def spool(self) -> Path:
        """The second copy of what is not on the hub yet; see `spool_in` for another disk."""
        return self.data_dir / "unpushed.spool"

    def spool_in(self, folder: str) -> Path:
        """`spool`, in the folder that the settings name; raises SettingsError for an unfit one."""
        if not folder:
            return self.spool
        chosen = Path(folder).expanduser().absolute()
        if reason := unfit_reason(chosen):
            raise SettingsError(
                f"hub.spool_dir {chosen} cannot be used: {reason}. A flush there proves nothing; "
                "choose a folder on a local disk."
            )
        return chosen / self.spool.name

    @property
    def engine_lock(self) -> Path:
        """Locked by the one engine that runs on this data dir."""
        return self.data_dir / "engine.lock"

    @property
    def engine_door(self) -> Path:
        """How to reach the running engine: 0600 JSON ``{url, token, pid, started_ms}``."""
        return self.data_dir / "engine.door"

    @property
    def settings(self) -> Path:
        """What people set: TOML, edited by hand or by the desk."""
        return self.data_dir / "settings.toml"

    @property
    def desk(self) -> Path:
        """Window state of the desk: TOML, written by the desk alone."""
        return self.data_dir / "desk.toml"

    @property
    def vault(self) -> Path:
        """The sealed file that holds secrets where no keyring does."""
        return self.data_dir / "vault"

    @property
    def vault_key(self) -> Path:
        """The 0600 key of the sealed file, unless systemd hands one in."""
        return self.data_dir / "vault.key"

    @property
    def logs(self) -> Path:
        """Folder of rotating JSON-line logs."""
        return self.data_dir / "logs"

    def prepare(self, *, allow_shared: bool = False) -> None:
        """Refuse an unfit data dir, then create it and its folders, readable by this user only.

        Raises SettingsError when the folder is on a network or synced place (unless
        ``allow_shared``), cannot be created or cannot be written.
        """
        if not allow_shared and (reason := unfit_reason(self.data_dir)):
            raise SettingsError(
                f"The data folder {self.data_dir} cannot be used: {reason}. SQLite loses data "
                f"there. Choose a folder on a local disk with --data-dir or {DATA_DIR_VARIABLE}, "
                "or set CRISISDESK_ALLOW_SHARED_DATA_DIR=true to take the risk."
            )
        try:
            for folder in (self.data_dir, self.backups, self.logs):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"The data folder {self.data_dir} cannot be created: {error.strerror or error}. "
                f"Choose another with --data-dir or {DATA_DIR_VARIABLE}."
            ) from error
        if not os.access(self.data_dir, os.W_OK | os.X_OK):
            raise SettingsError(
                f"The data folder {self.data_dir} is not writable. Give this user the right to "
                f"write there, or choose another with --data-dir or {DATA_DIR_VARIABLE}."
            )


def default_data_dir() -> Path:
    """CRISISDESK_DATA_DIR when set, else this platform's folder for a user's application data."""
    if chosen := os.environ.get(DATA_DIR_VARIABLE):
        return Path(chosen).expanduser().absolute()
    return Path(platformdirs.user_data_dir("crisisdesk", appauthor=False))


def resource_path(*parts: str) -> Path:
    """A file shipped with the program, installed (``crisisdesk/resources``) or in a checkout.

    The path is not checked for existence below the resources folder.
    """
    package = Path(__file__).resolve().parent.parent
    installed = package / "resources"
    root = installed if installed.is_dir() else package.parent / "resources"
    return root.joinpath(*parts)


def unfit_reason(folder: Path) -> str:
    """Why a folder (existing or not) is unfit for a SQLite store, or "" when it is fit.

    Filesystem types are known on Linux (mountinfo) and Windows (drive type); elsewhere only the
    names of synced folders are looked at.
    """
    resolved = folder.expanduser().resolve()
    for path in {folder.absolute(), resolved}:
        for part in path.parts:
            if part.lower().startswith(_SYNCED_NAMES):
                return f"“{part}” is a cloud-synced folder"
    kind = _filesystem_of(resolved)
    if kind in _NETWORK_FILESYSTEMS:
        return f"it lies on a network filesystem ({kind})"
    return ""


def _filesystem_of(resolved: Path) -> str:
    if sys.platform == "win32":
        return _windows_filesystem_of(resolved)
    mounts = Path("/proc/self/mountinfo")
    if not mounts.exists():
        return ""
    return filesystem_in(mounts.read_text(encoding="utf-8", errors="surrogateescape"), resolved)


def filesystem_in(mountinfo: str, path: Path) -> str:
    """The filesystem type holding an absolute path, from the text of Linux's proc(5) mountinfo."""
    best, best_length = "", -1
    for line in mountinfo.splitlines():
        fields = line.split(" ")
        if "-" not in fields[6:]:
            continue
        point = fields[4].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        length = len(point.rstrip("/"))
        if path.is_relative_to(point) and length >= best_length:
            best, best_length = fields[fields.index("-", 6) + 1], length
    return best


def _windows_filesystem_of(resolved: Path) -> str:
    if str(resolved).startswith("\\\\"):
        return "cifs"
    if sys.platform == "win32":
        import ctypes

        if ctypes.windll.kernel32.GetDriveTypeW(resolved.anchor) == _WINDOWS_REMOTE_DRIVE:
            return "cifs"
    return ""
