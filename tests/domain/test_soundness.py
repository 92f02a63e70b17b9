"""A state that no program of this version makes is refused, whatever event would make it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crisisdesk.domain.alert import Alert, AlertStatus
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.fold import TYPES
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.soundness import KIND_OF_PREFIX, Unsound, check, contradicts_itself
from crisisdesk.store.projections import TABLE_OF_PREFIX

ALERT = Alert(
    alert_id="A-1",
    source="s",
    key="k",
    epoch="n1",
    severity="high",
    title="t",
    detected_at=1,
    last_seen_at=1,
    sla_deadline=1,
    sla_prealarm_at=1,
)
INCIDENT = Incident(incident_id="INC-1", title="t", severity="major", created_at=1)

METHOD = {"method_id": "m", "channel": "mailto", "label": "", "masked": ""}
SPAN = {"days": [0, 6], "from": "22:00", "to": "06:00", "min_severity": "critical"}


def test_a_good_state_passes_by_itself_and_after_another() -> None:
    check(None, ALERT)
    check(ALERT, replace(ALERT, status=AlertStatus.CLOSED, resolves_at=5))
    check(None, INCIDENT)
    check(None, Contact(contact_id="C-1", name="x"))


@pytest.mark.parametrize(
    "changes",
    [
        {"title": 5},
        {"title": None},
        {"count": "1"},
        {"count": 1.5},
        {"count": True},
        {"labels": []},
        {"resolves_at": "soon"},
        {"severity": "catastrophic"},
        {"status": "asleep"},
    ],
    ids=str,
)
def test_a_field_of_another_kind_is_refused(changes: dict[str, Any]) -> None:
    check(None, ALERT)
    with pytest.raises(Unsound):
        check(ALERT, replace(ALERT, **changes))


def test_a_contact_needs_methods_that_can_be_read() -> None:
    good = {"method_id": "m", "channel": "mailto", "label": "", "masked": ""}
    check(None, Contact(contact_id="C-1", name="x", methods=[good]))
    for bad in ({**good, "pigeon": 1}, {**good, "min_severity": "loud"}, {}):
        with pytest.raises((Unsound, TypeError)):
            check(None, Contact(contact_id="C-1", name="x", methods=[bad]))


@pytest.mark.parametrize(
    "changes",
    [
        {"quiet": [{"from": "22:00", "to": "06:00"}]},
        {"quiet": [{**SPAN, "days": [True]}]},
        {"quiet": [{**SPAN, "min_severity": "loud"}]},
        {"quiet": {}},
        {"groups": [1]},
        {"zone": 5},
        {"emergency": {"phones": "+420"}},
        {"emergency": {"pigeons": []}},
        {"methods": [{**METHOD, "quiet": "night"}]},
        {"methods": [{**METHOD, "emergency": "yes"}]},
    ],
    ids=str,
)
def test_what_stands_on_a_card_can_be_read(changes: dict[str, Any]) -> None:
    good = Contact(
        contact_id="C-1",
        name="x",
        quiet=[SPAN],
        groups=["a"],
        emergency={"phones": ["+420"], "mails": []},
        methods=[{**METHOD, "quiet": [SPAN], "emergency": True}],
    )
    check(None, good)
    with pytest.raises((Unsound, DomainError)):
        check(None, replace(good, **changes))


def test_an_aggregate_does_not_become_another() -> None:
    with pytest.raises(Unsound, match="Incident"):
        check(ALERT, INCIDENT)


@pytest.mark.parametrize(
    ("aggregate", "kind", "contradicts"),
    [
        ("A-1", "alert.fired", False),
        ("A-1", "contact.saved", True),
        ("INC-1", "alert.fired", True),
        ("S-1", "station.named", False),
        ("station", "station.named", False),
        ("ROOM-1", "room.opened", False),
        ("ROOM-1", "alert.fired", False),
        ("A-1", "room.opened", False),
    ],
)
def test_an_id_says_what_kind_it_is(aggregate: str, kind: str, contradicts: bool) -> None:
    assert contradicts_itself(aggregate, kind) is contradicts


def test_ids_mean_here_what_they_mean_in_the_store() -> None:
    assert {prefix: kind for prefix, (_table, kind) in TABLE_OF_PREFIX.items()} == KIND_OF_PREFIX
    assert set(KIND_OF_PREFIX.values()) == set(TYPES)
