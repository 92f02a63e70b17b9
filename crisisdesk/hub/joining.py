"""Setting a hub up and letting stations in: what an administrator's login does there.

Nothing here touches a station's files; `bootstrap.hubcare` keeps what comes of it.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Any, LiteralString
from urllib.parse import quote

import psycopg
from alembic.util import CommandError
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy.exc import DBAPIError

from crisisdesk.domain.errors import Conflict, DomainError, Malformed, NotFound
from crisisdesk.engine.exchange.ports import HubAway, HubRefused
from crisisdesk.hub import schema
from crisisdesk.hub.address import HubAddress, hub_address
from crisisdesk.hub.connection import connect
from crisisdesk.hub.refusals import at_the_door, at_work

LOGIN_PREFIX = "station_"
_LOGIN_LENGTH = 48
_PASSWORD_BYTES = 24
_NO_RIGHTS = "42501"
_TABLE_EXISTS = "42P07"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """One station as the hub knows it."""

    station_id: str
    name: str
    role: str
    evicted: bool


def checked_address(url: str, ca_file: str, password: str, field: str) -> HubAddress:
    """The way to a hub; raises Malformed naming ``field``, and never the password."""
    try:
        return hub_address(url, ca_file, password)
    except HubRefused as error:
        words = str(error).removeprefix("hub.url ")
        remedy = "write it as postgresql://LOGIN@HOST:PORT/DATABASE"
        if "password" in words:
            remedy = "leave it out; it is asked for, or read from the environment or ~/.pgpass"
        elif "ca_file" in words:
            remedy = "name the file with --ca"
        raise Malformed(field, words, remedy) from None


def url_of(address: HubAddress, login: str) -> str:
    """The address as settings keep it: several hosts, no password, another login."""
    given = address.parameters
    hosts, ports = given["host"].split(","), given["port"].split(",")
    ports *= len(hosts) if len(ports) == 1 else 1
    places = [f"{_host(host)}:{port}" for host, port in zip(hosts, ports, strict=True)]
    return f"postgresql://{quote(login, safe='')}@{','.join(places)}/{quote(given['dbname'])}"


def _host(host: str) -> str:
    if host.startswith(("/", "@")):
        return quote(host, safe="")
    return f"[{host}]" if ":" in host else host


def check_door(address: HubAddress) -> None:
    """Connect as a station does, and let go; raises DomainError in words."""
    try:
        connect(address, "joining").close()
    except HubAway as error:
        raise NotFound("hub", str(error), "check host, port and network, then try again") from error
    except HubRefused as error:
        raise Conflict("hub", str(error), "nothing was changed here") from error


def upgrade(admin: HubAddress) -> None:
    """Make the hub's schema and roles, or bring them to this program's form; may be repeated.

    Raises DomainError in words, with the hub as it was.
    """
    with _as_admin(admin) as connection:
        newer = _newer_than_known(connection)
    if newer:
        raise Conflict(
            "hub", f"its schema {newer} is newer than this program knows", "use the newer program"
        )
    try:
        schema.upgrade(_dsn(admin))
    except CommandError as error:
        raise Conflict(
            "hub", f"its schema is not known ({error})", "use the newer program"
        ) from error
    except DBAPIError as error:
        raise _in_words(error.orig) from None
    except psycopg.Error as error:
        raise _in_words(error) from None


def login_name(name: str) -> str:
    """The login of a station of this name; raises Malformed when nothing of it can be used."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    bare = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LOGIN_LENGTH]
    if not bare:
        raise Malformed(
            "NAME", f"{name!r} holds no letter or digit", "write at least one of a-z, 0-9"
        )
    return LOGIN_PREFIX + bare


def make_login(admin: HubAddress, name: str, *, again: bool, free: bool = False) -> tuple[str, str]:
    """A login for a station, and its fresh password.

    An existing login is refused, unless ``again`` gives it a new password; with ``free`` a name
    that is not taken is chosen. Raises DomainError in words.
    """
    login = login_name(name)
    with _as_admin(admin) as connection:
        if _login_exists(connection, login) and not again:
            if not free:
                raise Conflict(
                    "NAME",
                    f"there is a login {login} already",
                    "choose another name, or give that station a new code with --again",
                )
            login = f"{login}_{secrets.token_hex(3)}"
        if again:
            _let_back_in(connection, login)
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    try:
        schema.create_station_login(_dsn(admin), login, password)
    except psycopg.Error as error:
        raise _in_words(error) from None
    return login, password


