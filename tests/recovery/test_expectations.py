"""What was written down is read again, and nothing else is taken for it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.recovery.expectations import Expectations, read_expectations
from crisisdesk.recovery.table_prints import Print

ONE = Expectations(
    database="Größe",
    taken_at="2026-11-30T10:00:00Z",
    size=12,
    sha256="a" * 64,
    tables={'s."Odd ""x"': Print(rows=3, checksum="b" * 32)},
)


def test_they_are_read_as_they_were_written() -> None:
    assert read_expectations(ONE.text().encode()) == ONE


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"form": "2"}, "expectations.form"),
        ({"database": 5}, "expectations.database"),
        ({"database": "a\nb"}, "expectations.database"),
        ({"dump": []}, "expectations.dump"),
        ({"dump": {"size": -1, "sha256": "a" * 64}}, "expectations.dump.size"),
        ({"dump": {"size": True, "sha256": "a" * 64}}, "expectations.dump.size"),
        ({"dump": {"size": 1, "sha256": "A" * 64}}, "expectations.dump.sha256"),
        ({"tables": {"t": 5}}, "expectations.t"),
        ({"tables": {"t": {"rows": 1.5, "checksum": "b" * 32}}}, "expectations.tables.t.rows"),
        ({"tables": {"t": {"rows": 1, "checksum": "b"}}}, "expectations.tables.t.checksum"),
    ],
)
def test_a_mistake_is_named(change: dict[str, Any], field: str) -> None:
    told = json.loads(ONE.text()) | change
    with pytest.raises(Malformed) as refused:
        read_expectations(json.dumps(told).encode())
    assert refused.value.field == field


def test_what_is_no_json_is_refused() -> None:
    for data in (b"", b"\xff\xfe", b"[]", b"{"):
        with pytest.raises(Malformed):
            read_expectations(data)
