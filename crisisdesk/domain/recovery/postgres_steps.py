"""Steps about Postgres servers and backups as they are written: what each asks, and its bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from crisisdesk.domain.detection.fields import Fields
from crisisdesk.domain.errors import Malformed

# What a `postgres` step may do; all but promoting only look.
PROMOTE = "promote"
POSTGRES_DOES = ("ready", "fenced", PROMOTE, "following", "writable")
# Those that compare a standby with the server that it follows, or followed.
PAIRED = frozenset({"ready", PROMOTE, "following"})
POSTGRES_FIELDS = frozenset("do database primary most_behind accept_loss timeout".split())
BACKUP_FIELDS = frozenset("dump expectations against tables extensions timeout".split())
MOST_TABLES, NAME_LIMIT, PATH_LIMIT = 200, 200, 1_000
DAY_S, MINUTE_S = 86_400, 60
_ARGUMENT = re.compile(r"\{[a-z][a-z0-9_]{0,39}\}")
_EXTENSION = re.compile(r"[a-z][a-z0-9_-]{0,62}")


def read_postgres(fields: Fields) -> dict[str, Any]:
    """A step of kind ``postgres``; servers are named as this station's settings name them.

    ``most_behind`` is whole seconds as text, or an argument; ``accept_loss`` says "yes" where more
    may be lost than that.
    """
    do = fields.choice("do", POSTGRES_DOES)
    primary = fields.text("primary", NAME_LIMIT, "")
    if bool(primary) != (do in PAIRED):
        problem = "is missing" if do in PAIRED else f"has no place with {do}"
        raise Malformed(fields.at("primary"), problem, "name the server that is compared with")
    return {
        "do": do,
        "database": fields.text("database", NAME_LIMIT),
        "primary": primary,
        "most_behind": _seconds(fields),
        "accept_loss": _yes_or_no(fields),
        "timeout_ms": fields.span("timeout", 1, DAY_S, MINUTE_S),
    }


def read_backup(fields: Fields) -> dict[str, Any]:
    """A step of kind ``backup``: a dump is restored into a server of its own and compared with
    what was written down when it was made, or with a database (``against``) that still runs."""
    expectations = fields.text("expectations", PATH_LIMIT, "")
    against = fields.text("against", NAME_LIMIT, "")
    if bool(expectations) == bool(against):
        remedy = "name a file of `backup take`, or a database of the settings"
        raise Malformed(fields.at("expectations"), "or against, not both and not neither", remedy)
    dump = fields.text("dump", PATH_LIMIT)
    _check_path(dump, fields.at("dump"))
    _check_path(expectations, fields.at("expectations"))
    extensions = list(fields.names("extensions", 20, 63))
    for one in extensions:
        if not _EXTENSION.fullmatch(one):
            raise Malformed(fields.at("extensions"), f"{one!r} is no extension", "write [postgis]")
    return {
        "dump": dump,
        "expectations": expectations,
        "against": against,
        "tables": list(fields.names("tables", MOST_TABLES, NAME_LIMIT)),
        "extensions": extensions,
        "timeout_ms": fields.span("timeout", 1, DAY_S, 60 * MINUTE_S),
    }


def changes_postgres(step: Mapping[str, Any]) -> bool:
    """Whether a step of kind ``postgres`` may change something."""
    return step.get("do") == PROMOTE


def _seconds(fields: Fields) -> str:
    told = fields.raw("most_behind")
    if isinstance(told, str) and _ARGUMENT.fullmatch(told.strip()):
        return told.strip()
    return str(fields.span("most_behind", 0, DAY_S, MINUTE_S) // 1_000)


def _yes_or_no(fields: Fields) -> str:
    told = fields.text("accept_loss", 60, "no")
    if told not in ("yes", "no") and not _ARGUMENT.fullmatch(told):
        raise Malformed(fields.at("accept_loss"), f"{told!r} is no answer", 'write "yes" or "no"')
    return told


def _check_path(path: str, field: str) -> None:
    starts = path.startswith("/") or _ARGUMENT.match(path)
    if path and (not starts or ".." in path.split("/")):
        raise Malformed(field, "is no absolute path", "write /var/backups/orders.dump")
