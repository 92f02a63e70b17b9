"""An incident as it stood: cut at any minute it is what the log of that minute gives."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.fold import fold
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.incident_record import IncidentRecord
from crisisdesk.domain.ladder import ladder
from crisisdesk.domain.timeline import build_timeline
from crisisdesk.domain.update import IncidentUpdate

from tests.domain.incident_log import INCIDENT, MINUTE, START, LogBook, split_brain


def record_of(log: LogBook) -> IncidentRecord:
    return IncidentRecord(INCIDENT, log.updates(), log.events)


def cut(log: LogBook, at_ms: int) -> LogBook:
    """The log as it was then."""
    before = LogBook(log.origin)
    before.events = [event for event in log.events if event.at_ms <= at_ms]
    return before


@given(st.integers(-10 * MINUTE, 60 * MINUTE), st.integers(0, 2**32))
def test_any_minute_is_what_its_own_log_gives(after: int, seed: int):
    log = split_brain()
    at = START + after
    then = cut(log, at)
    told = [*log.events, *log.events[:3]]
    random.Random(seed).shuffle(told)
    stood = IncidentRecord(INCIDENT, log.updates(), told).at(at)
    if not then.of(INCIDENT):
        assert stood is None
        return
    assert stood is not None
    state = fold(then.of(INCIDENT))
    assert isinstance(state, Incident)
    assert stood.incident == state
    assert stood.steps == ladder(state, then.events)
    assert stood.updates == {u.update_id: u for u in then.updates()}
    assert stood.alerts == tuple(fold(then.of(a)) for a in state.alerts)
    attached = [e for e in then.events if e.agg in state.alerts or e.agg[:2] != "A-"]
    expected = build_timeline(INCIDENT, then.updates(), attached)
    # An attached alert is named in words that only its own log has.
    lines = [(e.key, e.happened_at, e.revisions, e.is_pinned) for e in expected]
    assert [(e.key, e.happened_at, e.revisions, e.is_pinned) for e in stood.entries] == lines


def test_now_it_is_the_whole_record():
    log = split_brain()
    stood = record_of(log).at(log.events[-1].at_ms)
    assert stood is not None
    assert stood.entries == build_timeline(INCIDENT, log.updates(), log.events)


def test_before_it_was_declared_there_is_none():
    log = split_brain()
    record = record_of(log)
    assert record.at(record.began - 1) is None
    assert record.at(record.began) is not None
    assert IncidentRecord("INC-NONE", [], log.events).at(START) is None


def test_what_was_edited_later_stands_as_it_was_written_first():
    log = split_brain()
    edited = next(e for e in log.events if e.kind == "update.edited" and "title" in e.body)
    posted, edits = log.of(edited.agg)[0], log.of(edited.agg)[1:]
    record = record_of(log)
    before = record.at(posted.at_ms)
    after = record.at(edits[-1].at_ms)
    assert before is not None
    assert after is not None
    key = posted.agg
    assert isinstance(before.updates[key], IncidentUpdate)
    assert before.updates[key].title == posted.body["title"]
    assert next(e for e in before.entries if e.key == key).revisions == ()
    assert len(next(e for e in after.entries if e.key == key).revisions) == 1


def test_a_late_note_was_not_known_when_it_happened():
    log = split_brain()
    body = {
        "incident_id": INCIDENT,
        "update_type": "note",
        "title": "Seen much earlier",
        "happened_at": START + 9 * MINUTE,
    }
    late = log.write("U-LATE", "update.posted", body, at=50 * MINUTE)
    record = record_of(log)
    early, now = record.at(START + 20 * MINUTE), record.at(late.at_ms)
    assert early is not None
    assert now is not None
    assert "U-LATE" not in {e.key for e in early.entries}
    assert [e.happened_at for e in now.entries] == sorted(e.happened_at for e in now.entries)
    assert "U-LATE" in {e.key for e in now.entries}


def test_an_alert_is_part_of_it_from_when_it_was_attached():
    log = split_brain()
    linked = next(e for e in log.events if e.kind == "incident.alert_linked")
    alert = linked.body["alert_id"]
    record = record_of(log)
    before, after = record.at(linked.at_ms - 1), record.at(linked.at_ms)
    assert before is not None
    assert after is not None
    assert alert not in {e.subject for e in before.entries}
    assert alert in {e.subject for e in after.entries}


def test_a_clock_that_was_behind_changes_nothing_that_was_shown():
    log = split_brain()
    last = log.events[-1]
    slow = log.write(
        INCIDENT, "incident.edited", {"field": "title", "value": "Slow", "base": ""}, at=0
    )
    slow.hlc = last.hlc + 1
    record = record_of(log)
    shown = record.at(last.at_ms - 1)
    assert shown is not None
    assert shown.incident.title != "Slow"
    now = record.at(last.at_ms)
    assert now is not None
    assert now.incident.title == "Slow"


def test_asking_again_gives_the_same():
    record = record_of(split_brain())
    then, _later = record.at(START + 12 * MINUTE), record.at(START + 30 * MINUTE)
    assert record.at(START + 12 * MINUTE) == then
