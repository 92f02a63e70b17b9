"""A reading: what one look of one source found."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from crisisdesk.domain.detection.series import Sample
from crisisdesk.domain.signal import Signal


class Verdict(StrEnum):
    """What a look found. UNSURE says nothing of what was looked at: the station itself could not
    look, and nobody is paged for that as if the thing were down."""

    UP = "up"
    DOWN = "down"
    UNSURE = "not sure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a log or one event's text; ``at`` is UTC ms, ``name`` which log."""

    at: int
    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One look. ``at`` is when it ended (UTC ms), ``took_ms`` how long it took.

    ``words`` are one sentence for an operator: what was found, or why not; free of secrets, 300
    characters at most. ``signals`` are reports that the source itself makes (alerts of a
    Prometheus, mails), taken in as if they had been sent here. ``bookmark`` is what the source
    wants back at its next look (how far a log was read, the last mail's number); small JSON
    without floats.
    """

    source_id: str
    verdict: Verdict
    at: int
    took_ms: int
    words: str
    samples: tuple[Sample, ...] = ()
    lines: tuple[Line, ...] = ()
    signals: tuple[Signal, ...] = ()
    bookmark: dict[str, object] = field(default_factory=dict)
