"""Budgets, overlaps and the moment of the breach."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.context.catalogue import Service, read_catalogue
from crisisdesk.domain.context.sla_impact import (
    DAY_MS,
    Outage,
    SlaImpact,
    calculate_sla_impact,
    percent_words,
    sla_words,
)
from crisisdesk.domain.errors import Malformed

MIN = 60_000
NOW = 400 * DAY_MS
SHOP = Service(name="shop", availability_ppm=999_000, availability_days=30)
BUDGET = 30 * DAY_MS // 1000


def out(begin: float, end: float | None, service: str = "shop") -> Outage:
    """Minutes before now."""
    until = None if end is None else NOW - round(end * MIN)
    return Outage(service=service, since=NOW - round(begin * MIN), until=until)


def one(own: list[Outage], others: list[Outage], service: Service = SHOP) -> SlaImpact:
    [found] = calculate_sla_impact({service.name: service}, own, others, NOW)
    return found


def test_the_budget_is_what_the_promise_leaves():
    found = one([out(18, None)], [out(500, 486)])
    assert found.budget_ms == BUDGET == 43 * MIN + 12_000
    assert (found.before_ms, found.by_this_ms) == (14 * MIN, 18 * MIN)
    assert (found.spent_percent, found.is_breached) == (74, False)
    assert found.breaches_at == NOW + 11 * MIN + 12_000
    assert sla_words(found, NOW) == (
        "shop, 99.9 % in 30 d: 32 min of 43 min spent (74 %), 18 min by this; "
        "broken in 11 min if it stays out"
    )


def test_what_both_cover_counts_once():
    found = one([out(20, None), out(15, 5)], [out(25, 10)])
    assert (found.before_ms, found.by_this_ms) == (15 * MIN, 10 * MIN)


def test_a_broken_promise_says_by_how_much():
    found = one([out(60, None)], [])
    assert found.is_breached
    assert found.breaches_at is None
    assert sla_words(found, NOW).endswith("(138 %), 1 h by this; broken, 16 min over")


def test_over_it_spends_no_more():
    found = one([out(30, 20)], [])
    assert not found.is_out
    assert found.breaches_at is None
    assert sla_words(found, NOW).endswith("(23 %), 10 min by this")


def test_a_promise_of_everything_is_broken_at_once():
    whole = Service(name="shop", availability_ppm=1_000_000, availability_days=30)
    found = one([out(1, None)], [], whole)
    assert (found.budget_ms, found.is_breached, found.spent_percent) == (0, True, 100)


def test_services_without_a_promise_are_left_out_and_the_worst_comes_first():
    services = {
        "shop": SHOP,
        "mail": Service(name="mail", availability_ppm=990_000, availability_days=30),
        "wiki": Service(name="wiki"),
    }
    own = [out(20, None, name) for name in ("mail", "wiki", "shop", "unknown")]
    found = calculate_sla_impact(services, own, [], NOW)
    assert [impact.service for impact in found] == ["shop", "mail"]
    assert calculate_sla_impact(services, [], own, NOW) == ()


def covered(outages: list[Outage], since: int, until: int, step: int) -> int:
    """Counted, not computed."""
    return step * sum(
        any(o.since <= at < (o.until if o.until is not None else until + step) for o in outages)
        for at in range(since, until, step)
    )


stretches = st.tuples(st.integers(0, 60), st.integers(0, 20)).map(
    lambda told: out(told[0], max(0, told[0] - told[1]))
)


@given(st.lists(stretches, max_size=6), st.integers(0, 10))
def test_the_breach_is_the_first_moment_at_which_the_budget_is_spent(
    others: list[Outage], since: int
):
    # A window of one hour, made of days by a promise that leaves half of it.
    own = [Outage(service="shop", since=NOW - since * MIN)]
    promise = Service(name="shop", availability_ppm=980_000, availability_days=1)
    found = one(own, others, promise)
    window, everything = DAY_MS, [*own, *others]
    assert found.spent_ms == covered(everything, NOW - 61 * MIN, NOW, MIN)
    if found.breaches_at is None:
        assert found.is_breached
        return
    at = found.breaches_at
    still = [*everything, Outage(service="shop", since=NOW)]
    second = 12_000
    assert covered(still, at - window, at, second) >= found.budget_ms - second
    assert covered(still, at - second - window, at - second, second) <= found.budget_ms


@given(st.lists(stretches, max_size=8), st.randoms())
def test_the_order_of_outages_does_not_matter(others: list[Outage], dice: object):
    shuffled = list(others)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert one([out(5, None)], others) == one([out(5, None)], shuffled)


def test_old_outages_leave_the_window_while_it_goes_on():
    day = Service(name="shop", availability_ppm=990_000, availability_days=1)
    budget = DAY_MS // 100
    old = Outage(service="shop", since=NOW - DAY_MS, until=NOW - DAY_MS + 10 * MIN)
    found = one([out(1, None)], [old], day)
    assert found.spent_ms == 11 * MIN
    # The ten old minutes leave one by one while the new ones come: nothing of the budget is lost.
    assert found.breaches_at == NOW + budget - MIN


@pytest.mark.parametrize(("told", "ppm"), [("99.95", 999_500), (99, 990_000), ("100 %", 1_000_000)])
def test_a_promise_is_read_from_the_catalogue(told: object, ppm: int):
    content = {"services": {"shop": {"availability": told, "availability_days": 7}}}
    service = read_catalogue("X", content).services["shop"]
    assert (service.availability_ppm, service.availability_days) == (ppm, 7)
    assert percent_words(999_500) == "99.95 %"
    assert percent_words(1_000_000) == "100 %"


@pytest.mark.parametrize("told", ["100.1", "0", "-1", "high", "99.99999", True, 99.9])
def test_what_is_no_promise_is_refused_by_its_name(told: object):
    with pytest.raises(Malformed, match=r"services\.shop\.availability"):
        read_catalogue("X", {"services": {"shop": {"availability": told}}})