def registered(admin: HubAddress) -> list[Registered]:
    """Every station that has ever reported, by name."""
    with _as_admin(admin) as connection:
        rows = _ask(
            connection,
            "SELECT station_id, name, coalesce(role, ''), evicted_at IS NOT NULL FROM cd.station "
            "ORDER BY name, station_id",
        )
    return [Registered(station_id=s, name=n, role=r, evicted=e) for s, n, r, e in rows]


def find_station(stations: list[Registered], wanted: str) -> Registered:
    """The one station with this id, login or name; raises NotFound or Conflict."""
    found = [s for s in stations if wanted in (s.station_id, s.role)]
    found = found or [s for s in stations if s.name == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(s.station_id for s in found)
        raise Conflict("STATION", f"{len(found)} stations are named {wanted}", f"use an id: {ids}")
    known = ", ".join(f"{s.name} ({s.station_id})" for s in stations) or "none"
    raise NotFound("STATION", f"the hub knows no {wanted}", f"choose one of: {known}")


def evict(admin: HubAddress, station: Registered) -> bool:
    """Let a station in no longer and wait for it no longer; False when that was so already.

    Its login is closed and its connections are ended, as far as the administrator may end them.
    """
    try:
        done = schema.evict(_dsn(admin), station.station_id)
    except psycopg.Error as error:
        raise _in_words(error) from None
    if station.role:
        with _as_admin(admin) as connection:
            name = sql.Identifier(station.role)
            _ask(connection, sql.SQL("ALTER ROLE {} NOLOGIN").format(name))
            _end_connections(connection, station.role)
    return done


def _end_connections(connection: psycopg.Connection[Any], role: str) -> None:
    try:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", (role,)
        )
    except psycopg.errors.InsufficientPrivilege:
        # Then they end by themselves: every call of an evicted station is refused.
        return


def _let_back_in(connection: psycopg.Connection[Any], login: str) -> None:
    """Take an evicted station off its login, so that another one can have it."""
    rows = _ask(
        connection,
        "SELECT station_id FROM cd.station WHERE role = %s AND evicted_at IS NOT NULL",
        (login,),
    )
    for (station_id,) in rows:
        _ask(connection, sql.SQL("SET ROLE {}").format(sql.Identifier(schema.OWNER)))
        _ask(connection, "SELECT cd.free_login(%s)", (station_id,))
        _ask(connection, "RESET ROLE")


def _login_exists(connection: psycopg.Connection[Any], login: str) -> bool:
    return bool(_ask(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", (login,)))


def _newer_than_known(connection: psycopg.Connection[Any]) -> str:
    """The number of the hub's schema when this program does not know it; else ""."""
    from alembic.script import ScriptDirectory

    if not _ask(connection, "SELECT 1 WHERE to_regclass('cd.alembic_version') IS NOT NULL"):
        return ""
    script = ScriptDirectory.from_config(schema.alembic_config())
    known = {step.revision for step in script.walk_revisions()}
    numbers = [
        str(row[0]) for row in _ask(connection, "SELECT version_num FROM cd.alembic_version")
    ]
    return next((number for number in numbers if number not in known), "")


def _as_admin(admin: HubAddress) -> psycopg.Connection[Any]:
    try:
        return psycopg.connect(_dsn(admin), autocommit=True)
    except psycopg.Error as error:
        reason = at_the_door(error)
        remedy = "check host, port and network, then try again"
        if isinstance(reason, HubRefused):
            remedy = "check the administrator's login and password, the database and the TLS"
        raise Conflict("hub", str(reason), remedy) from None


def _ask(
    connection: psycopg.Connection[Any],
    question: LiteralString | sql.Composed,
    values: tuple[object, ...] = (),
) -> list[Any]:
    try:
        cursor = connection.execute(question, values)
        return cursor.fetchall() if cursor.description is not None else []
    except psycopg.Error as error:
        raise _in_words(error) from None


def _dsn(admin: HubAddress) -> str:
    password = {"password": admin.password} if admin.password else {}
    return make_conninfo(**admin.parameters, **password)


def _in_words(error: BaseException | None) -> DomainError:
    """What an administrator can do about it; the server's own words hold no password."""
    assert isinstance(error, psycopg.Error)
    said = error.diag.message_primary or str(at_work(error))
    if error.sqlstate == _NO_RIGHTS:
        remedy = "use a login that owns the database and may create roles (CREATEROLE)"
        return Conflict("hub", said, remedy)
    if error.sqlstate == _TABLE_EXISTS:
        return Conflict("hub", said, "nothing was changed")
    return Conflict("hub", said, "nothing was changed; try again when it is mended")
