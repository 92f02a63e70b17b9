"""Places: where files go, and which folders are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisdesk.settings.errors import SettingsError
from crisisdesk.settings.places import (
    Places,
    default_data_dir,
    filesystem_in,
    resource_path,
    unfit_reason,
)

MOUNTS = r"""
21 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 21 0:25 / /home rw,relatime shared:2 - nfs4 server:/home rw
31 30 0:26 / /home/ann/far\040away rw - fuse.sshfs box: rw
32 21 0:27 / /mnt/c rw - 9p C:\134 rw
33 21 0:28 / /mnt/c rw - tmpfs tmpfs rw
""".strip()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/crisisdesk", "ext4"),
        ("/home/ann/data", "nfs4"),
        ("/home/ann/far away/data", "fuse.sshfs"),
        ("/homestead", "ext4"),
        ("/mnt/c/data", "tmpfs"),
    ],
)
def test_filesystem_in_finds_the_deepest_and_latest_mount(path: str, kind: str) -> None:
    assert filesystem_in(MOUNTS, Path(path)) == kind


def test_all_places_lie_below_the_data_dir(tmp_path: Path) -> None:
    places = Places(tmp_path)
    names = [name for name in dir(Places) if isinstance(getattr(Places, name), property)]
    assert len(names) >= 9
    assert all(getattr(places, name).parent == tmp_path for name in names)
    assert len({getattr(places, name) for name in names}) == len(names)


def test_the_spool_may_lie_on_another_disk_but_no_unfit_one(tmp_path: Path) -> None:
    places = Places(tmp_path / "data")
    assert places.spool_in("") == places.spool
    assert places.spool_in(str(tmp_path / "disk2")) == tmp_path / "disk2" / "unpushed.spool"
    with pytest.raises(SettingsError, match=r"spool_dir.*cloud-synced"):
        places.spool_in(str(tmp_path / "Dropbox"))


def test_prepare_creates_private_folders_and_again_without_harm(tmp_path: Path) -> None:
    places = Places(tmp_path / "a" / "station")
    places.prepare()
    places.prepare()
    assert places.logs.is_dir()
    assert places.backups.is_dir()
    assert places.data_dir.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["Dropbox", "OneDrive - Acme", "Google Drive", "iCloudDrive"])
def test_a_synced_folder_is_refused_and_the_override_is_named(tmp_path: Path, name: str) -> None:
    places = Places(tmp_path / name / "station")
    with pytest.raises(SettingsError, match="CRISISDESK_ALLOW_SHARED_DATA_DIR") as caught:
        places.prepare()
    assert name in str(caught.value)
    assert not places.data_dir.exists()
    places.prepare(allow_shared=True)
    assert places.data_dir.is_dir()


def test_a_link_into_a_synced_folder_is_seen_through(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "plain").symlink_to(tmp_path / "Dropbox")
    assert "Dropbox" in unfit_reason(tmp_path / "plain" / "station")
    assert unfit_reason(tmp_path) == ""


def test_a_file_in_the_way_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "station").write_text("x")
    with pytest.raises(SettingsError, match="--data-dir"):
        Places(tmp_path / "station").prepare()


def test_the_environment_chooses_the_data_dir(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRISISDESK_DATA_DIR", "~/elsewhere")
    assert default_data_dir() == Path("~/elsewhere").expanduser()
    monkeypatch.delenv("CRISISDESK_DATA_DIR")
    assert default_data_dir().name == "crisisdesk"


def test_resources_are_found() -> None:
    assert resource_path("sounds", "x.wav").parts[-3:] == ("resources", "sounds", "x.wav")
    assert resource_path().is_dir()
