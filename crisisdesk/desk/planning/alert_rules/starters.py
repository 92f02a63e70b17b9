"""What a new alert rule begins with, what the fields of its conditions mean, and empty pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from crisisdesk.desk.frame.empty_state import EmptyButton, EmptyCard, EmptyView
from crisisdesk.domain.detection.conditions import TYPES
from crisisdesk.domain.detection.fields import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crisisdesk.desk.planning.policies.content import Content
    from crisisdesk.domain.detection.series import Series

_WHERE_LIMIT = 1_000
CONDITIONS: Mapping[str, Content] = {
    "threshold": {"metric": "disk_used_ratio", "op": ">", "value": 0.9, "for": "5m", "clear": 0.8},
    "pattern": {"line": {"contains": "ERROR"}, "at_least": 5, "within": "1m"},
    "anomaly": {"metric": "requests_per_second", "score": 0.6, "for": "2m"},
    "composite": {
        "mode": "all",
        "of": [
            {"type": "threshold", "metric": "cpu_ratio", "op": ">", "value": 0.9},
            {"type": "threshold", "metric": "up", "op": ">=", "value": 1},
        ],
        "for": "2m",
    },
}
TYPE_WORDS = {
    "threshold": "Threshold",
    "pattern": "Pattern",
    "anomaly": "Anomaly",
    "composite": "Composite",
}
KEYS = {"threshold": "T", "pattern": "P", "anomaly": "A", "composite": "C"}
_DETAILS = {
    "threshold": "a value above or below a bound, or no value at all",
    "pattern": "lines of a log, so many within a time, or one after another",
    "anomaly": "a value that is strange by the past of its series",
    "composite": "several conditions or rules at once",
}
_ICONS = {
    "threshold": "chart-line",
    "pattern": "list-filter",
    "anomaly": "activity",
    "composite": "layers",
}
# What may stand in the conditions, in short; the help page has all of it.
FIELDS = {
    "threshold": "metric, where (labels), op (> >= < <= == !=), value; for and clear, clear_for; "
    "rate_over, rate_per, rate_of for growth; aggregate with by for several series. "
    "absent in place of op and value: no sample for so long.",
    "pattern": "line with at_least lines within a span, or first and then, perhaps without: each "
    "contains: TEXT or match: PATTERN. log is a pattern of the log's name; over after clear_for.",
    "anomaly": "metric, where (labels), score (0 to 1), for; clear, clear_for; low and high where "
    "the bounds of its values are known.",
    "composite": "mode (all, any, none, at least with least), of: a list of rule: NAME or of "
    "conditions with their type; equal: labels that must have one value; for, clear_for.",
}
CHOOSE = EmptyView(
    title="What should the rule look at?",
    text="A draft begins with an example; nothing counts before it is published.",
    cards=tuple(
        EmptyCard(
            key=one, icon=_ICONS[one], title=TYPE_WORDS[one], detail=_DETAILS[one], keys=KEYS[one]
        )
        for one in TYPES
    ),
)
NOTHING = EmptyView(
    title="No rule makes alerts of what is measured.",
    text="What the station measures by itself is drawn in Health and pages nobody. A rule says "
    "from which value on, and for how long, it is an alert; it is tried on the past before that.",
    buttons=(EmptyButton("new", "New rule", "N", primary=True),),
)
UNREAD = EmptyView(
    title="The rules cannot be read yet.",
    text="They show as soon as the station's file can be read; the banner says why it cannot. "
    "What is published goes on making alerts.",
)


def starter(rule_type: str) -> Content:
    """The content that a new rule of a type begins with."""
    told: dict[str, Any] = {"rule_type": rule_type, "severity": "high"}
    return told | {"conditions": dict(CONDITIONS[rule_type])}


def starter_for(series: Series, value: float | None = None) -> tuple[str, Content]:
    """Name and content of a new threshold rule about one series; ``value`` is its newest one."""
    labels = ""
    for name, text in series.labels:
        longer = f'{labels}{", " if labels else ""}{name}="{_quoted(text)}"'
        # What no file can hold, or there is no room for, is left to whoever writes on.
        if len(longer) <= _WHERE_LIMIT and text.isprintable() and normalize("NFC", text) == text:
            labels = longer
    conditions: Content = {"metric": series.metric}
    if labels:
        conditions["where"] = labels
    bound = value if value is not None and value - value == 0.0 else 0.0
    told = plain(bound)
    conditions |= {"op": ">", "value": told if isinstance(told, int) else bound, "for": "5m"}
    content: Content = {"rule_type": "threshold", "severity": "high", "conditions": conditions}
    if series.source_id:
        content["metric_source"] = series.source_id
    return f"{series.metric} high", content


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
