"""What settings let steps touch; everything else they cannot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from crisisdesk.settings.file import load_settings
from crisisdesk.settings.recovery import RecoverySettings

HASH = "a" * 64


def test_nothing_is_allowed_unless_it_is_named(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml", {}).recovery == RecoverySettings()
    path = tmp_path / "settings.toml"
    path.write_text(
        f'[recovery]\nurls = ["https://lb.example.org/api/"]\n'
        f'[recovery.commands]\n"/usr/local/bin/promote" = "{HASH}"\n'
        f'[recovery.databases]\norders = "host=db2 dbname=orders user=look"\n'
    )
    told = load_settings(path, {}).recovery
    assert told.commands == {"/usr/local/bin/promote": HASH}
    assert told.urls == ("https://lb.example.org/api/",)
    assert told.databases == {"orders": "host=db2 dbname=orders user=look"}


def test_servers_and_folders_for_steps_about_postgres() -> None:
    told = RecoverySettings(
        databases={"db1": "host=h"}, promotable=("db1",), backups=("/b",), postgres="/usr/bin"
    )
    assert (told.promotable, told.backups, told.scratch) == (("db1",), ("/b",), "")


@pytest.mark.parametrize(
    "told",
    [
        {"commands": {"promote": HASH}},
        {"commands": {"/a/../b": HASH}},
        {"commands": {"/a": "short"}},
        {"urls": ("lb.example.org",)},
        {"urls": ("ftp://h/",)},
        {"urls": ("https://u:p@h/",)},
        {"urls": ("https://h/?a=b",)},
        {"databases": {"bad name": "host=h"}},
        {"databases": {"orders": "host=h password=secret"}},
        {"databases": {"orders": "postgresql://u:secret@h/db"}},
        {"promotable": ("orders",)},
        {"backups": ("dumps",)},
        {"backups": ("/",)},
        {"backups": ("/a/../b",)},
        {"postgres": "bin"},
        {"scratch": "../x"},
        {"shell": True},
    ],
)
def test_what_cannot_be_allowed(told: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RecoverySettings(**told)
