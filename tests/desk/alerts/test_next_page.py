"""The line that says who is paged next, in each state an escalation can be in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crisisdesk.desk.alerts.next_page import line_of, next_page
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.escalation.planning import TakenStep
from crisisdesk.domain.escalation.running import Escalation
from crisisdesk.engine import commands as c
from crisisdesk.store.queries import StationReader

from tests.domain.escalation.people import START, person
from tests.store.workload import Station

PEOPLE = {f"C-{name}": person(name) for name in "ABCDE"}


def state(**more: Any) -> Escalation:
    given: dict[str, Any] = {"due_at": START + 60_000, "policy": "Night", "number": 1} | more
    return Escalation(
        escalation_id="ESC-1", alert_id="A-1", epoch="n1", life=1, started_at=START, **given
    )


def step(*names: str, words: str = "") -> TakenStep:
    ids = tuple(f"C-{name}" for name in names)
    return TakenStep(number=2, step=2, round=1, at=START, due=START, contacts=ids, words=words)


@pytest.mark.parametrize(
    ("escalation", "upcoming", "strong", "text"),
    [
        (state(), step("A"), "Next: A", "step 2, round 1 of Night"),
        (state(), step(*"ABCDE"), "Next: A, B, C and 2 more", "step 2, round 1 of Night"),
        (state(quiet_by="wait"), step("A"), "Next: A", "unless it ends before"),
        (state(quiet_by="SIL-1"), step("A"), "Silenced until then", "step 2"),
        (state(due_at=None, held_at=START), None, "Nobody else", "rests while somebody has it"),
        (state(), step(words="nobody is on call"), "Nobody is next", "nobody is on call"),
        (state(), None, "Everyone is next", "cannot be read here"),
    ],
)
def test_each_state_has_its_words(
    escalation: Escalation, upcoming: TakenStep | None, strong: str, text: str
) -> None:
    line = line_of(escalation, upcoming, PEOPLE)
    assert line is not None
    assert line.strong == strong
    assert text in line.text
    assert line.icon


def test_one_that_is_over_has_no_line() -> None:
    assert line_of(state(due_at=None, ended_at=START), None, PEOPLE) is None


def test_it_is_read_for_the_present_life_of_an_alert(tmp_path: Path) -> None:
    station = Station(tmp_path)
    station.add_contact("Jonas Weber")
    [alert_id] = station.fire(1, 3)
    reader = StationReader(station.path)
    try:

        def line() -> Any:
            return next_page(reader, station.bench.need(Alert, alert_id, "alert_id"))

        assert line().strong == "Next: Jonas Weber"
        station.do(c.ResolveAlert(alert_id=alert_id))
        station.do(c.ReopenAlert(alert_id=alert_id))
        assert line().strong == "Next: Jonas Weber"
    finally:
        reader.close()
        station.journal.close()
