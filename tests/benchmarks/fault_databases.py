"""Faults of real Postgres servers: primaries that stop, standbys that fall behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import partial

import psycopg

from tests.benchmarks.fault_stage import Expected, Fault, Stage
from tests.postgres.server import ADMIN, PostgresServer
from tests.sources.probes.standby import standby_of

PRIMARY, LAG_BYTES, LAG_SECONDS = "primary stopped", "standby 1 MB behind", "standby 10 s behind"
SECRET = "watcher"
# Sources of one server: each looks at moments of its own.
LOOKERS = 5
LAG_S = 10
WRITE_EACH_S = 0.2
FOLLOWS_S = 60.0


def stopped_primaries(stage: Stage, count: int) -> Iterator[Fault]:
    """Primaries, each looked at by a few sources."""
    for first in range(0, count, LOOKERS):
        server = PostgresServer()
        stage.stack.callback(server.remove)
        server.start()
        names = [f"primary d{n:02}" for n in range(first, min(first + LOOKERS, count))]
        secret = f"{SECRET}-{first}"
        stage.secret(secret, server.password)
        for name in names:
            stage.watch(name, "postgres", {**_login(server, secret), "role": "primary"})
        expected = tuple(Expected(kind=PRIMARY, words=f"{name} is down") for name in names)
        yield Fault(expected=expected, begin=server.stop, end=server.start)


def lagging_standbys(stage: Stage, count: int) -> Iterator[Fault]:
    """Standbys of one primary that is written to all the time; replay is held up."""
    # Each base backup ends a segment, which a standby that was made before may not have read yet.
    primary = PostgresServer(settings={"wal_keep_size": "1GB"})
    stage.stack.callback(primary.remove)
    primary.start()
    stage.secret(SECRET, primary.password)
    writer = Writer(primary.dsn())
    stage.stack.callback(writer.stop)
    for first in range(0, count, LOOKERS):
        numbers = range(first, min(first + LOOKERS, count))
        yield _lagging(stage, primary, writer, numbers, by_bytes=True)
        yield _lagging(stage, primary, writer, numbers, by_bytes=False)


def _lagging(
    stage: Stage, primary: PostgresServer, writer: Writer, numbers: range, *, by_bytes: bool
) -> Fault:
    standby = stage.stack.enter_context(standby_of(primary))
    _until_it_follows(standby)
    unit = "bytes" if by_bytes else "seconds"
    bound = 1_000_000 if by_bytes else LAG_S
    conditions = {"metric": f"postgres_replay_lag_{unit}", "op": ">", "value": bound}
    expected = []
    for number in numbers:
        name = f"standby {unit} r{number:02}"
        settings = {**_login(standby, SECRET), "role": "standby"}
        source_id = stage.watch(name, "postgres", settings)
        stage.rule(f"{name} lags", conditions, source_id)
        kind = LAG_BYTES if by_bytes else LAG_SECONDS
        own_s = 0.0 if by_bytes else float(LAG_S)
        told = partial(_own, own_s)
        expected.append(Expected(kind=kind, words=f"{name} lags", own=told))

    def begin() -> None:
        _do(standby, "SELECT pg_wal_replay_pause()")
        if by_bytes:
            writer.much()

    end = partial(_do, standby, "SELECT pg_wal_replay_resume()")
    return Fault(expected=tuple(expected), begin=begin, end=end)


def _until_it_follows(standby: PostgresServer) -> None:
    end, pause = time.perf_counter() + FOLLOWS_S, threading.Event()
    with psycopg.connect(standby.dsn(), autocommit=True) as connection:
        question = "SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'"
        while connection.execute(question).fetchone() != (1,):
            if time.perf_counter() > end:
                raise RuntimeError(f"a standby does not follow: {standby.log_tail()}")
            pause.wait(0.1)


def _own(seconds: float, _wall_s: float) -> float:
    return seconds


def _login(server: PostgresServer, secret: str) -> dict[str, object]:
    place = {"host": "127.0.0.1", "port": server.port, "tls": "disable"}
    return {**place, "user": ADMIN, "password": secret}


def _do(server: PostgresServer, statement: str) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(statement.encode())


class Writer:
    """Writes a row to a primary all the time, and some megabytes when it is asked to."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._stopping = threading.Event()
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("CREATE TABLE written (n int)")
        self._thread = threading.Thread(target=self._run, name="writer")
        self._thread.start()

    def _run(self) -> None:
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            while not self._stopping.wait(WRITE_EACH_S):
                connection.execute("INSERT INTO written VALUES (1)")

    def much(self) -> None:
        """At once."""
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            connection.execute("INSERT INTO written SELECT generate_series(1, 50000)")

    def stop(self) -> None:
        """Write no more."""
        self._stopping.set()
        self._thread.join()
