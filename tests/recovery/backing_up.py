"""A database with content worth a backup, and steps that verify one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from crisisdesk.engine.recovery_ports import Done, Job
from crisisdesk.recovery.backup import BackupExecutor
from crisisdesk.recovery.pg_connection import Servers

from tests.postgres.programs import programs

CONTENT = r"""
create schema shop;
create table shop.orders (id int primary key, who text, paid numeric(10, 2), at timestamptz);
insert into shop.orders select n, 'Größe ' || n || E'\t\\.\n;', n / 3.0,
  timestamptz '2026-01-01' + n * interval '1 hour' from generate_series(1, 500) n;
create table shop.lines (order_id int references shop.orders, "odd ""name" jsonb, raw bytea);
insert into shop.lines select n, jsonb_build_object('n', n, 's', '$$;--'), sha256(n::text::bytea)
  from generate_series(1, 300) n;
create table public.empty (n float8, other uuid[]);
create view shop.sums as select who, sum(paid) from shop.orders group by who;
create function shop.twice(n int) returns int language plpgsql as
  $body$ begin /* ; ' */ return n * 2; end; $body$;
create function shop.thrice(n int) returns int language sql begin atomic
  select n; select 3 * n; end;
create role {role} nologin;
alter table shop.orders owner to {role};
grant select on shop.lines to {role};
create event trigger {role}_watch on ddl_command_end execute function shop.watch();
"""
WATCH = """
create schema if not exists shop;
create function shop.watch() returns event_trigger language plpgsql as
  $$ begin perform 1; end $$;
"""


def fill(address: str, role: str) -> None:
    """Put the content into a database; ``role`` is a new one of the cluster's."""
    content = CONTENT.replace("create schema shop;", "").replace("{role}", role)
    with psycopg.connect(address, autocommit=True) as own:
        own.execute(WATCH.encode())
        own.execute(content.encode())


@contextmanager
def scratch_place() -> Iterator[Path]:
    """Where scratch servers keep their files; pytest's own folders are closed to nobody. At the
    end nothing may be left in it."""
    with tempfile.TemporaryDirectory(prefix="crisisdesk-place-") as name:
        place = Path(name)
        place.chmod(0o755)
        yield place
        assert list(place.iterdir()) == []


def executor(
    folder: Path, place: Path, databases: Mapping[str, str] | None = None
) -> BackupExecutor:
    """One that may read the dumps of a folder."""
    servers = Servers(databases or {}, lambda _name: None)
    return BackupExecutor(servers, [str(folder)], str(programs()), str(place))


def step(dump: Path, expectations: Path | None = None, **more: Any) -> dict[str, Any]:
    """A step about a dump."""
    told = {} if expectations is None else {"expectations": str(expectations)}
    return {"kind": "backup", "dump": str(dump), **told, **more}


async def verified(one: BackupExecutor, told: dict[str, Any]) -> tuple[Done, str]:
    """What came of a step, and what it said."""
    said: list[str] = []
    done = await one.execute(Job(step=told, timeout_s=300, say=said.append))
    return done, "".join(said)
