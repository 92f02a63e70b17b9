"""Pages about who has an alert: what they say, and when they need not go out any more."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.domain import asking
from crisisdesk.domain.asking import DECLINED, OFFER, STILL, TAKEN, UNANSWERED, reason_of

from tests.domain.events import JONAS, KLARA
from tests.domain.test_handoff import offered
from tests.domain.test_holding import any_order, run_out, taken, until

ALL = (STILL, OFFER, TAKEN, DECLINED, UNANSWERED)


def test_each_kind_has_its_words_and_others_have_none() -> None:
    for kind in ALL:
        reason = reason_of(kind, 7)
        assert asking.kind_of(reason) == kind
        assert asking.why(reason)
        assert asking.titled(reason, "disk full").endswith(" disk full")
    for reason in ("fired", "step 2", "test", "still", "unknown:7"):
        assert asking.kind_of(reason) == asking.why(reason) == ""
        assert asking.titled(reason, "disk full") == "disk full"
        assert asking.answer_words(reason, "A-1") == ""


def test_a_question_names_until_when_and_how_to_answer() -> None:
    log, _ack = taken()
    reason = reason_of(STILL, until(30))
    assert asking.titled(reason, "disk full") == "Still on it? disk full"
    [line] = asking.lines_of(reason, any_order(log))
    assert line.startswith(f"{KLARA} has it until 02:35 UTC.")
    assert "crisisdesk alert still A-1" in asking.answer_words(reason, "A-1")


def test_an_offer_names_both_and_carries_the_note() -> None:
    log, offer = offered()
    first, note = asking.lines_of(reason_of(OFFER, offer.id), any_order(log))
    assert f"{KLARA} asks {JONAS} to take it over, until 02:17 UTC" in first
    assert note == f"{KLARA}: you know it"


def test_a_page_after_one_ran_out_says_who_had_it() -> None:
    log, ack = taken()
    assert asking.lines_of("fired", any_order(log)) == ()
    run_out(log, log.events[0].origin, 1_800, ack, until(30))
    [line] = asking.lines_of("step 2", any_order(log))
    assert line.startswith(f"{KLARA} had it from 02:06; the acknowledgement ran out at 02:35 UTC")


def test_what_was_answered_is_not_asked() -> None:
    log, ack = taken()
    alert = any_order(log)
    assert asking.over(reason_of(STILL, until(30)), alert) is None
    assert asking.over(reason_of(STILL, until(29)), alert) == f"{KLARA} answered"
    run_out(log, log.events[0].origin, 1_800, ack, until(30))
    assert asking.over(reason_of(STILL, until(30)), any_order(log)) == "it ran out"
    assert asking.over("fired", alert) is None


def test_an_offer_that_is_over_is_not_told_and_what_only_tells_always_is() -> None:
    log, offer = offered()
    alert = any_order(log)
    assert asking.over(reason_of(OFFER, offer.id), alert) is None
    assert asking.over(reason_of(OFFER, offer.id), replace(alert, handoff_id="")) is not None
    for kind in (TAKEN, DECLINED, UNANSWERED):
        assert asking.over(reason_of(kind, "x"), alert) is None
