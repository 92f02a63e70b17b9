"""Impact: who is reached and why, whom it hurts, what it costs."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.context.catalogue import Catalogue, read_catalogue
from crisisdesk.domain.context.impact import assess_impact, figures, reasons
from crisisdesk.domain.context.topology import WALK_LIMIT, Topology

MINUTE = 60_000
SHOP: dict[str, Any] = {
    "kind": "catalogue",
    "services": {
        "db": {"regions": ["eu"]},
        "checkout": {
            "depends_on": ["db"],
            "users": 40_000,
            "money_per_minute": "120.50",
            "regions": ["eu", "us"],
        },
        "shop": {"depends_on": ["checkout"], "users": 90_000, "money_per_minute": 10},
        "mail": {"users": 5},
    },
}


def assess(roots: list[str], content: dict[str, Any] = SHOP, minutes: int = 4) -> Any:
    catalogue = read_catalogue("Shop", content)
    return assess_impact(
        roots, catalogue, Topology(catalogue.edges()), 1_000, 1_000 + minutes * MINUTE
    )


def test_what_needs_it_is_reached_with_the_reason_and_the_figures_come_from_all_of_it() -> None:
    impact = assess(["db"])
    assert [(a.service, a.distance, a.needs) for a in impact.services] == [
        ("db", 0, ""),
        ("checkout", 1, "db"),
        ("shop", 2, "checkout"),
    ]
    # The users of two services are mostly the same people; money adds up.
    assert (impact.users, impact.users_of) == (90_000, "shop")
    assert impact.regions == ("eu", "us")
    assert (impact.money_per_minute_cents, impact.money_cents) == (13_050, 4 * 13_050)
    assert reasons(impact) == [
        "checkout, because it depends on db",
        "shop, because it depends on checkout",
    ]
    assert figures(impact) == [
        "90\u00a0000 users (shop)",
        "eu, us",
        "130.50 a minute, 522.00 in 4 min",
    ]


def test_nothing_is_made_up_where_nobody_has_said() -> None:
    impact = assess(["unheard of"])
    assert (impact.users, impact.money_per_minute_cents, impact.money_cents) == (None, None, None)
    assert not impact.is_known
    assert figures(impact) == []
    assert reasons(impact) == []
    assert not assess([]).is_known
    assert assess(["mail"]).is_known


def test_a_circle_counts_each_service_once() -> None:
    circle = {
        "kind": "catalogue",
        "services": {
            name: {"depends_on": [other], "money_per_minute": 1, "users": 1}
            for name, other in (("a", "b"), ("b", "c"), ("c", "a"))
        },
    }
    impact = assess(["a"], circle, 1)
    assert sorted(a.service for a in impact.services) == ["a", "b", "c"]
    assert impact.money_cents == 300


def test_ten_thousand_services_are_assessed_and_it_says_that_there_are_more() -> None:
    services: dict[str, Any] = {
        f"s{n}": {"depends_on": ["hub"], "users": n, "money_per_minute": 1} for n in range(9_999)
    }
    catalogue = read_catalogue("Many", {"kind": "catalogue", "services": services | {"hub": {}}})
    impact = assess_impact(["hub"], catalogue, Topology(catalogue.edges()), 0, MINUTE)
    assert impact.cut
    assert len(impact.services) == WALK_LIMIT + 1
    assert reasons(impact)[-1] == f"at least {WALK_LIMIT - 5:,} more".replace(",", "\u00a0")


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_clock_that_went_back_costs_nothing(since: int, until: int) -> None:
    catalogue = read_catalogue("Shop", SHOP)
    impact = assess_impact(["mail", "shop"], catalogue, Topology(), since, until)
    assert impact.money_cents == 1_000 * max(0, until - since) // MINUTE


def test_without_a_catalogue_the_topology_still_says_who_is_reached() -> None:
    impact = assess_impact(["db"], Catalogue(), Topology([("shop", "db")]), 0, MINUTE)
    assert impact.is_known
    assert reasons(impact) == ["shop, because it depends on db"]
