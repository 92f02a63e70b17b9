"""What a Postgres tells of itself, and what an operator's own queries give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from crisisdesk.domain.detection.series import Sample, series
from crisisdesk.domain.errors import Malformed
from crisisdesk.sources.probes.looking import Sight

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.AsyncConnection[tuple[Any, ...]]

_STANDING = """
SELECT pg_catalog.pg_is_in_recovery(),
       extract(epoch FROM clock_timestamp() - pg_catalog.pg_postmaster_start_time())::float8,
       (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend'),
       pg_catalog.current_setting('max_connections')::int
"""
_STANDBYS = """
SELECT coalesce(nullif(application_name, ''), client_addr::text, '?'),
       state = 'streaming',
       pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), replay_lsn)::float8,
       extract(epoch FROM replay_lag)::float8
FROM pg_catalog.pg_stat_replication ORDER BY 1 LIMIT 100
"""
_SLOTS = """
SELECT slot_name, active,
       pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), restart_lsn)::float8
FROM pg_catalog.pg_replication_slots ORDER BY 1 LIMIT 100
"""
# While nothing comes, what was received last is also what was replayed last: only of a standby that
# receives does "all is replayed" mean that it is not behind. One that lost its primary for good may
# even have replayed more than it received by the stream.
_STANDBY = """
WITH receiving AS (
    SELECT count(*) > 0 AS it,
           pg_catalog.pg_wal_lsn_diff(
               pg_catalog.pg_last_wal_receive_lsn(), pg_catalog.pg_last_wal_replay_lsn()
           )::float8 AS behind
    FROM pg_catalog.pg_stat_wal_receiver WHERE pid IS NOT NULL
)
SELECT it,
       pg_catalog.pg_is_wal_replay_paused(),
       CASE WHEN behind > 0 THEN behind WHEN it AND behind <= 0 THEN 0 END::float8,
       CASE WHEN it AND pg_catalog.pg_last_wal_receive_lsn() = pg_catalog.pg_last_wal_replay_lsn()
            THEN 0
            ELSE extract(
                epoch FROM clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp()
            )
       END::float8
