"""What the lines of heartbeats, loop tests and people say."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from crisisdesk.desk.comms_room.watch_lines import (
    WatchDelegate,
    beat_lines,
    beats_words,
    loop_line,
    person_line,
    spoken_line,
)
from crisisdesk.domain.heartbeat import State
from crisisdesk.domain.loop_test import standing
from crisisdesk.domain.reachability import Audited

from tests.domain.test_loop_test import METHOD, TARGET, WITHIN, T


def beat(name: str, state: str, **changes: Any) -> dict[str, Any]:
    return {
        "heartbeat_id": f"HB-{name}",
        "name": name,
        "every_s": 300,
        "grace_s": 60,
        "severity": "critical",
        "state": state,
        "last_beat_at": "2026-02-12T02:05:02.000Z",
    } | changes


def test_those_that_want_somebody_stand_first_by_name() -> None:
    told = [beat("d", "well"), beat("c", "missing"), beat("b", "late"), beat("a", "missing")]
    lines = beat_lines(told)
    assert [line.name for line in lines] == ["a", "c", "b", "d"]
    assert beats_words(lines) == "2 missing, 1 late"
    assert lines[0].below == "last beat 2026-02-12 02:05:02 UTC; every 5 min, grace 1 min; critical"
    assert spoken_line(lines[0]).startswith("a, missing, last beat")


def test_every_state_has_a_mark_and_words() -> None:
    for state in State:
        (line,) = beat_lines([beat("a", str(state), last_beat_at=None)])
        assert (line.state, bool(line.icon)) == (str(state), True)
        assert line.below.startswith("never beaten")
    assert beats_words(beat_lines([beat("a", "well")])) == "1 and none missing"
    assert beats_words([]) == "none yet; A adds one"


def test_loop_tests_and_people_say_why() -> None:
    line = loop_line(standing(TARGET, METHOD, "Loop", {}, T, WITHIN), T)
    assert (line.name, line.state) == ("sms at twilio", "not tested yet")
    assert line.below == "Not tested yet; every 15 min to Loop twilio://…111"
    one = Audited(
        contact_id="C-1",
        name="Ann",
        role="",
        proven_at=None,
        is_proven=False,
        findings=("no time zone", "only one provider"),
    )
    line = person_line(one)
    assert (line.state, line.below) == ("not proven", "no time zone; only one provider")


@pytest.mark.usefixtures("look")
@pytest.mark.parametrize("width", [30, 400])
def test_a_line_paints_at_any_width(width: int) -> None:
    image = QImage(width, 46, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    for line in beat_lines([beat("a" * 90, "missing")]):
        WatchDelegate().paint_line(painter, QRectF(0, 0, width, 46), line)
    painter.end()
    assert any(image.pixel(x, y) for x in range(width) for y in range(46))
