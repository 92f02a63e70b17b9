"""Fleets for the tests of words, bars and pages: every state a station can stand in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crisisdesk.desk.fleet.standing import Duty, Fleet, FleetStation, Hub, Safe, Standing

NOW = 1_770_861_734_000
SINCE = NOW - 134_000
OWN, OTHER = "aa" * 16, "bb" * 16
LONG = "Krizové centrum Jihomoravského kraje, budova C, druhé patro"


def station(name: str, **more: Any) -> FleetStation:
    """A station that was seen two seconds ago."""
    own = {"station_id": f"S-{name}", "origin": OTHER, "version": "1.4.0", "seen_ms": NOW - 2_000}
    return FleetStation(**{**own, "name": name, **more})


OURS = station("BRNO-1", origin=OWN, is_self=True, duty_rank=1, digest_agrees=True)
PAIR = (OURS, station("BRNO-2", duty_rank=2, digest_agrees=True))
UP = Hub(state="up", where="hub.example:5432", since_ms=SINCE)
AWAY = Hub(
    state="away",
    where="hub.example:5432",
    since_ms=SINCE,
    words="no route to host",
    to_push=1204,
)
HOLDS = Duty(kind="holds", name="BRNO-1", since_ms=SINCE)
SAFE = Safe(disk=1204, hub=1204, other=1204)


def fleet(**more: Any) -> Fleet:
    """This station on duty, the hub up, all of it safe; ``more`` changes that."""
    own: dict[str, Any] = {"hub": UP, "duty": HOLDS, "stations": PAIR, "safe": SAFE}
    return Fleet(**{"at_ms": NOW, "origin": OWN, **own, **more})


def standing(**more: Any) -> Standing:
    """An answer that was heard just now."""
    return Standing(fleet=fleet(**more), heard_ms=NOW)


ALONE = Standing(fleet=Fleet(at_ms=NOW, origin=OWN, safe=Safe(disk=12)), heard_ms=NOW)
TEN = (
    OURS,
    *(station(f"PRAHA-{n}", behind=n * 1100, seen_ms=NOW - n * 40_000) for n in range(1, 8)),
    station(LONG, duty_rank=3, digest_agrees=False),
    station("", seen_ms=0, version=""),
)
STATES: dict[str, Standing] = {
    "alone": ALONE,
    "holds": standing(),
    "lag": standing(
        hub=replace(UP, to_push=12, to_pull=3), safe=Safe(disk=1204, hub=1192, other=1180)
    ),
    "follows": standing(duty=Duty(kind="follows", name="BRNO-2", since_ms=SINCE)),
    "waiting": standing(
        hub=replace(AWAY, since_ms=NOW - 4_000, to_push=2),
        duty=Duty(kind="waiting", since_ms=NOW - 4_000),
        safe=Safe(disk=1206, hub=1204, other=1204),
    ),
    "acting": standing(
        hub=AWAY, duty=Duty(kind="acting", since_ms=SINCE), safe=Safe(disk=2408, hub=1204, other=7)
    ),
    "not-paging": standing(
        hub=AWAY,
        duty=Duty(kind="not_paging", since_ms=SINCE),
        safe=Safe(disk=2408, hub=1204, other=7),
        stations=(replace(OURS, duty_rank=None), PAIR[1]),
    ),
    "away-follows": standing(hub=AWAY, duty=Duty(kind="follows", name="BRNO-2", since_ms=SINCE)),
    "refused": standing(
        hub=replace(AWAY, state="refused", words="this station was evicted on 12 Feb; join again")
    ),
    "clock": standing(hub=replace(UP, offset_ms=3_400, clock_suspect=True)),
    "held-back": standing(
        held_back=("BRNO-3 cannot be exchanged: its chain forks at 812", "PRAHA-1 as well")
    ),
    "quarantined": standing(quarantined=2),
    "recovered": standing(
        problems=("the file was damaged and has been rebuilt from its last copy",)
    ),
    "everything": standing(
        hub=replace(AWAY, offset_ms=-7_200_000, clock_suspect=True),
        duty=Duty(kind="not_paging", since_ms=SINCE),
        held_back=("BRNO-3 cannot be exchanged",),
        quarantined=2,
        problems=("the backup is late",),
    ),
    "long-names": standing(
        duty=Duty(kind="follows", name=LONG, since_ms=SINCE), stations=(OURS, station(LONG))
    ),
    "ten": standing(stations=TEN),
    "stale-holds": replace(standing(), stale=True),
    "stale-follows": replace(
        standing(duty=Duty(kind="follows", name="BRNO-2", since_ms=SINCE)), stale=True
    ),
    "not-known": Standing(),
}


def now_is(one: Standing, now_ms: int) -> Standing:
    """The same standing as if its moment were ``now_ms``."""
    fleet, by = one.fleet, now_ms - NOW
    if fleet is None:
        return one

    def moved(at_ms: int) -> int:
        return at_ms + by if at_ms else 0

    later = replace(
        fleet,
        at_ms=fleet.at_ms + by,
        hub=replace(fleet.hub, since_ms=moved(fleet.hub.since_ms)),
        duty=replace(fleet.duty, since_ms=moved(fleet.duty.since_ms)),
        stations=tuple(replace(s, seen_ms=moved(s.seen_ms)) for s in fleet.stations),
    )
    return replace(one, fleet=later, heard_ms=one.heard_ms + by)
