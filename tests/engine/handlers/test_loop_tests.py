"""Setting loop tests: what is refused, what is written once."""

from __future__ import annotations

from crisisdesk.domain.errors import Malformed, NotFound
from crisisdesk.domain.loop_test import targets
from crisisdesk.engine.loop_commands import EndLoopTest, MindLoopTests, SetLoopTest

from tests.store.workload import Station

HOUR = 3_600_000


def test_a_target_that_is_not_there_is_refused_and_changes_nothing(station: Station) -> None:
    ann = station.add_contact("Ann", "m1")
    head = station.journal.head().seq
    for command, error in (
        (SetLoopTest(contact_id="C-NONE", method_id="m1"), NotFound),
        (SetLoopTest(contact_id=ann, method_id="m2"), NotFound),
        (SetLoopTest(contact_id=ann, method_id="m1", every_ms=1_000), Malformed),
        (SetLoopTest(contact_id=ann, method_id="m1", every_ms=25 * HOUR), Malformed),
        (EndLoopTest(method_id="m1"), NotFound),
    ):
        assert isinstance(station.do(command)[0], error)
    assert station.journal.head().seq == head


def test_what_is_due_is_queued_once_and_not_after_the_end(station: Station) -> None:
    ann = station.add_contact("Ann", "m1")
    assert station.do(SetLoopTest(contact_id=ann, method_id="m1")) == [15 * 60_000]
    station.do(MindLoopTests())
    head = station.journal.head().seq
    station.do(MindLoopTests(), MindLoopTests())
    assert station.journal.head().seq == head
    station.do(EndLoopTest(method_id="m1"))
    assert targets(station.bench.at_hand.policies()) == []
    head = station.journal.head().seq
    station.now_ms += HOUR
    station.do(MindLoopTests())
    assert station.journal.head().seq == head
