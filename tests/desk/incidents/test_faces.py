"""Marks and words of severities and states."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from crisisdesk.desk.incidents.faces import (
    MARK_OF,
    SEVERITIES,
    WORD_OF,
    alert_mark_state,
    alert_words,
    draw_incident_mark,
    draw_severity_word,
    incident_mark_state,
    initials,
    severity_name,
)
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.severity import IncidentSeverity

from tests.domain.incident_log import LogBook


@pytest.fixture
def alert(log: LogBook) -> Alert:
    state = log.state("A-CHECKOUT00001")
    assert isinstance(state, Alert)
    return state


def test_every_severity_has_a_mark_of_its_own_and_a_word():
    assert set(MARK_OF) == set(WORD_OF) == set(SEVERITIES)
    assert len(set(MARK_OF.values())) == len(SEVERITIES)
    assert [severity_name(IncidentSeverity(s).rank) for s in SEVERITIES] == list(SEVERITIES)


def test_filled_means_nobody_has_it(alert: Alert):
    assert (alert_mark_state(alert), alert_words(alert)) == ("filled", "firing")
    held = replace(alert, status="acknowledged", owner="Klára Langová")
    assert (alert_mark_state(held), alert_words(held)) == ("acked", "acked, Klára Langová")
    assert alert_words(held, short=True) == "acked, KL"
    ended = replace(held, status="resolved")
    assert (alert_mark_state(ended), alert_words(ended)) == ("outline", "resolved")


def test_an_ended_incident_is_an_outline():
    assert [incident_mark_state(s) for s in ("open", "monitoring", "resolved", "closed")] == [
        "filled", "filled", "outline", "outline",
    ]  # fmt: skip


@pytest.mark.usefixtures("look")
def test_marks_and_words_are_painted_and_go_grey_at_the_end():
    def painted(status: str) -> QImage:
        image = QImage(80, 20, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        draw_incident_mark(painter, 0, 0, "critical", status)
        draw_severity_word(painter, QRectF(20, 0, 60, 18), "critical", status)
        painter.end()
        return image

    led, ended = painted("open"), painted("closed")
    reds = [image.pixelColor(2, 8).red() - image.pixelColor(2, 8).blue() for image in (led, ended)]
    assert reds[0] > 60 > abs(reds[1])


@pytest.mark.parametrize(
    ("name", "letters"), [("Klára Langová", "KL"), ("Zoë", "ZO"), ("", ""), ("a b c", "AC")]
)
def test_initials(name: str, letters: str):
    assert initials(name) == letters
