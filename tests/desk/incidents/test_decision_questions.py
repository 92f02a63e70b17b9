"""What is asked about decisions, and what was typed means."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crisisdesk.desk.incidents import decision_questions as asking
from crisisdesk.domain.errors import Malformed

from tests.desk.incidents.test_decision_rows import GONE, ONE
from tests.domain.incident_log import MINUTE, START

TYPED = {
    "title": " Fail over ", "options": "Wait\n\n Restart ", "expected": "", "risk": "4 s",
    "decider": "", "revert_trigger": "", "objections": "", "check": "",
}  # fmt: skip


def test_a_moment_is_a_span_or_the_next_such_minute():
    assert asking.check_ms(" ", START) is None
    assert asking.check_ms("15m", START) == START + 15 * MINUTE
    # START is 02:05:02 UTC.
    assert asking.check_ms("02:06 UTC", START) == START + 58_000
    assert asking.check_ms("2:05", START) == START - 2_000 + 86_400_000
    for text in ("soon", "25:00", "0m"):
        with pytest.raises(Malformed) as error:
            asking.check_ms(text, START)
        assert error.value.field == "check"


def test_objections_are_lines_with_a_name():
    told = "Bo: the lag is 4 s -> taken into account\n\nShop: not now: it is noon"
    assert asking.new_objections(told) == [
        {"by": "Bo", "text": "the lag is 4 s", "answer": "taken into account"},
        {"by": "Shop", "text": "not now: it is noon"},
    ]
    for text in ("Bo thinks not", ": no", "Bo: -> yes"):
        with pytest.raises(Malformed, match="line 1"):
            asking.new_objections(text)


def test_only_what_was_written_is_sent():
    title, fields = asking.new_decision({**TYPED, "check": "1m"}, START)
    assert (title, fields) == (
        "Fail over",
        {"options": ["Wait", "Restart"], "risk": "4 s", "check_at": START + MINUTE},
    )
    with pytest.raises(Malformed) as error:
        asking.new_decision({**TYPED, "title": " "}, START)
    assert error.value.field == "title"
    assert asking.changes_of(replace(ONE, risk="4 s", decider=""), TYPED) == {
        "options": ["Wait", "Restart"],
        "revert_trigger": "",
    }


def test_a_form_holds_what_stands_and_a_reverted_one_is_read_only():
    change = asking.change_question(ONE)
    assert {a.field: a.value for a in change.asked}["revert_trigger"] == "the lag\ngrows"
    assert [word for word, _ in change.told] == ["Look again"]
    read = asking.change_question(GONE)
    assert (read.verb, read.asked) == ("", ())
    assert ("What was decided", "Fail over") in read.told
    log = asking.log_question("Ana")
    assert log.field_of("check_at") == "check"
    assert log.field_of("objections[0].by") == "objections"
    assert log.field_of("incident_id") == ""


def test_only_unanswered_objections_are_answered():
    rows = [
        {"id": "1", "by": "Bo", "text": "no", "at": 0, "answer": "yes"},
        {"id": "2", "by": "Kim", "text": "too early", "at": 0},
    ]
    question = asking.answer_question(replace(ONE, objections=rows))
    assert [(o.key, o.word) for o in question.asked[1].options] == [("2", "Kim: too early")]
    long = asking.revert_question(replace(ONE, title="x" * 60))
    assert len(long.title) < 60
