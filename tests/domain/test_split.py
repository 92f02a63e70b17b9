"""The view of a split: both sides' work, what stands, and what wants a decision."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.event import Event
from crisisdesk.domain.fold import _STEPS, State, aggregate_type, fold
from crisisdesk.domain.split import (
    _LEFT_OUT,
    _MACHINE_KINDS,
    Attention,
    Split,
    SplitItem,
    SplitView,
    split_from,
    what_changed,
)
from crisisdesk.domain.split_words import _DEEDS, _TOLD_BY_BODY
from crisisdesk.domain.station import SPLITS_KEPT, Station

from tests.domain.events import JONAS, KLARA, START
from tests.domain.test_merge import BERLIN, PRAGUE, Two, card, opened, running

NAMES = {PRAGUE: "Prague", BERLIN: "Berlin"}
SPLIT = Split(
    split_id="s",
    since_ms=START,
    until_ms=START + 9_000,
    origin=PRAGUE,
    first_seq=1,
    last_seq=9,
    others={BERLIN: (1, 9)},
)


def view_of(*logs: Two, before: int = 1) -> SplitView:
    """The view at Prague; each log's first ``before`` events were known to both."""
    split = [event for log in logs for event in log.events[before:]]
    states: dict[str, State] = {}
    for log in logs:
        state = fold(log.events)
        if state is not None:
            states[log.aggregate] = state
    mine: list[Event] = [e for e in split if e.origin == PRAGUE]
    theirs: list[Event] = [e for e in split if e.origin == BERLIN]
    return what_changed(SPLIT, theirs=theirs, mine=mine, stations=NAMES, states=states)


def only(view: SplitView) -> SplitItem:
    (item,) = view.both
    return item


def words(item: SplitItem) -> str:
    return "\n".join(finding.words for finding in item.findings)


def test_there_are_words_for_every_kind_that_is_told() -> None:
    told = {kind for kind in _STEPS if aggregate_type(kind) not in _LEFT_OUT}
    assert told - _MACHINE_KINDS - _DEEDS.keys() - _TOLD_BY_BODY.keys() == set()


def test_what_an_escalation_does_by_itself_is_no_matter_of_two_sides() -> None:
    log = Two("ESC-1")
    for station, second in ((PRAGUE, 1), (PRAGUE, 2), (BERLIN, 3)):
        log.add(station, second, "escalation.stepped", number=second)
    view = view_of(log, before=0)
    assert (view.both, view.only_mine, view.only_theirs) == ((), (), ())


def test_a_candidate_answered_on_both_sides() -> None:
    body = {
        "rule": "same service",
        "group": {"service": "db"},
        "name": "{count} related alerts on {service}",
        "opened_at": START,
        "alerts": ["A-1", "A-2", "A-3"],
        "worst": "high",
    }
    for first, second in ((PRAGUE, BERLIN), (BERLIN, PRAGUE)):
        log = Two("CAN-1")
        log.add(PRAGUE, 1, "candidate.proposed", **body)
        log.add(first, 2, "candidate.dismissed", reason="a test", until=START + 9_000)
        log.add(second, 3, "candidate.accepted", incident_id="INC-1", alerts=["A-1"])
        item = only(view_of(log))
        assert item.title == "3 related alerts on db"
        assert "(a test): the acceptance stands" in words(item)
        assert item.attention == Attention.INFORMATION
        told = {deed.words for deed in (*item.mine, *item.theirs)}
        assert told == {"dismissed: a test", "accepted as an incident"}
    log = Two("CAN-1")
    log.add(PRAGUE, 1, "candidate.proposed", **body)
    for station in (PRAGUE, BERLIN):
        log.add(station, 2, "candidate.accepted", incident_id="INC-1", alerts=["A-1"])
    assert "one incident, say there who commands" in words(only(view_of(log)))
    log = Two("CAN-1")
    log.add(PRAGUE, 1, "candidate.proposed", **body)
    for station in (PRAGUE, BERLIN):
        log.add(station, 2, "candidate.dismissed", reason="", until=START + 9_000)
    assert "also dismissed by" in words(only(view_of(log)))


def test_both_sides_acknowledged() -> None:
    log = Two("A-1")
    log.fire(PRAGUE, 1)
    log.add(PRAGUE, 2, "alert.acknowledged", epoch="n1")
    log.add(BERLIN, 3, "alert.acknowledged", epoch="n1")
    item = only(view_of(log))
    assert (item.kind, item.subject, item.opens, item.title) == ("alert", "A-1", "A-1", "t")
    (mine,), (theirs,) = item.mine, item.theirs
    assert (mine.words, mine.by, mine.station) == ("acknowledged", KLARA, "Prague")
    assert (theirs.words, theirs.by, theirs.at_ms) == ("acknowledged", JONAS, START + 3_000)
    assert words(item) == f"also acknowledged by {JONAS}; {KLARA} was first"
    assert item.attention == Attention.INFORMATION


def test_a_resolve_of_an_older_epoch() -> None:
    log = Two("A-1")
    log.fire(PRAGUE, 1)
    log.fire(PRAGUE, 2, "n2")
    log.add(BERLIN, 3, "alert.resolved", epoch="n1", life=1)
    item = only(view_of(log))
    assert words(item) == f"resolved by {JONAS} for an older epoch: does not touch the new one"


