"""Publishing: checked whole, kept once, taken back."""

from __future__ import annotations

import pytest

from crisisdesk.domain.errors import Conflict, Malformed, NotFound
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.engine.escalation_commands import PublishPolicy, WithdrawPolicy

from tests.engine.handlers.test_escalating import person, publish
from tests.store.workload import Station


def test_publishing_checks_all_and_keeps_one_version_of_the_same(station: Station) -> None:
    a = person(station, "A")
    first = publish(station, {"contact": a})
    assert publish(station, {"contact": a}) == first
    second = publish(station, {"contact": a}, repeat=2)
    assert second != first
    with pytest.raises(Conflict):
        publish(station, {"contact": a})
    for content, field in (
        ({"kind": "dance"}, "kind"),
        ({"kind": "escalation", "steps": []}, "steps"),
        ({"kind": "escalation", "steps": [{"to": [{"everyone": True}]}], "for": "x=~("}, "for"),
        ({"kind": "schedule", "layers": []}, "layers"),
    ):
        refused = station.do(PublishPolicy(name="X", content=content))[0]
        assert isinstance(refused, Malformed)
        assert refused.field == field


def test_withdrawing_counts_once(station: Station) -> None:
    version_id = publish(station, {"contact": person(station, "A")})
    station.do(WithdrawPolicy(version_id=version_id), actor="Ann")
    station.do(WithdrawPolicy(version_id=version_id), actor="Bob")
    version = station.bench.need(PolicyVersion, version_id, "version_id")
    assert version.withdrawn_by == "Ann"
    assert station.bench.at_hand.policies() == []
    assert isinstance(station.do(WithdrawPolicy(version_id="POL-NONE"))[0], NotFound)
