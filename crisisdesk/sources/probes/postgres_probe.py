"""Sources of type ``postgres``: whether it answers, how far its standbys are, own queries."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.engine.detection_ports import Look
from crisisdesk.sources.probes.fields import Fields
from crisisdesk.sources.probes.looking import Sight, Unanswered, down, unsure
from crisisdesk.sources.probes.postgres_values import PostgresValues, ask_own, ask_standing

if TYPE_CHECKING:
    import psycopg

SSL_MODES = ("disable", "prefer", "require", "verify-ca", "verify-full")
ROLES = ("any", "primary", "standby")
QUERIES_LIMIT = 50
ROWS_LIMIT = 1_000
_BEGINS = re.compile(r"(?:select|with|values|table)\b", re.IGNORECASE)
# Classes and codes of SQLSTATE: who may not look, and what the server says of itself.
_NOT_ALLOWED = ("28", "42501")
_AWAY = ("08", "53", "57P", "58", "XX", "3D")


class PostgresProber:
    """One connection for each look, its transaction read-only and bounded by the server as well."""

    type = "postgres"

    def check(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """``role`` is what the server must be; ``queries`` are ``{name, sql}``."""
        names = ("host", "port", "database", "user", "password", "tls", "ca_file", "role")
        fields = Fields(settings, (*names, "queries", "max_rows"))
        told: dict[str, Any] = {
            "host": fields.text("host", limit=255),
            "port": fields.whole("port", 1, 65_535, 5_432),
            "database": fields.text("database", "postgres", limit=63),
            "user": fields.text("user", limit=63),
            "tls": fields.choice("tls", SSL_MODES, "prefer"),
            "role": fields.choice("role", ROLES, "any"),
            "queries": _queries(fields),
            "max_rows": fields.whole("max_rows", 1, ROWS_LIMIT, 100),
        }
        if "," in told["host"]:
            raise fields.wrong("host", "names several hosts", "declare one source for each")
        if password := fields.secret("password"):
            told["password"] = password
        ca_file = fields.text("ca_file", "")
        if ca_file and not Path(ca_file).is_absolute():
            raise fields.wrong("ca_file", "is no absolute path", "write it from / on")
        if bool(ca_file) != told["tls"].startswith("verify-"):
            remedy = "give ca_file with tls verify-ca or verify-full, and only then"
            raise fields.wrong("ca_file", "and tls do not fit", remedy)
        return told | ({"ca_file": ca_file} if ca_file else {})

    def secret_names(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """The password, where one is named."""
        return [settings["password"]] if settings.get("password") else []

    async def look(self, look: Look) -> Reading:
        """Up when it answers in the role that is wanted."""
        sight = Sight(look)
        return await sight.bounded(_look(sight), "Postgres")

    async def aclose(self) -> None:
        """Nothing is kept open."""


def _queries(fields: Fields) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for number, table in enumerate(fields.tables("queries", most=QUERIES_LIMIT)):
        one = Fields(table, ("name", "sql"), f"settings.queries[{number}]")
        name, sql = one.metric("name"), one.text("sql", limit=4_000).rstrip("; \t\r\n")
        if any(name == other["name"] for other in found):
            raise one.wrong("name", f"{name} is there twice", "give each query its own name")
        if ";" in sql:
            raise one.wrong("sql", "has a ; within", "write one statement; chr(59) is a semicolon")
        if not _BEGINS.match(sql):
            raise one.wrong("sql", "is no query", "begin with SELECT, WITH, VALUES or TABLE")
        found.append({"name": name, "sql": sql})
    return found


async def _look(sight: Sight) -> Reading:
    import psycopg

    look = sight.look
    try:
        connection = await _connect(sight)
    except psycopg.Error as error:
        raise _failure(error) from None
    values = PostgresValues(look.source.source_id, look.now)
    try:
        await ask_standing(connection, values, sight)
        refused = await ask_own(connection, values, sight)
    except psycopg.Error as error:
        raise _failure(error) from None
    finally:
        await connection.close()
    wanted = look.source.settings["role"]
    words = "; ".join([*refused, *values.words])
    if wanted not in ("any", values.role):
        told = f"is a {values.role}, and is to be a {wanted}; {words}"
        return sight.reading(Verdict.DOWN, told, samples=values.samples)
    verdict = Verdict.UNSURE if refused else Verdict.UP
    return sight.reading(verdict, words, samples=values.samples)


async def _connect(sight: Sight) -> psycopg.AsyncConnection[tuple[Any, ...]]:
    import psycopg

    settings = sight.look.source.settings
    password = sight.secret(settings.get("password", ""))
    more: dict[str, Any] = {}
    if settings["tls"].startswith("verify-"):
        more["sslrootcert"] = settings["ca_file"]
    else:
        # Whoever sits in between could ask for the password in clear text otherwise.
        more["require_auth"] = "!password"
    connection = await psycopg.AsyncConnection.connect(
        host=settings["host"],
        port=settings["port"],
        dbname=settings["database"],
        user=settings["user"],
        # Never a password of the environment or of a file of the user.
        password=password or None,
        passfile="/dev/null",
        sslmode=settings["tls"],
        application_name="crisisdesk",
        client_encoding="UTF8",
        connect_timeout=max(2, round(sight.left_s)),
        **more,
    )
    await connection.set_read_only(True)
    return connection


def _failure(error: psycopg.Error) -> Unanswered:
    """What an error says of the server, and of this station."""
    words = " ".join(str(error).split())
    state = error.sqlstate or ""
    if state.startswith(_NOT_ALLOWED) or "authentication" in words or "no password" in words:
        return unsure(f"this station may not look: {words}")
    if not state or state.startswith(_AWAY):
        return down(words or "the connection was cut")
    return unsure(words)
