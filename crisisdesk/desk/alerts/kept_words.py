"""What the desk says of alerts that a cause, or their own flapping, keeps quiet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.alerts.faces import utc_time
from crisisdesk.desk.alerts.history import Line
from crisisdesk.desk.alerts.sections import Fact
from crisisdesk.domain.alert import CHANGES_KEPT
from crisisdesk.domain.flapping import bout_of, flapping_times
from crisisdesk.domain.kept_quiet import KeptQuiet, Way, cause_words, kept_by_causes, quiet_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crisisdesk.domain.alert import Alert
    from crisisdesk.domain.flapping import Damping

# What an operator wants to be told of; the short wait before a first page is none of it.
TOLD = (Way.INHIBITION, Way.FLAPPING)


def hushed(found: Iterable[KeptQuiet]) -> dict[str, KeptQuiet]:
    """Those that rows tell of, by the alert's id."""
    return {kept.alert_id: kept for kept in found if kept.way in TOLD}


def bar_words(kept: KeptQuiet) -> tuple[str, str]:
    """The two lines of the bar in an alert's detail."""
    said = quiet_words(kept)
    until = f"{utc_time(kept.until)} UTC"
    if kept.way == Way.INHIBITION:
        return said[:1].upper() + said[1:], f"Pages when its cause is over, or at {until}"
    return said[:1].upper() + said[1:], f"Pages at {until} if it is still open then"


def kept_lines(found: Sequence[KeptQuiet]) -> list[Line]:
    """A line for each cause, the one that keeps most quiet first, then one for each that flaps."""
    counts = kept_by_causes(found)
    titles = {kept.by: kept.why for kept in found if kept.way == Way.INHIBITION}
    until = {by: min(k.until for k in found if k.by == by) for by in titles}
    order = sorted(counts, key=lambda by: (-counts[by], by))
    lines = [
        Line(0, "bell-off", f"{by} {titles[by]}".strip(), _at_most(counts[by], until[by]))
        for by in order
    ]
    lines += [
        Line(0, "refresh-cw", f"{kept.service} {kept.title}".strip(), quiet_words(kept))
        for kept in found
        if kept.way == Way.FLAPPING
    ]
    return lines


def _at_most(count: int, until_ms: int) -> str:
    return f"{cause_words(count)}, until {utc_time(until_ms)} UTC at most"


def quiet_facts(
    alert: Alert, causes: Mapping[str, int], now_ms: int, damping: Damping
) -> list[Fact]:
    """What an alert's detail says of others that it keeps quiet, and of its own flapping."""
    facts = []
    if count := causes.get(alert.alert_id, 0):
        facts.append(Fact("Keeps quiet", f"{count} alert{'' if count == 1 else 's'}"))
    if bout_of(alert.changes, now_ms, damping, CHANGES_KEPT) is not None:
        facts.append(Fact("Flapping", flapping_times(alert.changes, now_ms, damping)))
    return facts
