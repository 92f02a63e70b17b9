"""What is drawn over the line of a chart: limits, the expected band, alerts; and what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crisisdesk.domain.detection.watchers import NOBODY

if TYPE_CHECKING:
    from crisisdesk.desk.health.raised import Spell
    from crisisdesk.domain.detection.watchers import Unusual, Watchers


class Stretch(NamedTuple):
    """A stretch of time in view at a moment, UTC ms."""

    since: int
    until: int
    now: int

    @property
    def length(self) -> int:
        """How long it is, ms."""
        return self.until - self.since


class Band(NamedTuple):
    """The expected band by a rule, in columns oldest first: of each value its time (UTC ms), the
    value, from where to where it was expected (not a number: not yet known) and its score, 0 to 1.
    ``words`` say why there is none or not all of it; "" where it is whole. ``usual_ms`` is how far
    two values usually lie apart."""

    rule: Unusual
    at: Any = ()
    value: Any = ()
    low: Any = ()
    high: Any = ()
    score: Any = ()
    words: str = ""
    whole: bool = True
    usual_ms: int = 0


class Over(NamedTuple):
    """All that is drawn over one line. ``spells`` are the alerts of the series in view, and those
    that are open."""

    watchers: Watchers = NOBODY
    band: Band | None = None
    spells: tuple[Spell, ...] = ()


NOTHING = Over()


class Since(NamedTuple):
    """Since when something is so, UTC ms; ``earlier`` where it was so before the view began."""

    at: int
    earlier: bool = False
