"""The queue on the screen."""

from __future__ import annotations

import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.alerts.delegate import RowDelegate
from crisisdesk.desk.alerts.layout import columns
from crisisdesk.desk.alerts.model import QueueModel
from crisisdesk.desk.alerts.rates import Rates
from crisisdesk.desk.alerts.view import QueueView
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.queue import Queue
from crisisdesk.domain.queue_rows import Head

from tests.desk.alerts.rows import NOW, alert_row, taken

pytestmark = pytest.mark.usefixtures("look")


def view_of(qtbot: QtBot, queue: Queue) -> QueueView:
    model = QueueModel()
    view = QueueView(model, RowDelegate(Rates()))
    model.setParent(view)
    qtbot.addWidget(view)
    view.resize(1152, 400)
    with qtbot.waitExposed(view):
        view.show()
    view.tick(NOW)
    model.carry(queue.set_grouping(queue.grouping))
    view.restore(-1)
    view.settle()
    return view


def test_the_model_keeps_qts_rules_through_patches(qtbot: QtBot) -> None:
    queue, model = Queue(NOW), QueueModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.carry(queue.apply([alert_row(f"A-{n}") for n in range(20)]))
    model.carry(queue.apply([taken(alert_row(f"A-{n}")) for n in range(0, 20, 3)]))
    model.carry(queue.set_grouping("service"))
    group = next(item for item in model.items if hasattr(item, "block"))
    model.carry(queue.toggle(group.block))
    model.carry(queue.apply([alert_row("A-30", "critical"), alert_row("A-4", count=9)]))
    model.carry(queue.set_filter("A-1"))
    assert model.items == queue.flat()
    assert model.head_rows == [at for at, item in enumerate(model.items) if isinstance(item, Head)]
    assert model.rowCount(model.index(0)) == 0
    assert model.data(QModelIndex()) is None


@settings(max_examples=60, deadline=None)
@given(heads=st.sets(st.integers(0, 60), max_size=4), y=st.integers(0, 2500))
def test_rows_stand_where_they_are_found(qapp: object, heads: set[int], y: int) -> None:
    model = QueueModel()
    view = QueueView(model, RowDelegate(Rates()))
    model.items = [object()] * 61
    model.head_rows = sorted(heads)
    tall, low = theme().px(32), theme().px(26)
    tops = [0]
    for row in range(61):
        tops.append(tops[-1] + (low if row in heads else tall))
    assert [view.top_of(row) for row in range(62)] == tops
    wanted = next((row for row in range(61) if tops[row] <= y < tops[row + 1]), 61)
    assert view.row_at(y) == wanted
    view.deleteLater()


def test_keys_pass_over_heads_and_tell_what_is_selected(qtbot: QtBot) -> None:
    queue = Queue(NOW)
    queue.apply([alert_row("A-1"), taken(alert_row("A-2"))])
    view = view_of(qtbot, queue)
    told: list[str] = []
    view.selected.connect(told.append)
    view.step(1)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert told == ["A-1", "A-2", "A-1"]
    view.select_row(-1)
    assert told[-1] == ""


def test_a_press_on_a_head_selects_nothing_and_one_on_a_row_does(qtbot: QtBot) -> None:
    queue = Queue(NOW)
    queue.apply([alert_row("A-1")])
    view = view_of(qtbot, queue)
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(view.viewport(), left, pos=QPoint(300, 10))
    assert view.selected_id == ""
    QTest.mouseClick(view.viewport(), left, pos=QPoint(300, 40))
    assert view.selected_id == "A-1"


def test_a_selected_row_keeps_its_place_on_the_screen(qtbot: QtBot) -> None:
    queue = Queue(NOW)
    queue.apply([alert_row(f"A-{n:03d}", sla_deadline=NOW + 1000 * n) for n in range(200)])
    view = view_of(qtbot, queue)
    model = view.model()
    assert isinstance(model, QueueModel)
    model.patched.connect(lambda: view.restore(queue.position("A-100") or -1))
    model.patched.connect(view.settle)
    row = queue.position("A-100")
    assert row is not None
    view.select_row(row)
    before = view.row_rect(row).y()
    model.carry(queue.apply([alert_row(f"B-{n}", sla_deadline=NOW - n) for n in range(30)]))
    moved = queue.position("A-100")
    assert moved == row + 30
    assert view.row_rect(moved).y() == before
    assert view.currentIndex().row() == moved
    assert view.selected_id == "A-100"


def test_a_row_is_named_for_a_screen_reader(qtbot: QtBot) -> None:
    queue = Queue(NOW)
    queue.apply(
        [
            alert_row("A-1", "critical", title="replication stopped", sla_deadline=NOW + 41_000),
            taken(alert_row("A-2", "high", title="disk full")),
        ]
    )
    view = view_of(qtbot, queue)
    names = [
        view.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(4)
    ]
    assert names == [
        "Nobody has it, 1 alerts",
        "Critical, unowned, db-primary, replication stopped, 41 seconds to acknowledge",
        "In hand, 1 alerts",
        "High, acknowledged by Klára Langová, db-primary, disk full",
    ]
    interface = QAccessible.queryAccessibleInterface(view)
    assert interface is not None
    assert interface.childCount() >= 4


def test_only_what_moves_is_repainted_on_a_tick(qtbot: QtBot) -> None:
    queue = Queue(NOW)
    queue.apply([alert_row("A-1", sla_deadline=NOW + 600_500), taken(alert_row("A-2"))])
    view = view_of(qtbot, queue)
    regions: list[tuple[int, int]] = []
    delegate = view.itemDelegate()
    assert isinstance(delegate, RowDelegate)
    plain = delegate.paint_item

    def paint_item(painter, area, item, selected, row):
        regions.append((row, delegate.clip_left))
        plain(painter, area, item, selected, row)

    view.tick(NOW)
    qtbot.wait(50)
    delegate.paint_item = paint_item  # type: ignore[method-assign]
    view.viewport().repaint()
    assert {row for row, _ in regions} == {0, 1, 2, 3}
    regions.clear()
    view.tick(NOW + 100)
    qtbot.wait(30)
    assert regions == []
    view.tick(NOW + 700)
    qtbot.wait(30)
    left = columns(view.viewport().width()).live_x
    assert regions == [(1, left)]


@pytest.mark.serial
def test_100_000_rows_scroll_within_a_frame(qtbot: QtBot) -> None:
    random = Random(3)
    queue = Queue(NOW)
    queue.apply(
        [
            alert_row(f"A-{n:06d}", random.choice(["medium", "high", "critical"]),
                      sla_deadline=NOW + random.randrange(9_000_000))
            for n in range(100_000)
        ]
    )  # fmt: skip
    view = view_of(qtbot, queue)
    view.resize(1152, 900)
    bar = view.verticalScrollBar()
    assert bar.maximum() > 3_000_000
    frames = []
    for step in range(60):
        began = time.process_time()
        bar.setValue(bar.maximum() * step // 60)
        view.viewport().repaint()
        frames.append(time.process_time() - began)
    frames.sort()
    print(f"frame p50 {frames[30] * 1e3:.1f}, p95 {frames[57] * 1e3:.1f} ms of CPU")
    # The slowest ones are judged in the benchmarks: here other tests may hold the caches.
    assert frames[30] < 1 / 60
