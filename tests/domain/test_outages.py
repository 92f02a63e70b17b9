"""What counts as out: said by hand, named by an incident, over by time, by hand or with it."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.fold import fold
from crisisdesk.domain.ids import policy_version_id_of
from crisisdesk.domain.outages import (
    Naming,
    TakenOut,
    naming,
    read_saying,
    sayings,
    taken_out,
)
from crisisdesk.domain.policy_version import PolicyVersion

from tests.domain.test_merge import BERLIN, PRAGUE, Two

NOW = 1_000_000
KNOWN = ("dns", "internet", "isp:acme")


def content(dependency: str = "dns", **more: Any) -> dict[str, Any]:
    given = {"kind": "outage", "dependency": dependency, "out": True, "reason": "cut"}
    return {**given, "incident_id": "", "from": NOW - 100, **more}


def version(name: str = "dns", since: int = NOW - 100, **more: Any) -> PolicyVersion:
    told = content(name, **{"from": since, **more})
    return PolicyVersion(
        version_id=policy_version_id_of(name, told),
        name=name,
        content=told,
        published_at=told["from"],
        published_by="operator:Ann",
    )


def now(
    *versions: PolicyVersion,
    named: tuple[Naming, ...] = (),
    ended: tuple[str, ...] = (),
    at: int = NOW,
) -> dict[str, TakenOut]:
    return taken_out(sayings(versions), named, KNOWN, at, ended.__contains__)


def incident(incident_id: str, *services: str, category: str = "availability") -> Naming:
    affected = [(service, "Hall 2", "active") for service in services]
    return naming(incident_id, "Names gone", category, NOW - 50, affected)


def test_an_operators_word_counts_until_its_end() -> None:
    until = version(until=NOW + 10)
    found = now(until)["dns"]
    assert (found.said, found.because()) == (True, "said by Ann: cut")
    assert now(until, at=NOW + 10) == {}
    assert now(version(), at=NOW * 9)["dns"].until is None


def test_it_is_over_with_its_incident_and_comes_back_with_it() -> None:
    said = version(incident_id="INC-1")
    assert now(said)["dns"].blamed() == "INC-1"
    assert now(said)["dns"].because() == "said by Ann for INC-1: cut"
    assert now(said, ended=("INC-1",)) == {}
    assert list(now(said, ended=("INC-2",))) == ["dns"]


def test_an_incident_names_only_by_exactly_the_same_name() -> None:
    found = now(named=(incident("INC-1", " DNS "),))["dns"]
    assert (found.said, found.because()) == (False, "because INC-1 names it")
    assert found.reason == "affected service: Names gone"
    assert now(named=(incident("INC-1", "dns-1", "my dns"),)) == {}
    assert list(now(named=(incident("INC-1", category="ISP:Acme"),))) == ["isp:acme"]
    over = naming("INC-1", "t", "", 0, [("dns", "", "resolved")])
    assert now(named=(over,)) == {}


def test_what_nothing_depends_on_is_taken_out_by_hand_alone() -> None:
    assert now(named=(incident("INC-1", "fax"),)) == {}
    assert list(now(version("fax"))) == ["fax"]


def test_an_incident_is_overruled_and_another_is_not() -> None:
    both = (incident("INC-1", "dns"), incident("INC-2", "dns"))
    overruled = version(out=False, incident_id="INC-1")
    assert now(named=both)["dns"].incident_id == "INC-1"
    assert now(overruled, named=both)["dns"].incident_id == "INC-2"
    assert now(overruled, named=both[:1]) == {}
    assert now(overruled, version(), named=both[:1])["dns"].said


def test_of_several_words_the_last_is_told_and_the_latest_end_counts() -> None:
    first, last = version(until=NOW + 10), version(since=NOW - 1, reason="still")
    found = now(first, last)["dns"]
    assert (found.reason, found.until, found.since) == ("still", None, NOW - 100)
    assert len(found.version_ids) == 2
    shorter = version(since=NOW - 1, until=NOW + 5)
    assert now(first, shorter)["dns"].until == NOW + 10


def test_two_stations_that_said_it_apart_both_count_in_any_order() -> None:
    """An end takes back the word that was seen; the one that was not stands."""
    told = content()
    log = Two(policy_version_id_of("dns", told))
    log.add(PRAGUE, 1, "policy.published", name="dns", content=told)
    log.add(PRAGUE, 5, "policy.withdrawn")
    log.add(BERLIN, 3, "policy.published", name="dns", content=told)
    for events in permutations(log.events):
        state = fold(events)
        assert isinstance(state, PolicyVersion)
        assert now(state) == {}, "the very same word is one, and was taken back"
        assert list(now(state, version(since=NOW - 7))) == ["dns"], "another one stands"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"dependency": "DNS"}, "dependency"),
        ({"dependency": None}, "dependency"),
        ({"out": 1}, "out"),
        ({"reason": None}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"from": "now"}, "from"),
        ({"until": NOW - 100}, "until"),
        ({"until": True}, "until"),
        ({"out": False}, "incident_id"),
        ({"more": 1}, "more"),
    ],
)
def test_what_cannot_be_read_takes_nothing_out(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_saying(content() | changes)
    assert refused.value.field == field
    broken = PolicyVersion(
        version_id="POL-1", name="dns", content=content() | changes, published_at=NOW
    )
    assert sayings([broken]) == []