def test_an_overwritten_title_says_whose_value_is_lost() -> None:
    log = opened()
    log.add(PRAGUE, 2, "incident.edited", field="title", value="Orders down", base="")
    log.add(BERLIN, 3, "incident.edited", field="title", value="Payments down", base="")
    item = only(view_of(log))
    told = f"overwritten: Title “Orders down” by {KLARA}; what {JONAS} wrote stands"
    assert words(item) == told
    assert item.title == "Payments down"


def test_two_commanders_want_a_decision_and_come_first() -> None:
    log = opened()
    log.add(PRAGUE, 2, "incident.status_changed", status="identified", life=1)
    log.add(BERLIN, 3, "incident.status_changed", status="investigating", life=1)
    log.add(PRAGUE, 4, "incident.commander_named", commander="Zoë", generation=2)
    log.add(BERLIN, 5, "incident.commander_named", commander="Ben", generation=2)
    quiet = Two("A-1")
    quiet.fire(PRAGUE, 1)
    quiet.add(PRAGUE, 2, "alert.acknowledged", epoch="n1")
    quiet.add(BERLIN, 2, "alert.acknowledged", epoch="n1")
    view = view_of(quiet, log)
    assert [item.subject for item in view.both] == ["INC-1", "A-1"]
    first = view.both[0]
    assert first.findings[0].words == (
        "two commanders named: Zoë, Ben: choose; the first acts meanwhile"
    )
    assert first.findings[1].words == f"{JONAS} set the status investigating: the higher one stands"
    assert (first.attention, view.decisions) == (Attention.DECISION, 1)


def test_a_step_executed_twice() -> None:
    log = running()
    log.add(PRAGUE, 2, "run.step_done", step_id="failover", claim="")
    log.add(BERLIN, 3, "run.step_done", step_id="failover", claim="")
    item = only(view_of(log))
    assert item.findings[0].words == "step executed twice: failover: check its effect"
    assert f"done by {KLARA}, also done by {JONAS}" in words(item)


def test_a_contact_removed_and_saved_and_two_incidents_of_one_alert_want_decisions() -> None:
    contact, first = card()
    contact.add(BERLIN, 2, "contact.saved", name="Ana", role="CTO", methods=[])
    contact.add(PRAGUE, 3, "contact.removed", base=first.id)
    alert = Two("A-1")
    alert.fire(PRAGUE, 1)
    alert.add(PRAGUE, 2, "alert.escalated", incident_id="INC-A")
    alert.add(BERLIN, 3, "alert.escalated", incident_id="INC-B")
    view = view_of(contact, alert)
    assert view.decisions == 2
    told = "\n".join(words(item) for item in view.both)
    assert "stays reachable" in told
    assert "another incident of it, INC-B" in told


def test_what_one_side_did_alone_and_what_machines_repeat() -> None:
    mine, theirs = opened(), Two("A-1")
    mine.add(PRAGUE, 2, "incident.status_changed", status="resolved", life=1)
    theirs.fire(BERLIN, 1)
    theirs.add(BERLIN, 2, "alert.repeated", epoch="n1", n=4)
    theirs.add(BERLIN, 3, "alert.noted", text="rang the data centre")
    view = view_of(mine, theirs)
    assert view.both == ()
    assert [i.subject for i in view.only_mine] == ["INC-1"]
    assert [d.words for d in view.only_theirs[0].theirs] == ["note: rang the data centre"]
    assert view.repeats == 1


def test_what_only_a_newer_program_understands_is_listed() -> None:
    log = Two("X-1")
    log.add(PRAGUE, 1, "rota.made", hours=8)
    log.add(BERLIN, 2, "rota.changed", hours=9)
    item = only(view_of(log, before=0))
    assert (item.title, item.mine[0].words) == ("X-1", "rota.made")
    assert words(item).startswith("newer version needed")


def test_an_entry_opens_its_incident() -> None:
    log = Two("U-1")
    body: dict[str, Any] = {"incident_id": "INC-1", "update_type": "note", "happened_at": 1}
    log.add(PRAGUE, 1, "update.posted", title="one", **body)
    log.add(PRAGUE, 2, "update.edited", title="two", base="")
    log.add(BERLIN, 3, "update.edited", title="three", base="")
    item = only(view_of(log))
    assert (item.opens, item.title) == ("INC-1", "three")
    assert "overwritten: Title “two”" in words(item)


def test_a_station_keeps_its_last_splits() -> None:
    log = Two("S-1")
    for n in range(1, SPLITS_KEPT + 3):
        event = log.add(PRAGUE, n, "station.rejoined", since_ms=n, until_ms=n + 1)
        event.body |= {"origin": PRAGUE, "first_seq": 1, "last_seq": 2, "others": {BERLIN: [3, 4]}}
    state = fold(log.events)
    assert isinstance(state, Station)
    assert [s["since_ms"] for s in state.splits] == list(range(3, SPLITS_KEPT + 3))
    split = split_from(state.splits[-1])
    assert (split.split_id, split.others) == (log.events[-1].id, {BERLIN: (3, 4)})
