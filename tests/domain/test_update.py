"""Timeline entries: posted, edited, and what an edit lost."""

from __future__ import annotations

from crisisdesk.domain.update import UPDATE_KINDS, UPDATE_TYPES, IncidentUpdate, apply_update

from tests.domain.events import JONAS, Log


def posted() -> Log:
    log = Log("U-1")
    log.add("update.posted", incident_id="INC-1", update_type="note", title="Seen", happened_at=5)
    return log


def state(log: Log) -> IncidentUpdate:
    found = log.state()
    assert isinstance(found, IncidentUpdate)
    return found


def test_an_entry_says_when_it_happened_beside_when_it_was_written() -> None:
    log = posted()
    one = state(log)
    assert (one.title, one.happened_at, one.logged_at) == ("Seen", 5, log.events[0].at_ms)
    assert one.update_type in UPDATE_TYPES
    assert {e.kind for e in log.events} <= UPDATE_KINDS


def test_an_edit_that_did_not_see_the_last_keeps_what_it_lost() -> None:
    log = posted()
    log.add("update.edited", title="Seen in Brno", base="")
    log.add("update.edited", title="Seen in Praha", base="", actor=JONAS)
    one = state(log)
    assert (one.title, one.edits) == ("Seen in Praha", 2)
    assert one.overwritten[-1]["value"] == "Seen in Brno"


def test_nothing_happens_before_it_is_posted() -> None:
    stranger = Log("U-1").add("update.edited", title="x")
    assert apply_update(None, stranger) is None
