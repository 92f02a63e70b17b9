"""What a catalogue leaves open."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.context.catalogue import Catalogue, Service, read_catalogue
from crisisdesk.domain.context.catalogue_check import check_catalogue, circle_in

NAMES = [f"s{n}" for n in range(6)]
NEEDS = st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from([*NAMES, "x"])))


def made(needs: dict[str, list[str]]) -> Catalogue:
    services = {
        name: Service(name=name, depends_on=tuple(n for n in wanted if n != name))
        for name, wanted in needs.items()
    }
    return Catalogue(services=services)


def test_gaps_are_told_by_name_and_a_full_one_has_none() -> None:
    full = {"owner": "Kim", "runbook": "https://x.example"}
    content = {"kind": "catalogue", "services": {"db": full, "shop": {"depends_on": ["dbb"]}}}
    told = [f.words for f in check_catalogue(read_catalogue("S", content))]
    assert told == [
        "dbb is named and not described here",
        "shop has neither owner nor team",
        "shop has no runbook",
    ]
    assert (
        check_catalogue(read_catalogue("S", {"kind": "catalogue", "services": {"db": full}})) == []
    )
    many = check_catalogue(made({f"m{n}": [] for n in range(9)}))
    assert many[0].words == "m0, m1, m2, m3, m4 and 4 more has neither owner nor team"


def test_a_circle_is_named() -> None:
    assert circle_in(made({"a": ["b"], "b": ["c", "z"], "c": ["b"], "z": []})) == ["b", "c", "b"]
    words = check_catalogue(made({"a": ["b"], "b": ["a"]}))[-1].words
    assert words == "go round in a circle: a needs b needs a"


@given(NEEDS)
def test_a_circle_is_found_exactly_when_there_is_one(needs: dict[str, list[str]]) -> None:
    catalogue = made(needs)
    edges = set(catalogue.edges())
    found = circle_in(catalogue)
    reached = {name: {need for user, need in edges if user == name} for name in needs}
    for _ in needs:
        for name, far in reached.items():
            reached[name] = far | {n for one in far for n in reached.get(one, set())}
    assert bool(found) == any(name in far for name, far in reached.items())
    if found:
        assert found[0] == found[-1]
        assert all(edge in edges for edge in pairwise(found))


def test_a_circle_of_ten_thousand_is_found() -> None:
    big = made({f"s{n}": [f"s{(n + 1) % 10_000}"] for n in range(10_000)})
    assert len(circle_in(big)) == 10_001
