"""What was written down when a dump was made: whose it is, its file, and what its tables held."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.recovery.table_prints import Print

FORM = "crisisdesk dump 1"
FILE_LIMIT = 16 * 1024 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CHECKSUM = re.compile(r"[0-9a-f]{32}")
REMEDY = "make it with `crisisdesk dump take`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectations:
    """``size`` in bytes and ``sha256`` (hex) are the dump's file; ``taken_at`` is ISO 8601, UTC."""

    database: str
    taken_at: str
    size: int
    sha256: str
    tables: Mapping[str, Print]

    def text(self) -> str:
        """As a file."""
        told = {
            "form": FORM,
            "database": self.database,
            "taken_at": self.taken_at,
            "dump": {"size": self.size, "sha256": self.sha256},
            "tables": {
                name: {"rows": one.rows, "checksum": one.checksum}
                for name, one in sorted(self.tables.items())
            },
        }
        return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def read_expectations(data: bytes) -> Expectations:
    """From a file's bytes; raises Malformed naming the field."""
    try:
        told = json.loads(data)
    except ValueError:
        raise Malformed("expectations", "are no JSON", REMEDY) from None
    if not isinstance(told, dict) or told.get("form") != FORM:
        raise Malformed("expectations.form", f"is not {FORM!r}", REMEDY)
    dump, tables = _part(told, "dump"), _part(told, "tables")
    return Expectations(
        database=_text(told, "database"),
        taken_at=_text(told, "taken_at"),
        size=_whole(dump, "dump.size"),
        sha256=_hex(dump, "dump.sha256", _SHA256),
        tables={
            name: Print(
                rows=_whole(_part(tables, name), f"tables.{name}.rows"),
                checksum=_hex(_part(tables, name), f"tables.{name}.checksum", _CHECKSUM),
            )
            for name in tables
        },
    )


def _part(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = told.get(name)
    if not isinstance(part, dict):
        raise Malformed(f"expectations.{name}"[:200], "is no object", REMEDY)
    return part


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not value.isprintable() or len(value) > 200:
        raise Malformed(f"expectations.{name}", "is no text", REMEDY)
    return value


def _whole(told: Mapping[str, Any], name: str) -> int:
    value = told.get(name.rpartition(".")[2])
    if type(value) is not int or value < 0:
        raise Malformed(f"expectations.{name}"[:200], "is no whole number", REMEDY)
    return value


def _hex(told: Mapping[str, Any], name: str, form: re.Pattern[str]) -> str:
    value = told.get(name.rpartition(".")[2])
    if not isinstance(value, str) or not form.fullmatch(value):
        raise Malformed(f"expectations.{name}"[:200], "is no hash in hex", REMEDY)
    return value