FROM receiving
"""


@dataclass(slots=True)
class PostgresValues:
    """Samples and sentences of one look; ``role`` is "primary" or "standby"."""

    source_id: str
    at: int
    role: str = ""
    samples: list[Sample] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def add(self, metric: str, value: object, labels: Mapping[str, str] | None = None) -> bool:
        """One value, where there is one; False when its labels are out of bounds."""
        if value is None:
            return True
        if not isinstance(value, (bool, int, float, Decimal)):
            return False
        try:
            name = series(self.source_id, metric, labels or {})
            self.samples.append(Sample(name, self.at, float(value)))
        except (Malformed, OverflowError):
            return False
        return True


async def ask_standing(connection: Connection, values: PostgresValues, sight: Sight) -> None:
    """Its role, its connections, and how far replication is behind; raises psycopg.Error."""
    async with connection.transaction():
        [standing] = await _rows(connection, _STANDING, sight)
        in_recovery, up_s, taken, most = standing
        values.role = "standby" if in_recovery else "primary"
        values.words.append(values.role)
        values.add("postgres_is_primary", not in_recovery)
        values.add("postgres_uptime_seconds", up_s)
        values.add("postgres_connections", taken)
        values.add("postgres_max_connections", most)
        if in_recovery:
            await _standby(connection, values, sight)
        else:
            await _primary(connection, values, sight)


async def _primary(connection: Connection, values: PostgresValues, sight: Sight) -> None:
    standbys = await _rows(connection, _STANDBYS, sight)
    values.add("postgres_standbys", len(standbys))
    hidden = 0
    for name, streams, lag_bytes, lag_s in standbys:
        # What a role that may not see it is shown as NULL.
        hidden += streams is None
        of = {"standby": name}
        values.add("postgres_standby_streaming", streams, of)
        values.add("postgres_standby_lag_bytes", lag_bytes, of)
        # No lag is told of a standby that has replayed all and hears nothing new.
        caught_up = lag_s is None and lag_bytes == 0
        values.add("postgres_standby_lag_seconds", 0.0 if caught_up else lag_s, of)
    for name, active, kept in await _rows(connection, _SLOTS, sight):
        values.add("postgres_slot_active", active, {"slot": name})
        values.add("postgres_slot_kept_bytes", kept, {"slot": name})
    values.words.append(f"{len(standbys)} standbys")
    if hidden:
        values.words.append("grant pg_monitor to this user to see how far they are")


async def _standby(connection: Connection, values: PostgresValues, sight: Sight) -> None:
    [(receives, paused, lag_bytes, lag_s)] = await _rows(connection, _STANDBY, sight)
    values.add("postgres_receiving", receives)
    values.add("postgres_replay_paused", paused)
    values.add("postgres_replay_lag_bytes", lag_bytes)
    values.add("postgres_replay_lag_seconds", lag_s)
    if not receives:
        values.words.append("receives nothing from its primary")
    if paused:
        values.words.append("replay is paused")
    if lag_s is not None:
        values.words.append(f"{lag_s:.1f} s behind")


async def ask_own(connection: Connection, values: PostgresValues, sight: Sight) -> list[str]:
    """The samples of the operator's queries; sentences about those that were refused.

    Raises psycopg.Error when the connection is lost.
    """
    import psycopg

    refused: list[str] = []
    for query in sight.look.source.settings["queries"]:
        try:
            async with connection.transaction():
                await _one(connection, query, values, sight)
        except psycopg.Error as error:
            if connection.closed:
                raise
            refused.append(f"{query['name']}: {' '.join(str(error).split())[:120]}")
    return refused


async def _one(
    connection: Connection, query: Mapping[str, str], values: PostgresValues, sight: Sight
) -> None:
    most = sight.look.source.settings["max_rows"]
    # A query first: after it, the statement itself can no longer make the transaction writable.
    await _bounded(connection, sight)
    # By a cursor: the server is never asked for more rows than are kept, and refuses what is none.
    async with connection.cursor(name="crisisdesk") as cursor:
        await cursor.execute(query["sql"].encode())
        rows = await cursor.fetchmany(most + 1)
        names = [column.name for column in cursor.description or ()]
    unfit = sum(not _take(values, query["name"], names, row) for row in rows[:most])
    told = f"{query['name']}: {min(len(rows), most)} rows"
    if len(rows) > most:
        told += ", more are left out (max_rows)"
    if unfit:
        told += f", {unfit} of them without a number or with labels out of bounds"
    values.words.append(told)


def _take(values: PostgresValues, metric: str, names: Sequence[str], row: Sequence[object]) -> bool:
    """The numbers of one row, a metric of its own for each of several; texts are labels."""
    numbers, labels = {}, {}
    for name, value in zip(names, row, strict=True):
        if isinstance(value, (bool, int, float, Decimal)):
            numbers[name] = value
        elif value is not None:
            labels[name] = str(value)
    if not numbers:
        return False
    return all(
        values.add(metric if len(numbers) == 1 else f"{metric}_{name}", value, labels)
        for name, value in numbers.items()
    )


async def _bounded(connection: Connection, sight: Sight) -> None:
    """Let the server itself end what takes longer than is left, within this transaction."""
    ms = max(50, round(sight.left_s * 1000))
    await connection.execute(
        "SELECT pg_catalog.set_config('statement_timeout', %s, true),"
        " pg_catalog.set_config('lock_timeout', %s, true)",
        (f"{ms}ms", f"{ms}ms"),
    )


async def _rows(connection: Connection, query: str, sight: Sight) -> list[tuple[Any, ...]]:
    await _bounded(connection, sight)
    answer = await connection.execute(query.encode())
    return await answer.fetchall()
