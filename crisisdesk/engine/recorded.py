"""Samples and lines that the station has kept, for trying a rule on them."""

from __future__ import annotations

from collections.abc import Sequence

from crisisdesk.domain.detection.kept import Recorded
from crisisdesk.domain.detection.kept import recorded as kept_of
from crisisdesk.domain.detection.rule import AlertRule
from crisisdesk.domain.detection.trial_input import Given
from crisisdesk.domain.errors import Conflict

__all__ = ["Recorded", "recorded"]


def recorded(
    store: Recorded, rule: AlertRule, since: int, until: int, others: Sequence[AlertRule] = ()
) -> Given:
    """See `domain.detection.kept.recorded`. Raises Conflict where what was kept cannot be read."""
    try:
        return kept_of(store, rule, since, until, others=others)
    except OSError as error:
        remedy = "send samples or CSV to try it on"
        raise Conflict("samples", f"that were kept cannot be read: {error}", remedy) from error
