"""Where the places are that services name as their regions."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crisisdesk.domain.context.catalogue import Place

# "eu-central-1a" is a zone of eu-central-1; "fra1" and "FRA-2" are halls at fra.
_ZONE, _HALL = re.compile(r"(?<=\d)[a-z]$"), re.compile(r"[-_ ]?\d+[a-z]?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """Places by their codes in small letters; ``own`` are those of the catalogue, asked first."""

    known: Mapping[str, Place]
    own: Mapping[str, Place]

    def locate(self, region: str) -> Place | None:
        """The place that a region's name means; None where nobody has said where that is."""
        code = region.strip().casefold()
        dashed = code.replace("_", "-")
        names = dict.fromkeys((code, dashed, _ZONE.sub("", dashed), _HALL.sub("", code)))
        found = (table[name] for table in (self.own, self.known) for name in names if name in table)
        return next(found, None)


def read_places(lines: Iterable[str]) -> dict[str, Place]:
    """The table of known places out of CSV with the heads code, name, latitude, longitude."""
    return {
        row["code"]: Place(
            name=row["name"], latitude=float(row["latitude"]), longitude=float(row["longitude"])
        )
        for row in csv.DictReader(lines)
    }
