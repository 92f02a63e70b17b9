"""Which alarm motif sounds now and when to ask again: a pure rule over the open alerts."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from crisisdesk.domain.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

_SOUNDING_STATUS = "active"


class Motif(StrEnum):
    """What can be heard, quietest first; each is a file of that name."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"
    EMERGENCY = "emergency"
    UNREACHED = "unreached"

    @property
    def rank(self) -> int:
        """1 for low up to 6 for "nobody has been reached"."""
        return _RANK[self]


_RANK: dict[Motif, int] = {motif: rank for rank, motif in enumerate(Motif, start=1)}

# None plays once. The others repeat until somebody takes the alert.
REPEAT_MS: Mapping[Motif, int | None] = {
    Motif.LOW: None,
    Motif.MEDIUM: 300_000,
    Motif.HIGH: 60_000,
    Motif.CRITICAL: 20_000,
    Motif.EMERGENCY: 4_000,
    Motif.UNREACHED: 3_000,
}
# The longest motif; a storm of new alerts does not cut one off with the next of its kind.
GAP_MS = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmAlert:
    """What the alarm needs to know of one alert.

    ``acked`` says that this operator has taken it, whatever the shared status says.
    ``unreached`` says that nobody could be reached about it: that cannot be muted.
    """

    alert_id: str
    severity: Severity
    status: str
    acked: bool = False
    unreached: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmMemory:
    """What has been heard: per sounding alert when its motif last began, and the last of all.

    Times are UTC milliseconds. ``heard`` keeps (motif, time), so that an alert that grows worse
    counts as not heard yet.
    """

    heard: Mapping[str, tuple[Motif, int]] = field(default_factory=dict)
    last_motif: Motif | None = None
    last_ms: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmDecision:
    """Play ``motif`` now (None: nothing), for these alerts; ask again at ``again_ms`` (UTC ms).

    ``again_ms`` None means that only a change of the alerts can make a sound.
    """

    motif: Motif | None
    alert_ids: tuple[str, ...]
    again_ms: int | None
    memory: AlarmMemory


def motif_of(alert: AlarmAlert, muted: Set[str]) -> Motif | None:
    """The motif an alert calls for, or None when it is quiet: taken, over, or muted.

    "Nobody has been reached" is never quiet while the alert is active and not taken.
    """
    if alert.status != _SOUNDING_STATUS or alert.acked:
        return None
    if alert.unreached:
        return Motif.UNREACHED
    return None if alert.alert_id in muted else Motif(alert.severity.value)


def decide(
    alerts: Iterable[AlarmAlert], *, muted: Set[str], now_ms: int, memory: AlarmMemory
) -> AlarmDecision:
    """Choose the motif of the loudest alerts and say whether it is due.

    A louder motif cuts in at once. Among equals an alert not heard yet sounds as soon as the last
    motif has ended (``GAP_MS``), one heard before sounds at its repeat interval. While a louder
    severity calls, quieter ones wait. A memory from the future (the clock was set back) counts as
    nothing heard. Alerts that went quiet are forgotten, so a new epoch sounds anew.
    """
    calls = {
        alert.alert_id: motif for alert in alerts if (motif := motif_of(alert, muted)) is not None
    }
    kept = {
        alert_id: (motif, at_ms)
        for alert_id, (motif, at_ms) in memory.heard.items()
        if calls.get(alert_id) is motif and at_ms <= now_ms
    }
    known = memory.last_ms is not None and memory.last_ms <= now_ms
    last_ms = memory.last_ms if known else None
    last_motif = memory.last_motif if known else None
    wanting = [
        motif
        for alert_id, motif in calls.items()
        if alert_id not in kept or REPEAT_MS[motif] is not None
    ]
    if not wanting:
        rest = AlarmMemory(heard=kept, last_motif=last_motif, last_ms=last_ms)
        return AlarmDecision(motif=None, alert_ids=(), again_ms=None, memory=rest)
    loudest = max(wanting, key=lambda motif: motif.rank)
    group = tuple(sorted(alert_id for alert_id, motif in calls.items() if motif is loudest))
    due_ms = _due_ms(loudest, group, kept, now_ms, last_motif, last_ms)
    if due_ms > now_ms:
        rest = AlarmMemory(heard=kept, last_motif=last_motif, last_ms=last_ms)
        return AlarmDecision(motif=None, alert_ids=(), again_ms=due_ms, memory=rest)
    heard = kept | dict.fromkeys(group, (loudest, now_ms))
    return AlarmDecision(
        motif=loudest,
        alert_ids=group,
        again_ms=_again_ms(loudest, calls, heard, now_ms),
        memory=AlarmMemory(heard=heard, last_motif=loudest, last_ms=now_ms),
    )


def _due_ms(
    loudest: Motif,
    group: tuple[str, ...],
    heard: Mapping[str, tuple[Motif, int]],
    now_ms: int,
    last_motif: Motif | None,
    last_ms: int | None,
) -> int:
    louder = last_motif is None or loudest.rank > last_motif.rank
    earliest = now_ms if louder or last_ms is None else last_ms + GAP_MS
    if any(alert_id not in heard for alert_id in group):
        return earliest
    repeat_ms = REPEAT_MS[loudest]
    latest = max(heard[alert_id][1] for alert_id in group)
    return max(earliest, latest + (repeat_ms or 0))


def _again_ms(
    played: Motif, calls: Mapping[str, Motif], heard: Mapping[str, tuple[Motif, int]], now_ms: int
) -> int | None:
    repeat_ms = REPEAT_MS[played]
    if repeat_ms is not None:
        return now_ms + repeat_ms
    waiting = any(alert_id not in heard for alert_id in calls)
    return now_ms + GAP_MS if waiting else None
