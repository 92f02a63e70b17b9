"""Direct links at work: real engines on a real hub that goes away, and a provider that counts."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

import pytest

from tests.fleet.stations import until
from tests.postgres.fixtures import HubPlace
from tests.postgres.proxy import Mode
from tests.reliability.linked import linked
from tests.reliability.tiers import record

pytestmark = [pytest.mark.serial, pytest.mark.slow]

A, B, C = 0, 1, 2
RANKS = {"Brno": 1, "Praha": 2, "Zlin": None}
WITHIN_S = 30.0


@pytest.mark.timeout(240)
def test_without_the_hub_one_pages_and_an_acknowledgement_reaches_it(
    hub_place: HubPlace, tmp_path: Path
) -> None:
    with linked(hub_place, tmp_path, RANKS) as fleet:
        provider = fleet.provider
        fleet.hub(Mode.REFUSE, C)
        relayed = fleet.fire("Relayed", C)
        until(lambda: provider.pages("Relayed"), WITHIN_S)
        fleet.all_know("sent", relayed)
        assert "holds" in (fleet.duty(A), fleet.duty(B))

        fleet.hub(Mode.REFUSE)
        cut = monotonic()
        first = fleet.fire("First", C)
        until(lambda: provider.pages("First"), WITHIN_S)
        took = provider.pages("First")[0] - cut
        assert [fleet.duty(n) for n in (A, B, C)] == ["acting", "follows", "follows"]
        both = fleet.fire("Both", A, B, C)
        until(lambda: provider.pages("Both"), WITHIN_S)
        fleet.all_know("sent", first, both)

        provider.refused.add("Later")
        later = fleet.fire("Later", A)
        until(lambda: provider.tries["Later"] == 1, WITHIN_S)
        until(lambda: fleet.statuses(B, later) == ["queued"], WITHIN_S)
        asked = monotonic()
        fleet.acknowledge(B, later)
        until(lambda: fleet.is_acknowledged(A, later), WITHIN_S)
        acknowledged = monotonic() - asked
        until(lambda: fleet.statuses(A, later) == ["superseded"], WITHIN_S)
        provider.refused.clear()

        fleet.hub(Mode.PASS)
        fleet.one_holds()
        healed = fleet.fire("Healed", C)
        until(lambda: provider.pages("Healed"), WITHIN_S)
        fleet.all_know("sent", healed)
        paged = [len(provider.pages(name)) for name in ("Relayed", "First", "Both", "Healed")]
        assert paged == [1, 1, 1, 1]
        assert (provider.repeats(), provider.tries["Later"]) == (0, 1)
        record(
            "direct links: hub away",
            stations=3,
            take_over_s=round(took, 2),
            acknowledged_elsewhere_s=round(acknowledged, 2),
            repeats=provider.repeats(),
        )


@pytest.mark.timeout(240)
def test_who_is_cut_off_from_all_pages_only_with_a_rank(
    hub_place: HubPlace, tmp_path: Path
) -> None:
    with linked(hub_place, tmp_path, RANKS) as fleet:
        provider = fleet.provider
        fleet.peers(Mode.BLACKHOLE)
        fleet.hub(Mode.BLACKHOLE, C)
        unranked = fleet.fire("Unranked", C)
        until(lambda: fleet.duty(C) == "not_paging", WITHIN_S)
        words = fleet.stations[C].fleet()["duty"]["words"]
        assert words.startswith("NOT PAGING")
        assert fleet.statuses(C, unranked) == ["queued"]
        assert not provider.pages("Unranked")

        fleet.hub(Mode.BLACKHOLE, B)
        cut = monotonic()
        fleet.fire("Ranked", B)
        until(lambda: provider.pages("Ranked"), WITHIN_S)
        took = provider.pages("Ranked")[0] - cut
        assert fleet.duty(B) == "acting"

        # The hub first: a ranked station that hears Zlin before who pages may page as well.
        fleet.hub(Mode.PASS)
        fleet.one_holds()
        until(lambda: provider.pages("Unranked"), WITHIN_S)
        fleet.all_know("sent", unranked)
        fleet.peers(Mode.PASS)
        fleet.all_hear_all()
        assert [len(provider.pages(name)) for name in ("Unranked", "Ranked")] == [1, 1]
        record(
            "direct links: cut off from all",
            stations=3,
            ranked_pages_s=round(took, 2),
            repeats=provider.repeats(),
        )


@pytest.mark.timeout(240)
def test_control_without_links_two_stations_page_the_same(
    hub_place: HubPlace, tmp_path: Path
) -> None:
    with linked(hub_place, tmp_path, {"Brno": 1, "Praha": 2}, links=False) as fleet:
        fleet.hub(Mode.REFUSE)
        fleet.fire("Twice", A, B)
        until(lambda: len(fleet.provider.pages("Twice")) == 2, WITHIN_S)
        assert fleet.provider.repeats() == 1
