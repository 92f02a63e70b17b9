"""The timeline stays still under its reader and light when it is long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.dossier import Dossier
from crisisdesk.desk.incidents.timeline_view import BATCH, TimelineView
from crisisdesk.domain.timeline import TimelineEntry, TimelineFilter

from tests.domain.incident_log import START

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def view(dossier: Dossier, qtbot: QtBot) -> TimelineView:
    made = TimelineView()
    qtbot.addWidget(made)
    made.resize(560, 300)
    made.show()
    made.show_entries(dossier.entries, START)
    return made


def newer(dossier: Dossier, count: int) -> tuple[TimelineEntry, ...]:
    first = dossier.entries[0]
    fresh = [replace(first, key=f"new{n}", happened_at=first.happened_at + n) for n in range(count)]
    return (*reversed(fresh), *dossier.entries)


def test_newest_on_top_and_news_are_inserted_not_reset(
    view: TimelineView, dossier: Dossier, settle: Callable[[], None]
):
    steps: list[str] = []
    view.rows.modelReset.connect(lambda: steps.append("reset"))
    view.rows.rowsInserted.connect(lambda _p, first, last: steps.append(f"{first}-{last}"))
    view.show_entries(newer(dossier, 2), START)
    assert steps == ["0-1"]
    settle()
    assert view.verticalScrollBar().value() == 0


def test_what_is_being_read_stays_where_it_is(
    view: TimelineView, dossier: Dossier, settle: Callable[[], None]
):
    settle()
    view.verticalScrollBar().setValue(200)
    settle()
    index = view.indexAt(view.viewport().rect().center())
    key, top = view.rows.row(index.row()).key, view.visualRect(index).top()
    view.show_entries(newer(dossier, 5), START)
    settle()
    assert view.visualRect(view.rows.index_of(key)).top() == top


def test_filters_and_their_empty_words(view: TimelineView):
    full = view.grab().toImage()
    view.set_filter(TimelineFilter.PINNED)
    assert view.rows.rowCount() == 1
    view.show_entries((), START)
    assert view.rows.rowCount() == 0
    assert view.grab().toImage() != full


def test_enter_unfolds_what_stood_before(
    view: TimelineView, qtbot: QtBot, settle: Callable[[], None]
):
    view.set_filter(TimelineFilter.PINNED)
    view.setCurrentIndex(view.rows.index(0, 0))
    settle()
    low = view.visualRect(view.rows.index(0, 0)).height()
    qtbot.keyClick(view, Qt.Key.Key_Return)
    settle()
    assert view.visualRect(view.rows.index(0, 0)).height() > low
    assert view.current_entry() is not None


def test_a_wider_window_measures_again(view: TimelineView, settle: Callable[[], None]):
    settle()
    narrow = sum(view.visualRect(view.rows.index(i, 0)).height() for i in range(17))
    view.resize(1100, 300)
    settle()
    assert sum(view.visualRect(view.rows.index(i, 0)).height() for i in range(17)) < narrow


def test_a_long_record_is_shown_as_far_back_as_it_is_read(
    view: TimelineView, dossier: Dossier, settle: Callable[[], None]
):
    long = newer(dossier, 4 * BATCH)
    view.show_entries(long, START)
    settle()
    assert view.rows.rowCount() == BATCH
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum())
    settle()
    assert view.rows.rowCount() == 2 * BATCH
    key = view.rows.row(view.indexAt(view.viewport().rect().topLeft()).row()).key
    top = view.visualRect(view.rows.index_of(key)).top()
    view.show_entries((replace(long[0], key="newest"), *long), START)
    settle()
    assert view.rows.rowCount() == 2 * BATCH + 1
    assert view.visualRect(view.rows.index_of(key)).top() == top
    view.start_over()
    view.show_entries(long, START)
    assert view.rows.rowCount() == BATCH
