"""What is published about causes: read whole, refused by field, and never about an emergency."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.inhibition import (
    HOUR_MS,
    concerns,
    read_dependencies,
    read_inhibition,
    read_rules,
)

from tests.domain.test_matchers import Thing


def rule(**changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": "inhibition",
        "when": 'severity="critical", service=db',
        "keep_quiet": 'service=~"shop|till"',
        "equal": ["place"],
    }
    return told | changes


def needs(services: Any, **more: Any) -> dict[str, Any]:
    return {"kind": "dependencies", "services": services, **more}


def test_a_rule_is_read_whole() -> None:
    read = read_inhibition("DB", rule(at_most_h=2))
    assert [m.text for m in read.when] == ['service="db"', 'severity="critical"']
    assert (read.equal, read.at_most_ms) == (("place",), 2 * HOUR_MS)
    assert read_inhibition("DB", rule(equal=[])).at_most_ms == 4 * HOUR_MS
    assert read.shared(Thing(place="Brno")) == ("Brno",)
    assert read_inhibition("DB", rule(equal=["env", "service"])).shared(Thing()) == ("", "db")


def test_needs_go_through_others_too() -> None:
    read = read_dependencies("Shop", needs({"shop": ["db", "cdn"], "db": ["san"]}))
    assert read.upstream == {"shop": ("db", "cdn", "san"), "db": ("san",)}
    assert (read.from_severity, read.at_most_ms) == ("critical", 4 * HOUR_MS)
    assert read.named() == {"shop", "db", "cdn", "san"}


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (rule(when=""), "when"),
        (rule(keep_quiet="service"), "keep_quiet"),
        (rule(keep_quiet='service=~"(a*)*"'), "keep_quiet"),
        (rule(equal="place"), "equal"),
        (rule(equal=[1]), "equal[0]"),
        (rule(equal=["a"] * 11), "equal"),
        (rule(at_most_h=49), "at_most_h"),
        (rule(at_most_h=True), "at_most_h"),
        (rule(then="x"), "then"),
        (rule(keep_quiet=rule()["when"]), "keep_quiet"),
        (needs([]), "services"),
        (needs({}), "services"),
        (needs({"shop": "db"}), "services.shop"),
        (needs({"shop": [""]}), "services.shop[0]"),
        (needs({"shop": ["db"]}, from_severity="warning"), "from_severity"),
        (needs({"shop": ["db"]}, from_severity=["high"]), "from_severity"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(told: dict[str, Any], field: str) -> None:
    read = read_inhibition if told["kind"] == "inhibition" else read_dependencies
    with pytest.raises(Malformed) as refused:
        read("X", told)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("services", "circle"),
    [
        ({"shop": ["shop"]}, "shop needs shop"),
        ({"a": ["x", "b"], "b": ["c"], "c": ["y", "a"]}, "a needs b needs c needs a"),
        ({"z": ["a"], "a": ["b"], "b": ["a"]}, "a needs b needs a"),
    ],
)
def test_a_circle_is_refused_by_its_name(services: dict[str, list[str]], circle: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_dependencies("X", needs(services))
    assert circle in str(refused.value)


def test_a_long_chain_is_no_trouble() -> None:
    chain = {f"s{n}": [f"s{n + 1}"] for n in range(499)}
    assert len(read_dependencies("X", needs(chain)).upstream["s0"]) == 499


GRAPHS = st.dictionaries(
    st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), min_size=1, max_size=3)
).filter(bool)


@given(GRAPHS)
def test_the_needs_are_those_that_walking_finds(services: dict[str, list[str]]) -> None:
    def walked(start: str) -> set[str]:
        found: set[str] = set()
        ahead = list(services.get(start, ()))
        while ahead:
            if (one := ahead.pop()) not in found:
                found.add(one)
                ahead += services.get(one, ())
        return found

    in_a_circle = any(name in walked(name) for name in services)
    try:
        read = read_dependencies("X", needs(services))
    except Malformed:
        assert in_a_circle
        return
    assert not in_a_circle
    assert {name: set(needed) for name, needed in read.upstream.items()} == {
        name: walked(name) for name in services
    }


def test_an_emergency_is_never_a_consequence() -> None:
    read = read_inhibition("X", rule(keep_quiet="service=db", when="service=san"))
    assert concerns(read, Thing(severity="critical"))
    assert not concerns(read, Thing(severity="emergency"))
    assert not concerns(read, Thing(service="san"))
    needed = read_dependencies("X", needs({"db": ["san"]}))
    assert concerns(needed, Thing())
    assert not concerns(needed, Thing(severity="emergency"))


def test_what_cannot_be_read_is_told_and_costs_no_other() -> None:
    told = [
        ("inhibition", "One", rule()),
        ("inhibition", "Two", rule(when="")),
        ("dependencies", "Three", needs({"a": ["b"]})),
        ("schedule", "Four", {}),
    ]
    rules, problems = read_rules(told)
    assert [one.name for one in rules] == ["One", "Three"]
    assert len(problems) == 1
    assert problems[0].startswith("inhibition Two is not used")
