"""Loop tests in the verdict on a channel."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.domain.channel_health import Use, Verdict, channel_why, look_at
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.loop_standing import loop_uses
from crisisdesk.domain.loop_test import Proof, standing

from tests.domain.test_loop_test import METHOD, MINUTE, TARGET, WITHIN, T

CARD = {"method_id": "M-9", "channel": "sms", "label": "", "masked": "twilio://…999"}
ANN = Contact(contact_id="C-9", name="Ann", methods=[CARD])
LINE = standing(TARGET, METHOD, "Loop", {}, T, WITHIN)
GOOD = replace(LINE, proof=Proof.ARRIVED, at_ms=T)
BAD = replace(LINE, proof=Proof.BROKEN, at_ms=T, words="no answer")
NOW = T + 3 * MINUTE


def test_a_good_loop_test_stands_where_nothing_else_was_sent() -> None:
    assert look_at([ANN], {}, NOW).lines[0].verdict is Verdict.UNUSED
    (line,) = look_at([ANN], {}, NOW, loop_uses([GOOD])).lines
    assert line.verdict is Verdict.WORKS
    assert channel_why(line, NOW) == "Loop test 3 min ago"
    assert look_at([ANN], {}, NOW, loop_uses([GOOD])).untried == 0


def test_a_failed_loop_test_speaks_for_the_channel_and_for_those_who_rely_on_it() -> None:
    uses = {"M-9": Use(last_success=T - MINUTE)}
    found = look_at([ANN], uses, NOW, loop_uses([BAD]))
    assert found.lines[0].verdict is Verdict.FAILING
    assert channel_why(found.lines[0], NOW) == "The last loop test: no answer"
    assert [one.name for one in look_at([ANN], {}, NOW, loop_uses([BAD])).stranded] == ["Ann"]


def test_a_good_one_hides_no_failure_and_an_untested_one_says_nothing() -> None:
    uses = {"M-9": Use(last_failure=T, failure_words="refused")}
    (line,) = look_at([ANN], uses, NOW, loop_uses([GOOD])).lines
    assert line.verdict is Verdict.FAILING
    assert channel_why(line, NOW) == "The last attempt failed: refused, loop test 3 min ago"
    assert loop_uses([LINE]) == {}
