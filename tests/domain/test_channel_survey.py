"""The survey is made of what a station knows, and of nothing else."""

from __future__ import annotations

from crisisdesk.domain.channel_survey import Known, outages_of, survey
from crisisdesk.domain.policy_version import PolicyVersion

from tests.domain.test_outages import NOW, incident, version
from tests.domain.test_survivability import TEAM

OURS = PolicyVersion(
    version_id="POL-1",
    name="Ours",
    content={"kind": "channel_dependencies", "channels": {"sms": ["-internet", "-dns"]}},
    published_at=NOW,
)


def names(known: Known, *without: str) -> list[str]:
    return [one.name for one in survey(known, NOW, without).unreachable]


def test_published_words_count_for_what_channels_need_and_for_what_is_out() -> None:
    known = Known(contacts=TEAM, versions=[version()])
    assert list(outages_of(known, NOW)) == ["dns"]
    assert names(known) == ["Ann", "Bob", "Cy", "Dee"]
    assert names(Known(contacts=TEAM, versions=[version(), OURS])) == ["Bob", "Cy"]


def test_an_incident_that_names_a_dependency_and_one_that_is_over() -> None:
    known = Known(contacts=TEAM, versions=[OURS], named=[incident("INC-1", "dns")])
    assert names(known) == ["Bob", "Cy"]
    over = Known(contacts=TEAM, versions=[version(incident_id="INC-1")], ended=frozenset({"INC-1"}))
    assert names(over) == []
    assert names(over, "dns") == ["Ann", "Bob", "Cy", "Dee"]
