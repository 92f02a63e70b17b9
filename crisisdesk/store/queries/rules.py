"""What alert rules are published, and which alerts they have, read from the station's file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from crisisdesk.domain.alert import OPEN_STATUSES, Alert
from crisisdesk.domain.detection.rule import (
    KIND,
    SOURCE,
    AlertRule,
    alert_rules,
    read_rule,
    rule_in,
)
from crisisdesk.domain.ids import alert_id_of
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.store.states import decode

_OPEN = ",".join(f"'{status.value}'" for status in OPEN_STATUSES)
# SQLite takes so many values in one question at least.
_AT_ONCE = 500


class KnownRules(NamedTuple):
    """``standing`` are the rules in force, switched off or not; ``ever`` is every version that can
    be read here, withdrawn ones too."""

    standing: tuple[AlertRule, ...] = ()
    ever: tuple[AlertRule, ...] = ()


class RuleQueries(ABC):
    """The questions about rules; whoever inherits them says how rows are read."""

    _known_rules: tuple[tuple[int, int], KnownRules] | None = None

    @abstractmethod
    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of a query."""

    @abstractmethod
    def data_version(self) -> int:
        """See `StationReader.data_version`."""

    def known_rules(self) -> KnownRules:
        """What is published about rules; read anew when something was published since."""
        ((newest,),) = self._rows("SELECT coalesce(max(pos), 0) FROM policy")
        # A file that took the place of another may have the same positions.
        mark = (self.data_version() >> 40, newest)
        if self._known_rules is None or self._known_rules[0] != mark:
            rows = self._rows(
                "SELECT state FROM policy "
                "WHERE json_extract(CAST(state AS TEXT), '$.content.kind') = ?",
                (KIND,),
            )
            versions = [decode(PolicyVersion, data) for (data,) in rows]
            read = (read_rule(version) for version in versions)
            ever = tuple(rule for rule in read if rule is not None)
            self._known_rules = (mark, KnownRules(tuple(alert_rules(versions)), ever))
        return self._known_rules[1]

    def alerts_of_keys(self, keys: Iterable[str]) -> dict[str, Alert]:
        """The alerts of rules that bear these keys, open or not; those without any are left out."""
        wanted = {alert_id_of(SOURCE, key): key for key in keys}
        ids = sorted(wanted)
        found: dict[str, Alert] = {}
        for first in range(0, len(ids), _AT_ONCE):
            part = ids[first : first + _AT_ONCE]
            marks = ",".join("?" * len(part))
            sql = f"SELECT agg, state FROM alert WHERE agg IN ({marks})"  # noqa: S608
            for agg, data in self._rows(sql, part):
                found[wanted[agg]] = decode(Alert, data)
        return found

    def open_of_rules(self) -> dict[str, int]:
        """How many alerts of each rule are open, by the rule's id; rules without any are left out.

        A rule that was taken away may have some until the station on duty ends them.
        """
        sql = (
            "SELECT json_extract(CAST(state AS TEXT), '$.key') FROM alert "  # noqa: S608
            f"WHERE status IN ({_OPEN}) AND source = ?"
        )
        return dict(Counter(rule_in(key) for (key,) in self._rows(sql, (SOURCE,))))

    def fired_of_rules(self) -> dict[str, int]:
        """When an alert of each rule fired last (UTC ms), by the rule's id; rules that never did
        are left out."""
        sql = (
            "SELECT json_extract(CAST(state AS TEXT), '$.key'), detected_at FROM alert "
            "WHERE source = ?"
        )
        found: dict[str, int] = {}
        for key, at in self._rows(sql, (SOURCE,)):
            rule_id = rule_in(key)
            found[rule_id] = max(at, found.get(rule_id, 0))
        return found
