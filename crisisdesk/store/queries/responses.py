"""Response times, read from the station's file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from crisisdesk.domain.response_times import Response
from crisisdesk.domain.severity import Severity

Rows = Callable[[str, Sequence[Any]], list[Any]]

_NAMES = {severity.rank: severity.value for severity in Severity}
# Who took it first stands in the state alone, which is text kept as bytes.
_TAKEN = """
SELECT json_extract(CAST(state AS TEXT), '$.acknowledged_by'), severity, response_ms,
  acknowledged_at > sla_deadline
FROM alert
WHERE acknowledged_at >= ? AND acknowledged_at < ? AND response_ms IS NOT NULL
ORDER BY acknowledged_at, agg
"""


def responses(rows: Rows, since_ms: int, until_ms: int) -> list[Response]:
    """The alerts taken in hand from ``since_ms`` until before ``until_ms`` (UTC ms), oldest first.

    An alert that came back counts with its newest occurrence only.
    """
    return [
        Response(by=by, severity=_NAMES[rank], waited_ms=waited, late=bool(late))
        for by, rank, waited, late in rows(_TAKEN, (since_ms, until_ms))
    ]
