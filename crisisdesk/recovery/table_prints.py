"""What is in the tables of a database, so that a copy can be compared: counts and checksums.

A table's checksum is the sum of its rows' hashes: the order of rows does not matter, how the server
stores them neither. It finds damage, not a forger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crisisdesk.recovery.pg_connection import row

if TYPE_CHECKING:
    import psycopg

MOST_TOLD = 5
_WRAP = 2**64
# How values read as text must be the same at both servers.
_FORMS = (
    "datestyle = 'ISO, MDY'",
    "intervalstyle = 'postgres'",
    "timezone = 'UTC'",
    "extra_float_digits = 1",
    "bytea_output = 'hex'",
    "lc_monetary = 'C'",
    "search_path = 'pg_catalog'",
    "row_security = off",
)
_TABLES = """
select format('%I.%I', n.nspname, c.relname) as name
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and c.relpersistence <> 't'
  and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass
    and d.objid = c.oid and d.deptype = 'e')
order by 1
"""
# The row as a whole, also where a column has the name that the table is given here.
_PRINT = """
select count(*) as rows,
  coalesce(sum(('x' || substr(h, 1, 16))::bit(64)::bigint::numeric), 0)::text as high,
  coalesce(sum(('x' || substr(h, 17, 16))::bit(64)::bigint::numeric), 0)::text as low
from (select encode(sha256(convert_to((counted.*)::text, 'UTF8')), 'hex') as h
  from only {name} as counted) as hashed
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """One table: how many rows, and 32 hex digits over their content."""

    rows: int
    checksum: str


async def names_of(connection: psycopg.AsyncConnection[Any]) -> list[str]:
    """The tables with rows of their own, as quoted names with schema."""
    cursor = await connection.execute(_TABLES)
    return [str(told[0]) for told in await cursor.fetchall()]


async def prints_of(
    connection: psycopg.AsyncConnection[Any], tables: Sequence[str] = ()
) -> dict[str, Print]:
    """Of all tables, or of those of ``tables`` that are there; within the connection's
    transaction, so that they belong to one moment."""
    for form in _FORMS:
        await connection.execute(f"set local {form}".encode())
    found = {}
    for name in await names_of(connection):
        if tables and name not in tables:
            continue
        # The name comes from the catalogue, quoted by the server.
        told = await row(connection, _PRINT.replace("{name}", name))
        high, low = int(told["high"]) % _WRAP, int(told["low"]) % _WRAP
        found[name] = Print(rows=int(told["rows"]), checksum=f"{high:016x}{low:016x}")
    return found


def differences(
    expected: Mapping[str, Print], found: Mapping[str, Print], tables: Sequence[str] = ()
) -> list[str]:
    """What is not as expected, in a few words each; only ``tables``, when they are named."""
    wanted = {name: one for name, one in expected.items() if not tables or name in tables}
    unknown = [f"{name} is not among what is expected" for name in tables if name not in expected]
    if wanted and not any(name in found for name in wanted):
        held = ", ".join(sorted(found)[:MOST_TOLD]) or "no table"
        return [f"another database: none of the {len(wanted)} tables expected; it holds {held}"]
    told = unknown
    for name, one in sorted(wanted.items()):
        other = found.get(name)
        if other is None:
            told.append(f"{name} is missing")
        elif other.rows != one.rows:
            told.append(f"{name} has {other.rows} rows, expected {one.rows}")
        elif other.checksum != one.checksum:
            told.append(f"{name} has its {one.rows} rows, and other content than expected")
    if not tables:
        told += [f"{name} was not expected" for name in sorted(found) if name not in wanted]
    return told


def in_words(told: Sequence[str]) -> str:
    """Differences in one sentence."""
    rest = len(told) - MOST_TOLD
    more = f"; and {rest} more" if rest > 0 else ""
    return "; ".join(told[:MOST_TOLD]) + more
