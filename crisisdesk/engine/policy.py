"""The engine's policy: the settings that its decisions depend on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crisisdesk.domain.delivery import RetryPolicy
from crisisdesk.domain.escalation.planning import WAIT_MS
from crisisdesk.domain.flapping import Damping
from crisisdesk.domain.holding import HoldPolicy
from crisisdesk.domain.severity import Severity
from crisisdesk.domain.sla import SlaPolicy
from crisisdesk.domain.throttle import HOUR_MS, MINUTE_MS, Throttle

PAGE_TTL_MS: dict[str, int] = {
    Severity.LOW: 2 * HOUR_MS,
    Severity.MEDIUM: 2 * HOUR_MS,
    Severity.HIGH: 2 * HOUR_MS,
    Severity.CRITICAL: 6 * HOUR_MS,
    Severity.EMERGENCY: 6 * HOUR_MS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Promised response times, how deliveries are retried, and which severities page people.

    The first page of an alert waits ``page_wait_ms`` of its severity: it may go away by itself. A
    page that waited longer than ``page_ttl_ms`` goes out as still open, not as new; a test page
    after ``test_ttl_ms`` not at all. Channels in ``confirm_channels`` can be asked whether a
    message arrived; what is not confirmed within ``confirm_within_ms`` goes to the next method.
    An acknowledgement of a paging severity holds as long as ``hold`` says.
    ``damping`` says what flaps; what a cause kept quiet is looked at ``settle_ms`` after its end.
    A loop test is due each ``loop_every_ms``, where each message costs money ``loop_costly_ms``,
    and has ``loop_within_ms`` to arrive. ``playbooks`` are the response plans that come with the
    program, contents by type of crisis.
    """

    sla: SlaPolicy = field(default_factory=SlaPolicy)
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    paging_severities: frozenset[str] = frozenset(
        {Severity.HIGH, Severity.CRITICAL, Severity.EMERGENCY}
    )
    page_wait_ms: Mapping[str, int] = field(default_factory=lambda: WAIT_MS)
    throttle: Throttle = field(default_factory=Throttle)
    page_ttl_ms: Mapping[str, int] = field(default_factory=lambda: PAGE_TTL_MS)
    test_ttl_ms: int = 10 * MINUTE_MS
    confirm_channels: frozenset[str] = frozenset()
    confirm_within_ms: int = 2 * MINUTE_MS
    hold: HoldPolicy = field(default_factory=HoldPolicy)
    damping: Damping = field(default_factory=Damping)
    settle_ms: int = MINUTE_MS
    loop_every_ms: int = 15 * MINUTE_MS
    loop_costly_ms: int = 6 * HOUR_MS
    loop_within_ms: int = 2 * MINUTE_MS
    playbooks: Mapping[str, dict[str, Any]] = field(default_factory=dict)
