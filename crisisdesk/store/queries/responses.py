"""Response times, read from the station's file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from crisisdesk.domain.response_times import Response
from crisisdesk.domain.severity import Severity

Rows = Callable[[str, Sequence[Any]], list[Any]]

_NAMES = {severity.rank: severity.value for severity in Severity}
# When it was first taken: also where that acknowledgement has run out since, which the state tells.
FIRST_TAKEN_AT = (
    "CASE WHEN lapsed_by = '' THEN acknowledged_at "
    "ELSE json_extract(CAST(state AS TEXT), '$.lapsed[0].at') END"
)
# Who took it first stands in the state alone, which is text kept as bytes.
_TAKEN = f"""
SELECT
  coalesce(json_extract(CAST(state AS TEXT), '$.lapsed[0].by'),
    json_extract(CAST(state AS TEXT), '$.acknowledged_by')),
  severity, response_ms,
  coalesce(json_extract(CAST(state AS TEXT), '$.lapsed[0].late'), acknowledged_at > sla_deadline),
  {FIRST_TAKEN_AT} AS taken_at
FROM alert
WHERE taken_at >= ? AND taken_at < ? AND response_ms IS NOT NULL
ORDER BY taken_at, agg
"""  # noqa: S608


def responses(rows: Rows, since_ms: int, until_ms: int) -> list[Response]:
    """The alerts taken in hand from ``since_ms`` until before ``until_ms`` (UTC ms), oldest first.

    An alert that came back counts with its newest occurrence only, and one whose acknowledgement
    ran out with the first one of it.
    """
    return [
        Response(by=by, severity=_NAMES[rank], waited_ms=waited, late=bool(late))
        for by, rank, waited, late, _at in rows(_TAKEN, (since_ms, until_ms))
    ]
