"""Events of other versions: older ones read as of today, newer ones passed over or stopped at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crisisdesk.domain import fold as folding
from crisisdesk.domain.event import Event
from crisisdesk.domain.fold import apply, apply_foreign, fold, state_bytes, understands
from crisisdesk.domain.upcast import (
    NEWER_VERSION_NEEDED,
    NEWEST,
    newer_words,
    newest_versions,
    read,
)

from tests.domain.test_merge import PRAGUE, Two, opened

UPCASTERS = {
    ("incident.named", 1): lambda body: {"title": body["name"]},
    ("incident.named", 2): lambda body: {**body, "lang": "en"},
}


def event(kind: str, v: int = 1, **body: Any) -> Event:
    return replace(opened().events[0], kind=kind, v=v, body=body, seq=9)


def test_an_older_event_is_read_step_by_step_as_todays() -> None:
    old = event("incident.named", 1, name="x")
    assert read(old, UPCASTERS).body == {"title": "x", "lang": "en"}
    assert read(old, UPCASTERS).v == 3
    assert (old.v, old.body) == (1, {"name": "x"})
    today = event("incident.named", 3, title="x", lang="de")
    assert read(today, UPCASTERS) is today
    assert newest_versions(UPCASTERS) == {"incident.named": 3}


def test_a_missing_step_between_two_versions_is_refused() -> None:
    with pytest.raises(ValueError, match="from version 1"):
        newest_versions({("incident.named", 2): dict})


def test_the_fold_reads_an_older_event_by_its_upcaster(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = "incident.responded"
    monkeypatch.setitem(NEWEST, kind, 2)
    monkeypatch.delitem(folding._STEPS, kind)
    seen: list[Event] = []

    def step(state: Any, told: Event) -> Any:
        seen.append(told)
        return state

    monkeypatch.setitem(folding._APPLY, "incident", step)
    monkeypatch.setattr(
        folding, "read", lambda e: read(e, {(kind, 1): lambda b: b | {"told_by": "v1"}})
    )
    apply(opened().incident(), event(kind, 1))
    apply(opened().incident(), event(kind, 2, told_by="v2"))
    assert [(e.v, e.body["told_by"]) for e in seen] == [(2, "v1"), (2, "v2")]


@pytest.mark.parametrize(
    ("kind", "v"), [("incident.from_the_future", 1), ("incident.edited", 2), ("procedure.x", 1)]
)
def test_what_a_newer_program_wrote_is_passed_over_and_said(kind: str, v: int) -> None:
    before = opened().incident()
    newer = event(kind, v, what=1)
    after, why = apply_foreign(before, newer)
    assert after is before
    assert why == newer_words(newer)
    assert why.startswith(NEWER_VERSION_NEEDED)
    assert kind in why
    assert not understands(newer)


def test_what_must_be_understood_stops_its_aggregate_there_and_nothing_else() -> None:
    log = opened()
    log.add(PRAGUE, 2, "incident.status_changed", status="identified", life=1)
    log.add(PRAGUE, 3, "incident.split_in_two!", into=["INC-2", "INC-3"])
    log.add(PRAGUE, 4, "incident.status_changed", status="closed", life=1)
    incident = log.incident()
    assert (incident.status, incident.newer_needed) == ("identified", "incident.split_in_two!")
    assert apply_foreign(incident, log.events[2])[1].startswith(NEWER_VERSION_NEEDED)
    assert opened().incident().newer_needed == ""


def test_a_newer_program_folds_anew_what_had_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    log = opened()
    kind = "incident.split_in_two!"
    log.add(PRAGUE, 2, kind)
    log.add(PRAGUE, 3, "incident.status_changed", status="closed", life=1)
    assert log.incident().newer_needed == kind
    monkeypatch.setitem(folding._STEPS, kind, lambda state, _event: state)
    assert (log.incident().newer_needed, log.incident().status) == ("", "closed")


def test_a_stopped_alert_asks_for_nothing_any_more() -> None:
    log = Two("A-1")
    log.fire(PRAGUE, 1)
    assert log.alert().next_due is not None
    log.add(PRAGUE, 2, "alert.merged_into!", into="A-2")
    assert log.alert().next_due is None


@pytest.mark.parametrize("prefix", ["alert", "incident", "update", "contact", "silence", "run"])
def test_every_type_of_one_that_stopped_stays_as_it_was(prefix: str) -> None:
    from tests.domain.fold_bodies import BODIES, make_log

    events = make_log(prefix, 7, 9)
    first = next(iter(BODIES[prefix]))
    events = [e for e in events if e.kind == first][:1] + events[1:]
    state = fold(events[:1])
    assert state is not None
    stopped, _why = apply_foreign(state, replace(events[0], kind=f"{prefix}.newer!", seq=50))
    assert stopped is not None
    data = state_bytes(stopped)
    for late in events[1:]:
        stopped, _why = apply_foreign(stopped, late)
    assert stopped is not None
    assert state_bytes(stopped) == data


def test_where_nothing_has_begun_there_is_nothing_to_stop() -> None:
    assert apply_foreign(None, event("incident.declared_anew!"))[0] is None
