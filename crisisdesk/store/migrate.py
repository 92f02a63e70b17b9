"""Bringing the station's file to this program's form, whole or not at all."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from crisisdesk.store.backup import copy_verified
from crisisdesk.store.files import APPLICATION_ID, SCHEMA_VERSION, writing_engine
from crisisdesk.store.header import check_header
from crisisdesk.store.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

log = logging.getLogger(__name__)


def migrate(path: Path) -> None:
    """Make the file, or upgrade it in one transaction after a verified copy of it was put aside.

    A file of the current form costs no more than a look at its header. The copy stands in
    ``backups/`` beside the file, named for the form it has. Raises NewerDatabase, ForeignFile,
    Damaged or BackupFailed in words, with the file as it was.
    """
    header = check_header(path)
    if header.is_blank:
        _create(path)
    elif header.schema_version < SCHEMA_VERSION:
        copy = path.parent / "backups" / f"before-schema-{header.schema_version + 1:04d}.db"
        copy_verified(path, copy)
        _upgrade(path)
        log.info("upgraded %s to schema %d; the copy is %s", path.name, SCHEMA_VERSION, copy.name)


def _create(path: Path) -> None:
    """The newest form at once: Alembic takes half a second to load, and would end at the same."""
    engine = writing_engine(path)
    try:
        with engine.begin() as connection:
            metadata.create_all(connection)
            connection.execute(
                text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
            )
            connection.execute(
                text("INSERT INTO alembic_version (version_num) VALUES (:revision)"),
                {"revision": f"{SCHEMA_VERSION:04d}"},
            )
            _stamp(connection)
    finally:
        engine.dispose()


def _upgrade(path: Path, target: str = "head") -> None:
    from alembic import command

    engine = writing_engine(path)
    try:
        with engine.begin() as connection:
            config = alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, target)
            _stamp(connection)
    finally:
        engine.dispose()


def alembic_config() -> Config:
    """Alembic's settings, from the package alone."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "crisisdesk.store:migrations")
    config.set_main_option("version_path_separator", "os")
    return config


def _stamp(connection: Connection) -> None:
    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA_VERSION}")
