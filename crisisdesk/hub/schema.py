"""The hub's schema: brought up to date, and its logins made, by an administrator.

Everything belongs to a role that nobody can log in as. A station's login may read the tables and
call their functions, and write nothing itself; ``crisisdesk_reader`` may only read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from crisisdesk.engine.exchange.ports import HubRefused

if TYPE_CHECKING:
    from alembic.config import Config

OWNER = "crisisdesk_owner"
STATION = "crisisdesk_station"
READER = "crisisdesk_reader"
# The oldest schema that this program works with; a newer one says itself whom it still takes.
NEEDED = 5
# Any number, the same for every program that changes this schema: one at a time.
_LOCK = 4_702_111_234


def upgrade(admin_dsn: str, target: str = "head") -> None:
    """Make the schema, or bring it to this program's form, in one transaction; may be repeated.

    ``admin_dsn`` is a login that may create roles (CREATEROLE) and owns the database. Raises
    psycopg's errors with the schema as it was.
    """
    from alembic import command
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(admin_dsn), poolclass=NullPool
    )
    with engine.begin() as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, psycopg.Connection)
        _prepare(raw)
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, target)
    engine.dispose()


def alembic_config() -> Config:
    """Alembic's settings, from the package alone."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "crisisdesk.hub:migrations")
    config.set_main_option("version_path_separator", "os")
    return config


def create_station_login(admin_dsn: str, login: str, password: str) -> None:
    """A login for one station; an existing one of that name gets this password.

    The password crosses to the server as a SCRAM verifier, so it stands in no server log.
    """
    _create_login(admin_dsn, login, password, STATION)


def create_reader_login(admin_dsn: str, login: str, password: str) -> None:
    """A login for reports and dashboards, which may read and nothing else."""
    _create_login(admin_dsn, login, password, READER)


def evict(admin_dsn: str, station_id: str) -> bool:
    """Let a station in no longer, and wait for it no longer; False when it is not registered."""
    return _ask(admin_dsn, "SELECT cd.evict(%s)", station_id)


def free_login(admin_dsn: str, station_id: str) -> bool:
    """Let the login of an evicted station be used by another one."""
    return _ask(admin_dsn, "SELECT cd.free_login(%s)", station_id)


def check_form(connection: psycopg.Connection) -> None:
    """Raises HubRefused when this program and the hub's schema are too far apart."""
    try:
        row = connection.execute(
            "SELECT version_num::integer, oldest FROM cd.alembic_version, cd.form"
        ).fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName) as error:
        raise HubRefused("the hub has no CrisisDesk schema yet") from error
    if row is None or row[0] < NEEDED:
        raise HubRefused("the hub's schema is older than this program needs; upgrade the hub")
    if row[1] > NEEDED:
        raise HubRefused("the hub's schema is newer than this program knows; upgrade the station")


def _prepare(raw: psycopg.Connection) -> None:
    """Roles and the bare schema; from here on the session acts as the owner."""
    raw.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    for role in (OWNER, STATION, READER):
        if raw.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None:
            raw.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
    # Since Postgres 16 who creates a role may grant it, but act as it only when that is granted.
    right = "SET" if raw.info.server_version >= 160_000 else "MEMBER"
    member = raw.execute("SELECT pg_has_role(current_user, %s, %s)", (OWNER, right)).fetchone()
    if member != (True,):
        raw.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))
    owner = sql.Identifier(OWNER)
    raw.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS cd AUTHORIZATION {}").format(owner))
    raw.execute(sql.SQL("SET LOCAL ROLE {}").format(owner))
    # Else every new function could be called by anyone who can connect.
    raw.execute("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC")


def _create_login(admin_dsn: str, login: str, password: str, group: str) -> None:
    name, group_name = sql.Identifier(login), sql.Identifier(group)
    with psycopg.connect(admin_dsn) as connection:
        verifier = connection.pgconn.encrypt_password(
            password.encode(), login.encode(), b"scram-sha-256"
        ).decode()
        known = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (login,)).fetchone()
        verb = sql.SQL("CREATE" if known is None else "ALTER")
        connection.execute(
            sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, name, sql.Literal(verifier))
        )
        connection.execute(sql.SQL("GRANT {} TO {}").format(group_name, name))


def _ask(admin_dsn: str, question: str, station_id: str) -> bool:
    with psycopg.connect(admin_dsn) as connection:
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
        row = connection.execute(question.encode(), (station_id,)).fetchone()
    return row == (True,)
