"""The root of what is not well, against a plain walk; circles and long chains."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.context.topology import Topology
from crisisdesk.domain.service_board.causes import causes

NAMES = "abcdefgh"
EDGES = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=16)


def test_the_end_of_the_chain_is_the_cause() -> None:
    topology = Topology([("shop", "orders"), ("orders", "db"), ("shop", "mail")])
    found = causes({"shop": 0, "orders": 0, "db": 0}, [], topology)
    assert found == {"shop": ("db",), "orders": ("db",)}


def test_a_well_service_that_needs_an_unwell_one_is_told() -> None:
    assert causes({"db": 1}, [], Topology([("shop", "db")])) == {"shop": ("db",)}


def test_a_chain_goes_through_what_nobody_looks_at_and_not_through_what_is_well() -> None:
    topology = Topology([("shop", "orders"), ("orders", "queue"), ("queue", "db")])
    unwell = {"shop": 0, "db": 0}
    assert causes(unwell, ["orders", "queue"], topology)["shop"] == ("db",)
    assert "shop" not in causes(unwell, ["queue"], topology)


def test_services_that_need_each_other_have_the_worst_as_the_cause() -> None:
    topology = Topology([("a", "b"), ("b", "a"), ("shop", "a")])
    assert causes({"a": 1, "b": 0, "shop": 0}, [], topology) == {"a": ("b",), "shop": ("b",)}


def test_a_long_chain_is_no_deep_recursion() -> None:
    names = [f"s{n}" for n in range(20_000)]
    topology = Topology(itertools.pairwise(names))
    found = causes(dict.fromkeys(names, 0), [], topology)
    assert found["s0"] == ("s19999",)
    assert len(found) == 19_999


@given(EDGES, st.dictionaries(st.sampled_from(NAMES), st.integers(0, 1)), st.data())
def test_every_cause_is_unwell_and_reached(
    edges: list[tuple[str, str]], unwell: dict[str, int], data: st.DataObject
) -> None:
    rest = sorted(set(NAMES) - set(unwell))
    silent = data.draw(st.lists(st.sampled_from(rest), unique=True)) if rest else []
    topology = Topology(edges)
    found = causes(unwell, silent, topology)
    passable = {*unwell, *silent}
    for name, told in found.items():
        ahead, reached = list(topology.needs(name)), set[str]()
        while ahead:
            need = ahead.pop()
            if need not in reached:
                reached.add(need)
                ahead += topology.needs(need) if need in passable else ()
        assert name not in told
        assert set(told) <= reached & set(unwell)
    for name in NAMES:
        direct = [n for n in topology.needs(name) if n in unwell]
        if direct and name not in unwell:
            assert found[name]
