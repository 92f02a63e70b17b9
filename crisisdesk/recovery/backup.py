"""Steps that verify a backup: restored for real, and compared table by table.

Nothing of it changes what exists; where it ends early it has failed, and may be done again.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.redaction import redact
from crisisdesk.engine.recovery_ports import Done, Job
from crisisdesk.recovery.expectations import FILE_LIMIT, Expectations, read_expectations
from crisisdesk.recovery.pg_connection import Servers
from crisisdesk.recovery.plain_dump import Unreadable
from crisisdesk.recovery.restoring import prepare, restore
from crisisdesk.recovery.scratch import (
    DATABASE,
    RESTORER,
    Scratch,
    ScratchFailed,
    check_programs,
    scratch,
)
from crisisdesk.recovery.table_prints import Print, differences, in_words, prints_of

REMEDY = "name its folder under recovery.backups in this station's settings"


class BackupExecutor:
    """Implements `engine.recovery_ports.Executor`.

    Dumps and expectations are read beneath the folders ``backups`` alone; ``programs`` is the
    folder of initdb, ``place`` the one under which scratch servers keep their
    files, the system's for temporary ones when it is empty.
    """

    def __init__(
        self, servers: Servers, backups: Sequence[str], programs: str, place: str = ""
    ) -> None:
        self._servers = servers
        self._backups = tuple(backups)
        self._programs = programs
        self._place = place or tempfile.gettempdir()

    def check(self, step: Mapping[str, Any]) -> str:
        """What would be restored; raises Malformed for what this station may not."""
        self._read(step)
        check_programs(self._programs)
        with self._opened(step["dump"], "dump") as file:
            size = os.fstat(file.fileno()).st_size
        other = step.get("expectations") or step.get("against")
        return f"would restore {step['dump']} ({size} bytes) and compare it with {other}"[:500]

    def entry(self, step: Mapping[str, Any]) -> str:
        """The folders that dumps are read beneath, and what is compared with."""
        self._read(step)
        against = f", recovery.databases {step['against']}" if step.get("against") else ""
        return f"recovery.backups {', '.join(self._backups)}{against}"

    async def look(self, job: Job) -> None:
        """Restoring takes a server of its own, and its time."""

    async def execute(self, job: Job) -> Done:
        """Restore and compare."""
        import psycopg

        self._read(job.step)
        check_programs(self._programs)
        try:
            async with asyncio.timeout(job.timeout_s):
                words = await self._verified(job)
        except (Unreadable, ScratchFailed) as error:
            return Done(outcome="failed", words=_plain(f"the backup is not usable: {error}"))
        except psycopg.Error as error:
            words = f"the backup is not usable: {' '.join(str(error).split())}"
            return Done(outcome="failed", words=_plain(words))
        except TimeoutError:
            words = f"not restored and compared within {job.timeout_s:g} s"
            return Done(outcome="failed", words=words)
        except OSError as error:
            return Done(outcome="failed", words=_plain(f"it could not be read: {error.strerror}"))
        return Done(outcome="ok", words=_plain(words))

    async def aclose(self) -> None:
        """Each scratch server goes with its step."""

    # -- how ---------------------------------------------------------------------------------

    def _read(self, step: Mapping[str, Any]) -> None:
        for name in ("dump", "expectations"):
            if step.get(name):
                self._place_of(step[name], name)
        if bool(step.get("expectations")) == bool(step.get("against")):
            raise Malformed("expectations", "or against is needed, not both", "name one of them")
        if step.get("against"):
            self._servers.address(step["against"], "against")

    def _place_of(self, path: object, field: str) -> Path:
        """Where a file really lies, which must be beneath a folder of backups."""
        if not isinstance(path, str) or not path.startswith("/") or "\0" in path:
            raise Malformed(field, "is no absolute path", "write /var/backups/orders.dump")
        real = Path(os.path.realpath(path))
        if not any(real.is_relative_to(os.path.realpath(one)) for one in self._backups):
            raise Malformed(field, f"{path[:200]} may not be read here", REMEDY)
        return real

    def _opened(self, path: str, field: str) -> IO[bytes]:
        real = self._place_of(path, field)
        try:
            handle = os.open(real, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            words = f"{path[:200]} cannot be opened: {error.strerror}"
            raise Malformed(field, words, "look whether it is there") from None
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise Malformed(field, f"{path[:200]} is no file", "name a dump in one file")
        return os.fdopen(handle, "rb")

    def _expected(self, path: str) -> Expectations:
        with self._opened(path, "expectations") as file:
            data = file.read(FILE_LIMIT + 1)
        if len(data) > FILE_LIMIT:
            raise Malformed("expectations", "are too long", "name a file of `crisisdesk dump take`")
        return read_expectations(data)

    async def _verified(self, job: Job) -> str:
        """The verdict in words; raises Unreadable where it is a bad one."""
        step = job.step
        expected: Expectations | None = None
        if step.get("expectations"):
            expected = await asyncio.to_thread(self._expected, step["expectations"])
        with self._opened(step["dump"], "dump") as file:
            if expected is not None:
                await asyncio.to_thread(_check_file, file, expected)
                file.seek(0)
            async with scratch(self._programs, self._place) as server:
                job.say(f"restoring {step['dump']}\n")
                await prepare(server, step.get("extensions") or [])
                named = await restore(server, file, lambda text: job.say(redact(text)))
                found = await _prints(server)
        job.say("".join(f"{n}: {p.rows} rows, {p.checksum}\n" for n, p in found.items()))
        return await self._compared(step, expected, named, found)

    async def _compared(
        self,
        step: Mapping[str, Any],
        expected: Expectations | None,
        named: str,
        found: Mapping[str, Print],
    ) -> str:
        tables = step.get("tables") or []
        if expected is not None:
            wanted, database, of = expected.tables, expected.database, expected.taken_at
        else:
            wanted, database = await self._live(step["against"], tables)
            of = f"{step['against']} as it is now"
        if named and named != database:
            raise Unreadable(f"another database: it is a dump of {named}, not of {database}")
        told = differences(wanted, found, tables)
        if told:
            raise Unreadable(in_words(told))
        count = len(tables or wanted)
        rows = sum(found[name].rows for name in (tables or wanted))
        return f"restored; {count} tables with {rows} rows are those of {of}, by checksum"

    async def _live(self, name: str, tables: Sequence[str]) -> tuple[dict[str, Print], str]:
        async with self._servers.connected(name, "against", 3_600) as own:
            await own.set_autocommit(False)
            await own.execute("set transaction isolation level repeatable read read only")
            wanted = await prints_of(own, tables)
            database = own.info.dbname
            await own.rollback()
        return wanted, database


async def _prints(server: Scratch) -> dict[str, Print]:
    """As the role that restored: functions of the dump never run as the administrator."""
    import psycopg

    address = server.address(RESTORER, DATABASE)
    async with await psycopg.AsyncConnection.connect(address, passfile="/dev/null") as own:
        found = await prints_of(own)
        await own.rollback()
        return found


def _check_file(file: IO[bytes], expected: Expectations) -> None:
    """Whether it is the very file that was written when it was made; blocking."""
    size = os.fstat(file.fileno()).st_size
    if size < expected.size:
        raise Unreadable(f"truncated: {size} of {expected.size} bytes are there")
    digest = hashlib.sha256()
    while data := file.read(1 << 20):
        digest.update(data)
    if size != expected.size or digest.hexdigest() != expected.sha256:
        raise Unreadable("the file is not the one that was made: its hash is another")


def _plain(words: str) -> str:
    return redact("".join(c if c.isprintable() else "?" for c in words))[:400]
