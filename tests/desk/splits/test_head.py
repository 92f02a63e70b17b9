"""The head of a split says who, when and how much."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.splits.head import ColumnHead, SplitHead, span_of_day
from crisisdesk.desk.splits.reading import Page

from tests.desk.fleet.fleets import NOW
from tests.desk.splits.conftest import CUT

pytestmark = [CUT, pytest.mark.usefixtures("look")]


def test_the_second_day_is_named_only_when_it_is_another() -> None:
    assert span_of_day(NOW, NOW + 798_000) == "Thu 12 Feb 2026, 02:02:14 to 02:15:32 UTC"
    assert span_of_day(NOW, NOW + 86_400_000).endswith("to Fri 13 Feb 02:02:14 UTC")


def test_it_is_read_aloud_with_what_waits(page: Page, calm: Page, qtbot: QtBot) -> None:
    head = SplitHead()
    qtbot.addWidget(head)
    head.show_page(page)
    assert head.accessibleName().startswith("This station, BRNO-1, was cut off for 13 min.")
    assert head.accessibleName().endswith("2 to decide")
    head.show_page(calm)
    assert head.accessibleName().endswith("nothing to decide")


def test_the_columns_name_the_sides(qtbot: QtBot) -> None:
    names = ColumnHead()
    qtbot.addWidget(names)
    names.show_sides(("at BRNO-2", "here and elsewhere"))
    names.show_width(900)
    told = "Columns: Thing, At BRNO-2, Here and elsewhere, What stands now"
    assert names.accessibleName() == told
