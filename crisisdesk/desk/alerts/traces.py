"""What merging left behind in an alert: who else did it, and what was overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.alerts.sections import Fact
from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.split_words import field_word, trace_words
from crisisdesk.domain.timeline_words import value_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from crisisdesk.domain.alert import Alert

_LONGEST = 160
_ALSO_SHOWN = 4


def traces_of(alert: Alert) -> list[Fact]:
    """One fact for each trace, those that somebody must decide first; none for most alerts."""
    found = []
    if alert.newer_needed:
        words = f"A newer CrisisDesk wrote {alert.newer_needed}; this view stands still before it."
        found.append(Fact("Newer version", words))
    if alert.rival_owners:
        names = " and ".join([alert.owner, *alert.rival_owners])
        words = f"{names} took it over at stations that could not see each other. "
        found.append(Fact("Taken twice", f"{words}{alert.owner} acts meanwhile."))
    if alert.fired_after_end_at is not None and not alert.is_open:
        words = "One station saw it fire after another had ended it: look whether it is over."
        found.append(Fact("Ended?", words))
    if alert.also_acknowledged_by:
        found.append(Fact("Also acked by", ", ".join(alert.also_acknowledged_by)))
    found += [
        Fact("Also", words)
        for trace in alert.also_done[-_ALSO_SHOWN:]
        if (words := also_words(alert, trace))
    ]
    if len(alert.lapsed) > 0:
        first = alert.lapsed[0]
        words = f"{first['by']}, {span_words(first['at'] - alert.detected_at)} after it opened here"
        found.append(Fact("First taken", words))
    newest = {trace["field"]: trace for trace in alert.overwritten}
    found += [Fact("Overwritten", overwritten_words(trace)) for trace in newest.values()]
    return found


def also_words(alert: Alert, trace: Mapping[str, Any]) -> str:
    """What somebody did about who has it, of this occurrence, when it was over; "" for other
    traces."""
    what = trace["what"]
    known = what.startswith("handoff_") or what in ("renewed", "ack_expired")
    if not known or trace.get("epoch", alert.epoch) != alert.epoch:
        return ""
    return trace_words(what, trace["by"])


def overwritten_words(trace: Mapping[str, Any]) -> str:
    """What gave way to a change made at the same time, and whose it was."""
    value = value_words(trace["field"], trace["value"]).replace("\n", " ")
    short = value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…"
    whose = f" by {trace['lost_by']}" if trace.get("lost_by") else ""
    return f"{field_word(trace['field'])} “{short}”{whose}, at the same time"
