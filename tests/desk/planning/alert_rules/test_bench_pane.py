"""The bench: what the rule is tried on, and what came of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.alert_rules.bench_input import FILE, TYPED, Wanted
from crisisdesk.desk.planning.alert_rules.bench_pane import BenchPane

from tests.desk.planning.alert_rules.cases import DISK, disk, samples, tried

HIGH = samples(0.5, 0.95, 0.95, 0.97, 0.7)


@pytest.fixture
def pane(look: Look, qtbot: QtBot) -> BenchPane:
    made = BenchPane()
    qtbot.addWidget(made)
    made.resize(420, 700)
    made.show()
    return made


def test_a_stretch_a_file_or_typed_samples_are_wanted(pane: BenchPane, tmp_path: Path) -> None:
    heard: list[Wanted] = []
    pane.wanted_changed.connect(lambda: heard.append(pane.wanted()))
    assert (pane.wanted(), pane.typed.isVisible(), pane.file.isVisible()) == (
        Wanted("24h"), False, False,
    )  # fmt: skip
    pane.choose("7d")
    pane.choose(TYPED)
    assert pane.typed.isVisible()
    QTest.keyClicks(pane.typed, "0.5 1")
    path = str(tmp_path / "some.csv")
    pane.choose_file()
    assert pane.dialog is not None
    pane.dialog.fileSelected.emit(path)
    pane.dialog.close()
    assert (pane.file.isVisible(), pane.file_name.text()) == (True, "some.csv")
    assert heard[0] == Wanted("7d")
    assert heard[-1] == Wanted(FILE, path)
    assert Wanted(TYPED, "0.5 1") in heard


def test_what_came_of_a_trial_is_shown_and_what_was_not_tried_is_said(pane: BenchPane) -> None:
    pane.show_running(0.42)
    assert pane.said.text() == "Trying it: 42 %"
    assert pane.stop.isVisible()
    pane.show_tried(tried(DISK, HIGH))
    assert "fired once" in pane.said.text()
    assert (pane.stop.isVisible(), pane.chart.isVisible()) == (False, True)
    assert len(pane.spans.rows.rows()) == 1
    assert "would have fired 1 times" in pane.chart.accessibleName()
    pane.show_nothing("Not tried: there is nothing.", bad=True)
    assert (pane.said.text(), pane.chart.isVisible()) == ("Not tried: there is nothing.", False)
    assert pane.spans.rows.rows() == []


def test_the_chart_goes_with_the_span_and_from_series_to_series(pane: BenchPane) -> None:
    other = samples(0.95, 0.95, 0.97, 0.7, 0.7, host="b")
    pane.show_tried(tried(DISK, (*HIGH, *other)))
    assert pane.series() == disk("a")
    pane.next_series()
    assert pane.series() == disk("b")
    pane.next_series()
    assert pane.series() == disk("a")
    pane.spans.go(0)
    pane.spans.go(1)
    chosen = pane.spans.selected()
    assert chosen is not None
    assert chosen.series == "host=b"
    assert pane.series() == disk("b")
    pane.show_tried(tried(DISK, (*HIGH, *other)))
    assert pane.series() == disk("b"), "another trial leaves the series in view"


def test_stop_is_asked_for(pane: BenchPane, qtbot: QtBot) -> None:
    pane.show_running(0.0)
    with qtbot.waitSignal(pane.stopped):
        pane.stop.click()
