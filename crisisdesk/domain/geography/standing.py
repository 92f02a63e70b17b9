"""How the places of an incident stand: where something is out, where it reaches, what is well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from crisisdesk.domain.context.catalogue import Catalogue, Place
from crisisdesk.domain.context.impact import Impact
from crisisdesk.domain.geography.places import Gazetteer

# Services named at a place; more than these are counted.
NAMED = 3


class PlaceState(StrEnum):
    """The worst first."""

    OUT = "out"
    REACHED = "reached"
    WELL = "well"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceStanding:
    """One region; ``place`` is None where nobody has said where it is."""

    region: str
    state: PlaceState
    services: tuple[str, ...]
    place: Place | None

    @property
    def words(self) -> str:
        """``fra1 out: orders, payments and 2 more``."""
        named = ", ".join(self.services[:NAMED])
        more = len(self.services) - NAMED
        tail = f" and {more} more" if more > 0 else ""
        return f"{self.region} {self.state}" + (f": {named}{tail}" if named else "")


def places_of(
    impact: Impact, catalogue: Catalogue, gazetteer: Gazetteer
) -> tuple[PlaceStanding, ...]:
    """Every region of the catalogue, the worst first: a service of it is out itself, or is reached
    because it needs one that is."""
    out = {a.service for a in impact.services if not a.needs}
    reached = {a.service for a in impact.services} - out
    regions: dict[str, list[str]] = {}
    for service in catalogue.services.values():
        for region in service.regions:
            regions.setdefault(region, []).append(service.name)
    found = []
    for region, names in regions.items():
        hurt = [name for name in names if name in out]
        far = [name for name in names if name in reached]
        state = PlaceState.OUT if hurt else PlaceState.REACHED if far else PlaceState.WELL
        found.append(
            PlaceStanding(
                region=region,
                state=state,
                services=tuple(sorted(hurt) + sorted(far)),
                place=gazetteer.locate(region),
            )
        )
    order = list(PlaceState)
    return tuple(sorted(found, key=lambda one: (order.index(one.state), one.region)))


def hurt(places: Sequence[PlaceStanding]) -> tuple[PlaceStanding, ...]:
    """Those where not all is well."""
    return tuple(one for one in places if one.state != PlaceState.WELL)


def unplaced(places: Iterable[PlaceStanding]) -> tuple[str, ...]:
    """Regions that cannot be shown on a map."""
    return tuple(one.region for one in places if one.place is None)
