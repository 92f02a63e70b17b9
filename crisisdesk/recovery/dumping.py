"""A dump together with what to expect of it, both of one moment of the database."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from crisisdesk.domain.errors import Malformed
from crisisdesk.recovery.expectations import Expectations
from crisisdesk.recovery.pg_connection import row
from crisisdesk.recovery.table_prints import prints_of

FORMS = ("custom", "plain")
SUFFIX = ".expect.json"
_SNAPSHOT = """
select pg_export_snapshot() as snapshot, current_database() as database,
  to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as taken_at
"""


class DumpFailed(Exception):
    """pg_dump did not make it; told in words. Nothing is left of it."""


async def take(address: str, target: Path, pg_dump: str, form: str = "custom") -> Expectations:
    """Write the dump to ``target`` and its expectations beside it; neither replaces a file.

    ``address`` is a conninfo without a password: libpq finds that in its own places, for pg_dump
    as well. Raises Malformed, DumpFailed, OSError, psycopg.Error.
    """
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    if form not in FORMS:
        raise Malformed("format", f"{form!r:.40} is unknown", f"use {' or '.join(FORMS)}")
    try:
        told = conninfo_to_dict(address)
    except psycopg.ProgrammingError as error:
        raise Malformed("database", str(error).strip(), "write dbname=orders host=db1") from None
    if "password" in told:
        raise Malformed("database", "holds a password", "leave it to ~/.pgpass")
    beside = target.with_name(target.name + SUFFIX)
    _check_free(target, beside)
    part = target.with_name(target.name + ".part")
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    try:
        expected = await _dumped(address, part, pg_dump, form)
        _write(beside, expected.text())
        _publish(part, target, beside)
    finally:
        part.unlink(missing_ok=True)
    return expected


async def _dumped(address: str, part: Path, pg_dump: str, form: str) -> Expectations:
    import psycopg

    async with await psycopg.AsyncConnection.connect(address, autocommit=False) as own:
        await own.execute("set transaction isolation level repeatable read read only")
        told = await row(own, _SNAPSHOT)
        words = [f"--snapshot={told['snapshot']}", f"--format={form}", f"--file={part}"]
        # The snapshot lives as long as this transaction does.
        try:
            async with asyncio.TaskGroup() as both:
                dumping = both.create_task(_run([pg_dump, *words, f"--dbname={address}"]))
                tables = await prints_of(own)
        except* (psycopg.Error, OSError) as group:
            raise DumpFailed("; ".join(str(e) for e in group.exceptions)[:500]) from None
        code, last = dumping.result()
        await own.rollback()
    if code:
        raise DumpFailed(f"pg_dump: exit code {code}: {last}")
    size, digest = await asyncio.to_thread(_measured, part)
    return Expectations(
        database=str(told["database"]),
        taken_at=str(told["taken_at"]),
        size=size,
        sha256=digest,
        tables=tables,
    )


def _publish(part: Path, target: Path, beside: Path) -> None:
    """The dump last: where it stands, it is whole and its expectations are there."""
    try:
        os.link(part, target)
    except OSError:
        beside.unlink()
        raise


def _check_free(*paths: Path) -> None:
    for path in paths:
        if os.path.lexists(path):
            raise Malformed("file", f"{path} is there already", "choose another name")


async def _run(words: Sequence[str]) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return process.returncode or 0, lines[-1][:300] if lines else "it said nothing"


def _write(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _measured(path: Path) -> tuple[int, str]:
    """Its size in bytes and its SHA-256 in hex, once it is on the disk; blocking."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while data := file.read(1 << 20):
            digest.update(data)
        os.fsync(file.fileno())
        return file.tell(), digest.hexdigest()
