"""Incidents, their parts and their tasks, as the station's file tells them."""

from __future__ import annotations

import pytest

from crisisdesk.domain.filters import IncidentFilter
from crisisdesk.domain.handover_brief import Brief
from crisisdesk.engine import commands as c
from crisisdesk.engine.decision_commands import LogDecision
from crisisdesk.engine.incident_commands import MergeIncident, RestrictIncident
from crisisdesk.engine.policy import Policy
from crisisdesk.engine.role_commands import OfferRole, WithdrawRole
from crisisdesk.engine.task_commands import AddTask, EndTask
from crisisdesk.settings.playbooks import shipped_plans
from crisisdesk.store.queries import StationReader

from tests.store.workload import Station


@pytest.fixture
def two(station: Station) -> tuple[str, str]:
    """An incident and a part of it, with an entry and a task each."""
    whole, part = station.do(
        c.OpenIncident(title="Orders", severity="critical"),
        c.OpenIncident(title="Mails", severity="major"),
    )
    for name in (whole, part):
        station.do(
            c.PostUpdate(incident_id=name, title=f"entry of {name}"),
            AddTask(incident_id=name, title=f"task of {name}", due_at=station.now_ms + 1_000),
        )
    station.do(MergeIncident(incident_id=part, into=whole))
    return whole, part


def test_the_whole_has_entries_and_tasks_of_its_parts(
    reader: StationReader, two: tuple[str, str]
) -> None:
    whole, part = two
    assert [u.incident_id for u in reader.updates_of(whole)] == [whole, part]
    assert [u.incident_id for u in reader.page_updates(whole).items] == [whole, part]
    assert [t.incident_id for t in reader.tasks_of(whole)] == [whole, part]
    assert [u.incident_id for u in reader.updates_of(part)] == [part]
    first = reader.page_updates(whole, limit=1)
    assert [u.incident_id for u in first.items] == [whole]
    rest = reader.page_updates(whole, after=first.next)
    assert [u.incident_id for u in rest.items] == [part]


def test_parts_and_the_whole_are_found(reader: StationReader, two: tuple[str, str]) -> None:
    whole, part = (reader.incident(name) for name in two)
    assert whole is not None
    assert part is not None
    assert reader.parts([whole, part]) == {two[0]: [part]}
    assert reader.whole_incident(part) == whole
    rows = {row.incident_id: row.merged_into for row in reader.incident_rows()}
    assert rows == {two[0]: "", two[1]: two[0]}
    assert reader.counts(0).incidents == {"critical": 1}


def test_open_tasks_are_of_incidents_that_are_led(
    station: Station, reader: StationReader, two: tuple[str, str]
) -> None:
    whole = two[0]
    assert len(reader.open_tasks()) == 2
    assert reader.open_tasks("Bo") == []
    [mine, theirs] = reader.open_tasks()
    station.do(EndTask(task_id=mine.task_id))
    assert [t.task_id for t in reader.open_tasks()] == [theirs.task_id]
    assert reader.task(mine.task_id) != mine
    assert reader.task("TSK-NONE") is None
    station.do(c.ChangeIncidentStatus(incident_id=whole, status="resolved"))
    assert [t.incident_id for t in reader.open_tasks()] == [two[1]]


def test_what_is_restricted_is_marked_and_not_found_by_its_words(
    station: Station, reader: StationReader, two: tuple[str, str]
) -> None:
    whole, part = two
    station.do(RestrictIncident(incident_id=whole, restricted=True, readers=["Zoë"]))
    names = [whole, part, *(u.update_id for u in reader.updates_of(whole))]
    names += [t.task_id for t in reader.tasks_of(whole)]
    veiled = reader.veiled(names)
    assert {whole} < veiled
    assert len(veiled) == 3
    assert part not in veiled
    [row] = [row for row in reader.incident_rows() if row.incident_id == whole]
    assert (row.may_see("zoë"), row.may_see("Mallory"), row.may_see("")) == (True, False, False)

    def found(text: str, viewer: str) -> list[str]:
        asked = IncidentFilter(text=text, viewer=viewer)
        return [i.incident_id for i in reader.page_incidents(asked).items]

    assert found("orders", "Zoë") == found("orders", "KLÁRA LANGOVÁ") == [whole]
    assert found("orders", "Mallory") == found("orders", "") == []
    assert found(whole.lower(), "Mallory") == [whole]
    assert found("mails", "Mallory") == [part]


def test_the_roles_are_those_of_the_plan_it_follows(
    station: Station, reader: StationReader
) -> None:
    station.policy = Policy(playbooks=shipped_plans())
    station.recover()
    first, second = station.do(
        c.OpenIncident(title="Records read", severity="critical", category="security"),
        c.OpenIncident(title="x", severity="minor", crisis_type=""),
    )
    followed, alone = reader.incident(first), reader.incident(second)
    assert followed is not None
    assert alone is not None
    assert "security_lead" in {one.role for one in reader.roles_to_fill(followed)}
    assert reader.roles_to_fill(alone) == ()
    assert reader.plan_of(alone) is None


def test_only_incidents_in_which_a_role_is_offered_are_read(
    station: Station, reader: StationReader
) -> None:
    first, _other = station.do(
        c.OpenIncident(title="Orders", severity="critical"),
        c.OpenIncident(title="Mails", severity="minor"),
    )
    assert reader.offering_incidents() == []
    station.do(c.SaveContact(name="Bo"))
    brief = Brief(known="two writers")
    station.do(OfferRole(incident_id=first, role="commander", to="Bo", brief=brief))
    [found] = reader.offering_incidents()
    assert (found.incident_id, found.handovers[0]["to"]) == (first, "Bo")
    station.do(WithdrawRole(incident_id=first, role="commander"))
    assert reader.offering_incidents() == []


def test_a_brief_tells_of_parts_that_one_may_read(station: Station, reader: StationReader) -> None:
    whole, part = station.do(
        c.OpenIncident(title="Orders", severity="critical"),
        c.OpenIncident(title="Whistle", severity="major"),
    )
    for name in (whole, part):
        station.do(
            LogDecision(incident_id=name, title=f"decided in {name}"),
            AddTask(incident_id=name, title=f"task of {name}"),
        )
    station.do(MergeIncident(incident_id=part, into=whole))
    assert [d.incident_id for d in reader.decisions_of(whole)] == [whole, part]
    incident = reader.incident(whole)
    assert incident is not None
    station.do(RestrictIncident(incident_id=part, restricted=True))
    for viewer, many in (("Klára Langová", 2), ("Mallory", 1)):
        brief = reader.brief_of(incident, viewer)
        assert len(brief.decided.splitlines()) == many
        assert len(brief.next.splitlines()) == many
    [hidden] = reader.decisions_of(part)
    assert reader.veiled([hidden.decision_id]) == {hidden.decision_id}
    assert reader.decision(hidden.decision_id) == hidden
    assert reader.decision("DEC-NONE") is None
