"""Every row is painted whole: nobody is cut off, and a mark stands beside every colour."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from crisisdesk.desk.look.theme import Look, theme
from crisisdesk.desk.planning.policies.history import HistoryRow
from crisisdesk.desk.planning.policies.painters import (
    FindingPainter,
    HistoryPainter,
    PlanPainter,
    ShelfPainter,
    level_color,
)
from crisisdesk.desk.planning.policies.plan_rows import FindingRow, PlanRow
from crisisdesk.desk.planning.policies.row_list import RowPainter
from crisisdesk.desk.planning.policies.shelf import ShelfLine

STEP = PlanRow(
    key="step 1", after="+00:00", utc="02:05:02", local="03:05 CET", step="step 1", who="Ann"
)
NOBODY = STEP._replace(who="", why="nobody is in group Managers; nobody else can be reached")


def colours(painter: RowPainter[Any], row: Any, width: int = 400) -> set[str]:
    """The colours that a row is painted with."""
    painter.width = width
    image = QImage(width, painter.height(row), QImage.Format.Format_RGB32)
    image.fill(theme().color.panel)
    brush = QPainter(image)
    rect = QRectF(0, 0, image.width(), image.height())
    painter.ground(brush, rect, row)
    painter.draw(brush, rect, row)
    brush.end()
    return {
        QColor(image.pixel(x, y)).name()
        for x in range(image.width())
        for y in range(image.height())
    }


@pytest.mark.parametrize("name", ["dark", "light", "contrast"])
def test_nobody_is_painted_as_what_fails(look: Look, name: str) -> None:
    look.switch(name=name)  # type: ignore[arg-type]
    tone = theme().severity("critical")
    assert {tone.soft.name(), tone.fg.name()} <= colours(PlanPainter(), NOBODY)
    assert tone.fg.name() not in colours(PlanPainter(), STEP)


def test_long_names_make_a_step_higher(look: Look) -> None:
    painter = PlanPainter()
    painter.width = 400
    long = STEP._replace(who=", ".join(["Klára Langová"] * 12), ways="by sms and voice")
    assert painter.height(long) > painter.height(STEP) + 40
    assert painter.height(NOBODY) > painter.height(STEP)
    assert painter.height(PlanRow(key="r", word="Round 1")) == 26


def test_findings_and_versions_are_as_high_as_their_words(look: Look) -> None:
    finding = FindingRow("k", "error", "steps", "Steps", "word " * 60)
    painter = FindingPainter()
    painter.width = 300
    assert painter.height(finding) > painter.height(finding._replace(words="word"))
    history = HistoryPainter()
    history.width = 300
    row = HistoryRow("POL-1", "Version 1", "counts now", "published", ("one",))
    assert history.height(row._replace(changes=("one", "two"))) > history.height(row)
    assert theme().state("ok").fg.name() in colours(history, row)
    assert level_color("error").name() in colours(painter, finding)


def test_the_verdict_of_a_policy_is_painted_by_its_level(look: Look) -> None:
    line = ShelfLine("k", name="Night", matching="service=db", verdict="1 error", level="error")
    assert level_color("error").name() in colours(ShelfPainter(), line)
    warned = line._replace(level="warning", draft=True)
    assert level_color("warning").name() in colours(ShelfPainter(), warned)
    assert ShelfPainter().is_band(ShelfLine("k", word="Drafts"))
