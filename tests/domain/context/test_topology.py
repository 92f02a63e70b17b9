"""Walks over what services need: near first, each once, circles and depth without harm."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.context.topology import WALK_LIMIT, Topology

NAMES = st.sampled_from([f"s{n}" for n in range(8)])
EDGES = st.lists(st.tuples(NAMES, NAMES), max_size=40)


def test_both_directions_are_walked_the_nearest_first_with_the_edge_that_led_there() -> None:
    topology = Topology([("shop", "checkout"), ("checkout", "db"), ("mail", "db")])
    down = topology.downstream(["db"])
    assert [(s.service, s.distance, s.needed) for s in down] == [
        ("checkout", 1, "db"),
        ("mail", 1, "db"),
        ("shop", 2, "checkout"),
    ]
    up = topology.upstream(["shop"])
    assert [(s.service, s.distance, s.user) for s in up] == [
        ("checkout", 1, "shop"),
        ("db", 2, "checkout"),
    ]
    assert [s.service for s in topology.upstream(["shop"], far=1)] == ["checkout"]
    assert topology.downstream(["unheard of"]) == []
    assert "db" in topology
    assert "unheard of" not in topology
    assert (topology.needs("checkout"), topology.users("db")) == (("db",), ("checkout", "mail"))


@given(EDGES, st.lists(NAMES, min_size=1, max_size=3))
def test_a_walk_ends_and_names_each_service_once_whatever_the_circles(
    edges: list[tuple[str, str]], roots: list[str]
) -> None:
    topology = Topology(edges)
    walked = topology.downstream(roots)
    names = [step.service for step in walked]
    assert len(set(names)) == len(names)
    assert not set(names) & set(roots)
    assert [s.distance for s in walked] == sorted(s.distance for s in walked)
    told = {(user, needed) for user, needed in edges if user != needed}
    assert all((step.user, step.needed) in told for step in walked)
    reached = set(roots)
    while more := {user for user, needed in told if needed in reached} - reached:
        reached |= more
    assert set(names) == reached - set(roots)


@given(EDGES, NAMES, NAMES)
def test_who_is_downstream_of_one_has_it_upstream(
    edges: list[tuple[str, str]], one: str, other: str
) -> None:
    topology = Topology(edges)
    down = {step.service for step in topology.downstream([one])}
    up = {step.service for step in topology.upstream([other])}
    assert (other in down) == (one in up)


def test_a_chain_of_ten_thousand_is_walked_as_far_as_the_limit() -> None:
    topology = Topology((f"s{n + 1}", f"s{n}") for n in range(10_000))
    walked = topology.downstream(["s0"])
    assert len(walked) == WALK_LIMIT
    assert walked[-1].distance == WALK_LIMIT


def test_it_names_every_service_of_its_edges() -> None:
    assert Topology([("shop", "db"), ("db", "rack"), ("x", "x")]).names() == {"shop", "db", "rack"}
    assert Topology().names() == set()
