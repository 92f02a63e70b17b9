"""What alert rules have open, read from the station's file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from typing import Any

from crisisdesk.domain.alert import OPEN_STATUSES
from crisisdesk.domain.detection.rule import SOURCE, rule_in

_OPEN = ",".join(f"'{status.value}'" for status in OPEN_STATUSES)


class RuleQueries(ABC):
    """The questions about rules; whoever inherits them says how rows are read."""

    @abstractmethod
    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of a query."""

    def open_of_rules(self) -> dict[str, int]:
        """How many alerts of each rule are open, by the rule's id; rules without any are left out.

        A rule that was taken away may have some until the station on duty ends them.
        """
        sql = (
            "SELECT json_extract(CAST(state AS TEXT), '$.key') FROM alert "  # noqa: S608
            f"WHERE status IN ({_OPEN}) AND source = ?"
        )
        return dict(Counter(rule_in(key) for (key,) in self._rows(sql, (SOURCE,))))
