"""Which measured series are those of which service, and which of them stands for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crisisdesk.domain.context.measured import SERVICE_LABELS
from crisisdesk.domain.context.services import Services
from crisisdesk.domain.detection.series import TOOK, UP, Series

# A label of this name makes a service known; the others name one only where it is known already,
# because a job or an app may be called anything.
NAMING = "service"


def series_by_service(
    known: Iterable[Series], services: Services, declared: Mapping[str, str]
) -> dict[str, list[Series]]:
    """The series of each service, in the order given.

    A series is a service's by the service that its source is declared for (``declared``, by source
    id), by a label that names it, or by what a label means by the tables of the catalogue.
    """
    found: dict[str, list[Series]] = {}
    for one in known:
        for name in _services_of(one, services, declared):
            found.setdefault(name, []).append(one)
    return found


def _services_of(one: Series, services: Services, declared: Mapping[str, str]) -> dict[str, None]:
    names: dict[str, None] = {}
    if own := declared.get(one.source_id, ""):
        names[own] = None
    for label, value in one.labels:
        if label == NAMING or (label in SERVICE_LABELS and services.knows(value)):
            names[value] = None
    if services.catalogue.tables:
        for row in services.catalogue.rows_for(dict(one.labels)):
            if row.service:
                names[row.service] = None
    return names


def main_series(of_service: Iterable[Series]) -> Series | None:
    """The one that stands for a service: what was measured rather than how long the look took, and
    that rather than whether it was up; the first by name."""
    return min(
        of_service, key=lambda one: (one.metric == UP, one.metric == TOOK, one), default=None
    )
