"""A real standby that follows a real primary by streaming replication."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests.postgres.programs import give_away
from tests.postgres.server import PostgresServer


@contextmanager
def standby_of(primary: PostgresServer) -> Iterator[PostgresServer]:
    """Running and following; it has the passwords of its primary."""
    told = psycopg.conninfo.make_conninfo(primary.dsn(), application_name="fra2")
    standby = PostgresServer(settings={"primary_conninfo": told, "hot_standby": "on"})
    try:
        subprocess.run(["cp", "-a", primary.base_backup(), standby.data], check=True)
        signal = standby.data / "standby.signal"
        signal.touch()
        give_away(signal)
        standby.password = primary.password
        standby.start()
        yield standby
    finally:
        standby.remove()
