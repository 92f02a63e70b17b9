"""A dump put into a scratch server, by a role that may do nothing outside of its database.

What is in a dump is obeyed by the server: as its administrator it could run programs of this
machine, as this role it cannot.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from typing import IO, TYPE_CHECKING, Any

from crisisdesk.recovery.plain_dump import Rows, Unreadable, parts_of
from crisisdesk.recovery.scratch import ADMIN, DATABASE, RESTORER, Scratch

if TYPE_CHECKING:
    import psycopg

CUSTOM, PLAIN = "custom", "plain"
_NOT_OF_HERE = ("EVENT TRIGGER", "COMMENT - EXTENSION", "PUBLICATION", "SUBSCRIPTION")
_ENTRY = re.compile(r"\d+; \d+ \d+ (.*)")
_OF_DATABASE = re.compile(r";\s+dbname: (.*)")
_KEPT_LINES = 20


def form_of(beginning: bytes) -> str:
    """The form of a dump by its first bytes; raises Unreadable for one that is not taken here."""
    if beginning.startswith(b"PGDMP"):
        return CUSTOM
    if beginning.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")):
        raise Unreadable("it is compressed as a whole: unpack it first, or use --format=custom")
    if beginning[257:262] == b"ustar":
        raise Unreadable("it is a tar archive: use --format=custom or plain")
    if not beginning.strip():
        raise Unreadable("truncated: it is empty")
    if b"\0" in beginning:
        raise Unreadable("it is no dump of Postgres: neither custom nor plain")
    return PLAIN


async def prepare(server: Scratch, extensions: Sequence[str]) -> None:
    """Role and database; extensions that only an administrator may make. Raises psycopg.Error."""
    from psycopg import sql

    async with await _opened(server.address(ADMIN, "postgres")) as own:
        await own.execute(f"create role {RESTORER} login".encode())
        await own.execute(
            f"create database {DATABASE} owner {RESTORER} template template0".encode()
        )
    async with await _opened(server.address(ADMIN, DATABASE)) as own:
        for name in extensions:
            made = sql.SQL("create extension if not exists {} cascade")
            await own.execute(made.format(sql.Identifier(name)))


async def restore(server: Scratch, file: IO[bytes], say: Callable[[str], None]) -> str:
    """Put it in; the name of the database that it says it is of, "" where it says none.

    Raises Unreadable in words, psycopg.Error where a statement of a plain dump does not work.
    """
    form = form_of(file.read(1024))
    file.seek(0)
    if form == PLAIN:
        await _restore_plain(server, file)
        return ""
    return await _restore_custom(server, file, say)


async def _restore_custom(server: Scratch, file: IO[bytes], say: Callable[[str], None]) -> str:
    told: list[str] = []
    if await server.run(["pg_restore", "--list"], told.append, _from_start(file)):
        raise Unreadable(f"its list cannot be read: {_end_of(told)}")
    listed = "".join(told).splitlines()
    chosen = server.folder / "list"
    chosen.write_text("\n".join(line for line in listed if _is_of_here(line)) + "\n")
    chosen.chmod(0o644)
    said: list[str] = []

    def hear(text: str) -> None:
        said.append(text)
        say(text)

    options = "--exit-on-error --no-owner --no-privileges --no-security-labels --no-tablespaces"
    where = f"--dbname={server.address(RESTORER, DATABASE)}"
    words = ["pg_restore", *options.split(), f"--use-list={chosen}", where]
    if await server.run(words, hear, _from_start(file)):
        raise Unreadable(f"it cannot be restored to its end: {_end_of(said)}")
    names = [found[1].strip() for line in listed if (found := _OF_DATABASE.match(line))]
    return names[0] if names else ""


def _from_start(file: IO[bytes]) -> int:
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    return file.fileno()


def _is_of_here(line: str) -> bool:
    entry = _ENTRY.match(line)
    return entry is not None and not entry[1].startswith(_NOT_OF_HERE)


async def _restore_plain(server: Scratch, file: IO[bytes]) -> None:
    async with await _opened(server.address(RESTORER, DATABASE)) as own:
        for part in parts_of(file):
            if not isinstance(part, Rows):
                await own.execute(part.text)
                continue
            async with own.cursor() as cursor, cursor.copy(part.text) as copy:
                for line in part.lines:
                    await copy.write(line)


async def _opened(address: str) -> psycopg.AsyncConnection[Any]:
    import psycopg

    return await psycopg.AsyncConnection.connect(address, autocommit=True, passfile="/dev/null")


def _end_of(said: Sequence[str]) -> str:
    lines = [line.strip() for line in "".join(said).splitlines() if line.strip()]
    wrong = [line for line in lines[-_KEPT_LINES:] if "error:" in line]
    found = wrong[0] if wrong else (lines[-1] if lines else "it said nothing")
    words = "".join(c if c.isprintable() else "?" for c in found)[:300]
    is_short = any(sign in words for sign in ("end of file", "could not read"))
    return f"truncated: {words}" if is_short else words
