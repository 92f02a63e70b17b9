"""The breakable road breaks as it says, and heals."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from time import monotonic

import psycopg
import pytest

from tests.postgres.proxy import FaultProxy, Mode
from tests.postgres.server import PostgresServer


@pytest.fixture
def proxy(postgres: PostgresServer) -> Iterator[FaultProxy]:
    with FaultProxy(postgres.port) as road:
        yield road


@pytest.fixture
def through(proxy: FaultProxy, empty_database: str) -> str:
    return psycopg.conninfo.make_conninfo(empty_database, port=proxy.port, connect_timeout=2)


def connect(dsn: str) -> psycopg.Connection:
    return psycopg.connect(dsn, autocommit=True)


def test_it_passes_on_and_counts(proxy: FaultProxy, through: str) -> None:
    with connect(through) as connection:
        row = connection.execute("SELECT repeat('x', 300000)").fetchone()
    assert row is not None
    assert len(row[0]) == 300_000
    assert proxy.taken == 1


@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.RESET, Mode.BLACKHOLE, Mode.HALF_OPEN])
def test_no_new_connection_while_broken_and_again_after(
    proxy: FaultProxy, through: str, mode: Mode
) -> None:
    port = proxy.port
    proxy.mode = mode
    with pytest.raises(psycopg.OperationalError):
        connect(through)
    proxy.mode = Mode.PASS
    connect(through).close()
    assert proxy.port == port


@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.RESET])
def test_a_standing_connection_is_cut(proxy: FaultProxy, through: str, mode: Mode) -> None:
    with connect(through) as connection:
        proxy.mode = mode
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


@pytest.mark.parametrize("mode", [Mode.BLACKHOLE, Mode.ONE_WAY_UP, Mode.ONE_WAY_DOWN])
def test_held_bytes_arrive_when_the_road_is_open_again(
    proxy: FaultProxy, through: str, empty_database: str, mode: Mode
) -> None:
    with connect(through) as connection, connect(empty_database) as direct:
        connection.execute("CREATE TABLE arrived (n integer)")
        proxy.mode = mode
        asking = threading.Thread(
            target=connection.execute, args=("INSERT INTO arrived VALUES (1)",)
        )
        asking.start()
        asking.join(0.3)
        assert asking.is_alive(), "the answer came although the road was broken"
        if mode is not Mode.ONE_WAY_DOWN:
            assert direct.execute("SELECT count(*) FROM arrived").fetchone() == (0,)
        proxy.mode = Mode.PASS
        asking.join(10)
        assert direct.execute("SELECT count(*) FROM arrived").fetchone() == (1,)


def test_half_open_the_server_is_rid_of_it_and_the_client_is_not_told(
    proxy: FaultProxy, through: str, empty_database: str
) -> None:
    with connect(through) as connection, connect(empty_database) as direct:
        pid = connection.info.backend_pid
        proxy.mode = Mode.HALF_OPEN
        question = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s"
        deadline = monotonic() + 10
        while direct.execute(question, (pid,)).fetchone() != (0,):
            assert monotonic() < deadline
        asking = threading.Thread(
            target=pytest.raises,
            args=(psycopg.OperationalError, connection.execute, "SELECT 1"),
        )
        asking.start()
        asking.join(0.3)
        assert asking.is_alive(), "the client was told"
        proxy.mode = Mode.RESET
        asking.join(10)


def test_a_reply_is_dropped_after_the_commit(
    proxy: FaultProxy, through: str, empty_database: str
) -> None:
    with connect(through) as connection, connect(empty_database) as direct:
        connection.execute("CREATE TABLE done (n integer)")
        proxy.drop_reply(to=b"INSERT")
        connection.execute("SELECT 1")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("INSERT INTO done VALUES (1)")
        assert direct.execute("SELECT count(*) FROM done").fetchone() == (1,)
    assert proxy.dropped == 1
    connect(through).close()


def test_latency_delays_every_piece(proxy: FaultProxy, through: str) -> None:
    with connect(through) as connection:
        proxy.latency_s = 0.2
        began = monotonic()
        connection.execute("SELECT 1")
        # Not a measure of speed: less than the two delays would mean that there were none.
        assert monotonic() - began >= 0.39
