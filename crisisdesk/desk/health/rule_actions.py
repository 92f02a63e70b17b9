"""A new alert rule for one of the series that are drawn."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crisisdesk.desk.room import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crisisdesk.desk.health.reading import Charted
    from crisisdesk.domain.detection.series import Series

GROUP = "New alert rule"
_AWAY = "the engine is away"


def rule_actions(
    charts: Iterable[Charted], begin: Callable[[Series, float], None], *, away: bool
) -> list[Action]:
    """One for each series, the first with a key; ``begin`` takes the series and its newest value,
    which is no number where nothing is kept."""
    return [
        Action(
            key=f"health rule {one.series.source_id} {one.series}",
            title=f"New alert rule for {one.series}",
            keys="" if number else "N",
            run=partial(begin, one.series, one.value),
            group=GROUP,
            icon="plus",
            enabled=not away,
            detail=_AWAY if away else one.series.source_id,
        )
        for number, one in enumerate(charts)
    ]
