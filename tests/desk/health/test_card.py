"""Head and foot of a card."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage, QPainter

from crisisdesk.desk.health.card import paint_foot, paint_head, value_of
from crisisdesk.desk.health.reading import Charted
from crisisdesk.desk.health.verdicts import Verdict
from crisisdesk.desk.health.words import Fresh
from crisisdesk.desk.look.theme import Look, theme

from tests.desk.health.shown import charted, spell

FRESH = Fresh("fresh", "check", "ok")
SILENT = Fresh("silent: last seen 6 min ago", "unplug", "down")


def painted(shown: Charted, fresh: Fresh = FRESH) -> QImage:
    image = QImage(400, 60, QImage.Format.Format_RGB32)
    image.fill(theme().color.panel)
    painter = QPainter(image)
    paint_head(painter, shown, fresh, 400)
    paint_foot(painter, shown, fresh, 400, 40)
    painter.end()
    return image


def test_what_is_silent_has_no_value_now() -> None:
    assert value_of(charted([0.5]), FRESH) == "0.5"
    assert value_of(charted([0.5]), SILENT) == "?"
    assert value_of(charted([]), SILENT) == ""


def test_an_open_alert_stands_before_the_name(look: Look) -> None:
    plain, ended = painted(charted([0.5])), painted(charted([0.5], spells=(spell(9, 5),)))
    standing = painted(charted([0.5], spells=(spell(9, None),)))
    assert plain == ended != standing


@pytest.mark.parametrize("tone", ["near", "stale", "low", "medium", "critical"])
def test_how_it_stands_is_said_in_words_and_in_colour(look: Look, tone: str) -> None:
    shown = charted([0.5])._replace(verdict=Verdict("over 0.9 for 1 min", "ok"))
    calm = painted(shown)
    assert painted(shown._replace(verdict=Verdict("over 0.9 for 1 min", tone))) != calm
    assert painted(shown._replace(verdict=Verdict("within limits", "ok"))) != calm
    assert painted(shown, SILENT) != calm


def test_a_long_verdict_leaves_room_for_the_freshness(look: Look) -> None:
    shown = charted([0.5])._replace(verdict=Verdict("far too many words " * 20, "critical"))
    assert painted(shown, SILENT) != painted(shown)
