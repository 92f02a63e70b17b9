"""``crisisdesk dump take``: a dump of a database, and beside it what to expect of it."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from crisisdesk.domain.errors import DomainError

FORMS = ("custom", "plain")


def add_words(parser: argparse.ArgumentParser) -> None:
    """The words after ``crisisdesk dump``."""
    actions = parser.add_subparsers(dest="action", required=True)
    take = actions.add_parser("take", help="dump a database, and note what its tables hold")
    take.add_argument(
        "file", type=Path, metavar="FILE", help="the dump; FILE.expect.json is beside"
    )
    take.add_argument("--database", required=True, help="dbname=orders host=db1; no password")
    take.add_argument("--format", choices=FORMS, default=FORMS[0], help="its form, custom")
    take.add_argument("--pg-dump", default="pg_dump", help="the program, pg_dump of the path")


def run(options: argparse.Namespace) -> int:
    """Do it; the exit code. Passwords are found where libpq keeps them, as pg_dump finds them."""
    import psycopg

    from crisisdesk.recovery.dumping import SUFFIX, DumpFailed, take

    target = options.file.absolute()
    try:
        made = asyncio.run(take(options.database, target, options.pg_dump, options.format))
    except DomainError as error:
        sys.stderr.write(f"crisisdesk: {error}\n")
        return 2
    except (DumpFailed, OSError, psycopg.Error) as error:
        sys.stderr.write(f"crisisdesk: no dump was made: {' '.join(str(error).split())}\n")
        return 1
    rows = sum(one.rows for one in made.tables.values())
    sys.stdout.write(
        f"{target}: {made.database}, {len(made.tables)} tables, {rows} rows, {made.size} bytes\n"
        f"{target}{SUFFIX}: what to expect of it\n"
    )
    return 0
