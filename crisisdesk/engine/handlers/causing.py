"""When a cause is over, or falls: what it kept quiet is looked at, after a time to settle."""

from __future__ import annotations

from crisisdesk.domain.escalation.running import Escalation
from crisisdesk.engine.workbench import Workbench

CAUSE_OVER = "its cause is over or has fallen"


def wake_fallen(bench: Workbench, limit: int, *, late_ms: int = 0) -> int:
    """Look soon at what fallen causes kept quiet, at most at ``limit`` of them; how many there
    were. A station whose turn it is not leaves that to the others for ``late_ms``."""
    fallen = bench.at_hand.causes(bench.touched).fallen
    woken = 0
    for cause_id, since in list(fallen.items()):
        if since is None:
            fallen[cause_id] = since = bench.now
        if woken < limit and bench.now - since >= late_ms:
            found = _wake(bench, cause_id, limit - woken)
            woken += found
            if woken < limit:
                del fallen[cause_id]
    return woken


def wake_orphaned(bench: Workbench, quieting: list[str], limit: int) -> int:
    """The same for what alerts that are no causes keep quiet: an engine may have died between."""
    causes = bench.at_hand.causes(bench.touched)
    woken = 0
    for name in quieting:
        if name.startswith("A-") and not causes.knows(name) and woken < limit:
            woken += _wake(bench, name, limit - woken)
    return woken


def _wake(bench: Workbench, cause_id: str, limit: int) -> int:
    names = bench.journal.quieted_by(cause_id, limit)
    bench.prefetch(names)
    due = bench.now + bench.policy.settle_ms
    woken = 0
    for name in names:
        state = bench.need(Escalation, name, "escalation_id")
        if state.quiet_by == cause_id and state.next_due is not None and state.next_due > due:
            bench.emit(name, "escalation.resumed", {"due": due, "why": CAUSE_OVER})
            woken += 1
    return woken
