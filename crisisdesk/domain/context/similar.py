"""Similar past alerts and incidents: how alike two are, in points out of 100, and why.

The service counts 40, the words of the titles up to 40, the labels up to 20, each by the share of
what both have in common. Words are compared without case; figures in them do not count, for they
tell one occurrence from the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SERVICE_POINTS, TITLE_POINTS, LABEL_POINTS = 40, 40, 20
ENOUGH = 50
TOLD = 3
# Only so many words and labels are compared, however long a hostile text is.
WORDS_LIMIT, LABELS_LIMIT = 40, 64
_WORD = re.compile(r"[^\W\d_]{2,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """What is compared of an alert or incident: make it once with `trait`."""

    services: frozenset[str]
    words: frozenset[str]
    labels: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One that has ended: ``words`` say how, ``by`` who ended it, ``span_ms`` how long it took."""

    subject_id: str
    title: str
    trait: Trait
    began_at: int
    span_ms: int
    by: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """A past one with its points and what they came from."""

    past: Past
    points: int
    because: str


def trait(services: Iterable[str], title: str, labels: Mapping[str, str]) -> Trait:
    """What counts of it."""
    words = [word.casefold() for word in _WORD.findall(title[:1_000])][:WORDS_LIMIT]
    return Trait(
        services=frozenset(name.casefold() for name in services if name),
        words=frozenset(words),
        labels=frozenset(sorted(labels.items())[:LABELS_LIMIT]),
    )


def most_similar(present: Trait, past: Iterable[Past], most: int = TOLD) -> list[Similar]:
    """The most alike with at least `ENOUGH` points, of equals the newest first."""
    found = (_compared(present, one) for one in past)
    alike = [one for one in found if one.points >= ENOUGH]
    alike.sort(key=lambda s: (-s.points, -s.past.began_at, s.past.subject_id))
    return alike[:most]


def _compared(present: Trait, past: Past) -> Similar:
    service = SERVICE_POINTS if present.services & past.trait.services else 0
    title = _share(present.words, past.trait.words, TITLE_POINTS)
    labels = _share(present.labels, past.trait.labels, LABEL_POINTS)
    because = [
        words
        for words, points in (
            ("same service", service),
            ("title alike", title if title >= TITLE_POINTS // 2 else 0),
            ("labels alike", labels if labels >= LABEL_POINTS // 2 else 0),
        )
        if points
    ]
    return Similar(past=past, points=service + title + labels, because=", ".join(because))


def _share(one: frozenset[object], other: frozenset[object], points: int) -> int:
    """Jaccard's share of what both have in all that either has, in points, rounded down."""
    together = one | other
    return points * len(one & other) // len(together) if together else 0
