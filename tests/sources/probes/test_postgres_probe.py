"""A real Postgres and a real standby that lags: reachability, replication, own queries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.sources.probes.postgres_probe import PostgresProber

from tests.postgres.proxy import FaultProxy, Mode
from tests.postgres.server import ADMIN, PostgresServer
from tests.sources.probes.looks import look_at, looked, values
from tests.sources.probes.programs import until
from tests.sources.probes.standby import standby_of

WATCHER, WATCHERS_PASSWORD = "watcher", "pw of the watcher"


@pytest.fixture(scope="module")
def watched(postgres: PostgresServer) -> Iterator[PostgresServer]:
    """The shared server with a login that may read statistics and nothing else."""
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {WATCHER} LOGIN PASSWORD '{WATCHERS_PASSWORD}'")
        connection.execute(f"GRANT pg_monitor TO {WATCHER}")
        connection.execute("CREATE TABLE IF NOT EXISTS jobs (state text, n int)")
        connection.execute("INSERT INTO jobs VALUES ('open', 3), ('done', 40), (NULL, NULL)")
        connection.execute(f"GRANT ALL ON jobs TO {WATCHER}")
    yield postgres
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute("DROP TABLE jobs")
        connection.execute(f"DROP ROLE {WATCHER}")


def look(server: PostgresServer, *, password: str = WATCHERS_PASSWORD, **more: Any) -> Reading:
    deadline_s = more.pop("deadline_s", 30.0)
    settings = {
        "host": "127.0.0.1",
        "port": server.port,
        "user": WATCHER,
        "password": "pw",
        "tls": "disable",
        **more,
    }
    prober = PostgresProber()
    secrets = {"pw": password}
    return looked(prober, look_at(prober, settings, secrets=secrets, deadline_s=deadline_s))


def own(server: PostgresServer, sql: str, **more: Any) -> Reading:
    return look(server, queries=[{"name": "jobs", "sql": sql}], **more)


def test_one_that_answers_tells_what_it_is(watched: PostgresServer) -> None:
    reading = look(watched)
    assert (reading.verdict, reading.words) == (Verdict.UP, "primary; 0 standbys")
    found = values(reading)
    assert found["postgres_is_primary"] == 1.0
    assert found["postgres_max_connections"] == 120.0
    assert 1 <= found["postgres_connections"] <= 120
    assert found["postgres_uptime_seconds"] > 0


def test_the_wrong_role_is_down(watched: PostgresServer) -> None:
    reading = look(watched, role="standby")
    assert reading.verdict is Verdict.DOWN
    assert reading.words.startswith("is a primary, and is to be a standby")


def test_own_queries_give_numbers_with_labels(watched: PostgresServer) -> None:
    reading = own(watched, "SELECT state, n FROM jobs ORDER BY n;")
    found = {name: v for name, v in values(reading).items() if name.startswith("jobs")}
    assert found == {'jobs{state="open"}': 3.0, 'jobs{state="done"}': 40.0}
    assert "1 of them without a number" in reading.words
    several = values(own(watched, "SELECT sum(n) AS whole, 1.5 AS half, true AS is_so FROM jobs"))
    assert several["jobs_whole"] == 43.0
    assert several["jobs_half"] == 1.5
    assert several["jobs_is_so"] == 1.0


def test_rows_are_bounded(watched: PostgresServer) -> None:
    reading = own(watched, "SELECT g::text AS g, 1 FROM generate_series(1, 1000000) g", max_rows=7)
    assert reading.verdict is Verdict.UP
    assert len([s for s in reading.samples if s.series.metric == "jobs"]) == 7
    assert "jobs: 7 rows, more are left out" in reading.words


@pytest.mark.parametrize(
    "sql",
    [
        "WITH gone AS (DELETE FROM jobs RETURNING 1) SELECT count(*) FROM gone",
        "SELECT set_config('transaction_read_only', 'off', true), nextval('nothing')",
        "SELECT 1 FROM pg_sleep(100)",
        "SELECT 1 FROM nowhere",
        "SELECT 1 /",
        "SELECT 1) TO STDOUT --",
        "SELECT 1 INTO copied",
    ],
)
def test_what_a_query_may_not_do_is_refused_and_changes_nothing(
    watched: PostgresServer, sql: str
) -> None:
    queries = [{"name": "bad", "sql": sql}, {"name": "good", "sql": "SELECT count(*) FROM jobs"}]
    reading = look(watched, queries=queries, deadline_s=2.0 if "sleep" in sql else 30.0)
    if "sleep" in sql:
        # The server itself ends it just when nothing is left for the others.
        assert reading.verdict is not Verdict.UP
    else:
        assert reading.verdict is Verdict.UNSURE, reading.words
        assert reading.words.startswith("bad: ")
        assert values(reading)["good"] == 3.0
    with psycopg.connect(watched.dsn()) as connection:
        assert connection.execute("SELECT count(*) FROM jobs").fetchone() == (3,)
        assert connection.execute("SELECT to_regclass('copied')").fetchone() == (None,)
        until(
            lambda: (
                connection.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE usename = %s", (WATCHER,)
                ).fetchone()
                == (0,)
            ),
            "the server has let go of the look",
        )


def test_the_wrong_password_is_not_held_against_it(watched: PostgresServer) -> None:
    reading = look(watched, password="not the one")
    assert reading.verdict is Verdict.UNSURE
    assert "may not look" in reading.words
    assert look(watched, user="nobody").verdict is Verdict.UNSURE


def test_a_database_that_is_not_there_is_down(watched: PostgresServer) -> None:
    reading = look(watched, database="nowhere")
    assert reading.verdict is Verdict.DOWN
    assert "nowhere" in reading.words


@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.BLACKHOLE, Mode.RESET])
def test_a_road_that_is_broken(watched: PostgresServer, mode: Mode) -> None:
    with FaultProxy(watched.port) as proxy:
        assert look(watched, port=proxy.port).verdict is Verdict.UP
        proxy.mode = mode
        deadline_s = 1.0 if mode is Mode.BLACKHOLE else 30.0
        reading = look(watched, port=proxy.port, deadline_s=deadline_s)
    assert reading.verdict is Verdict.DOWN


def sees_table(server: PostgresServer) -> bool:
    with psycopg.connect(server.dsn(), autocommit=True) as reader:
        found = reader.execute("SELECT to_regclass('t') IS NOT NULL").fetchone()
    return found == (True,)


@pytest.mark.serial
@pytest.mark.timeout(180)
def test_a_real_standby_that_lags() -> None:
    with PostgresServer() as primary, standby_of(primary) as standby:

        def look_as_admin(server: PostgresServer) -> Reading:
            return look(server, password=primary.password, user=ADMIN)

        def told(server: PostgresServer) -> dict[str, float]:
            return values(look_as_admin(server))

        with psycopg.connect(primary.dsn(), autocommit=True) as writer:
            writer.execute("CREATE TABLE t (n int)")
            # While a standby has replayed nothing, nobody knows how many seconds it is behind.
            until(lambda: sees_table(standby), "it follows")
            until(lambda: told(standby)["postgres_replay_lag_bytes"] == 0, "it is up to date")
            following = told(standby)
            assert following["postgres_is_primary"] == 0.0
            assert following["postgres_receiving"] == 1.0
            assert following["postgres_replay_lag_seconds"] == 0.0
            assert told(primary)['postgres_standby_streaming{standby="fra2"}'] == 1.0
            with psycopg.connect(standby.dsn(), autocommit=True) as reader:
                reader.execute("SELECT pg_wal_replay_pause()")
                until(lambda: told(standby)["postgres_replay_paused"] == 1.0, "it is paused")
                writer.execute("INSERT INTO t SELECT generate_series(1, 50000)")
                until(lambda: told(standby)["postgres_replay_lag_bytes"] > 1_000_000, "it lags")
                lagging = look_as_admin(standby)
                assert values(lagging)["postgres_replay_lag_seconds"] > 0
                assert "replay is paused" in lagging.words
                until(
                    lambda: told(primary)['postgres_standby_lag_bytes{standby="fra2"}'] > 1_000_000,
                    "the primary sees the lag",
                )
                reader.execute("SELECT pg_wal_replay_resume()")
            until(lambda: told(standby)["postgres_replay_lag_bytes"] == 0, "it has caught up")
        primary.stop()
        until(lambda: told(standby)["postgres_receiving"] == 0.0, "it knows that it is alone")
        alone = look_as_admin(standby)
        assert alone.verdict is Verdict.UP
        assert "receives nothing" in alone.words
        # All that came is replayed, and yet it is behind by all that does not come.
        assert values(alone)["postgres_replay_lag_seconds"] > 0
        # In bytes nobody knows how far, so it does not say 0.
        assert "postgres_replay_lag_bytes" not in values(alone)
        assert look_as_admin(primary).verdict is Verdict.DOWN
