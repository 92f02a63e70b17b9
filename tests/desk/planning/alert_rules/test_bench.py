"""The open rule is tried once it rests; what was wanted before is not shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.alert_rules.bench import (
    HINTS,
    KEPT_KEY,
    STOPPED,
    UNREADABLE,
    Bench,
)
from crisisdesk.desk.planning.alert_rules.bench_input import FILE, TYPED
from crisisdesk.desk.planning.alert_rules.bench_pane import BenchPane

from tests.desk.planning.alert_rules.cases import DISK, rule
from tests.desk.planning.policies.seats import UnreadDesk

LONG = " ".join(["0.5", "0.95"] * 2_000)


class Bed:
    """A bench on its pane, with a desk that keeps what is to be kept."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.folder, self.desk = qtbot, folder, UnreadDesk()
        self.pane = BenchPane()
        qtbot.addWidget(self.pane)
        self.pane.resize(420, 700)
        self.pane.show()
        self.bench = Bench(self.desk, self.pane, self.pane)  # type: ignore[arg-type]

    def look(self, text: str = "0.5 0.95 0.95 0.5") -> None:
        self.pane.choose(TYPED)
        self.pane.typed.setPlainText(text)
        self.bench.look(rule(), [], self.folder)

    def ends(self) -> None:
        self.qtbot.waitUntil(lambda: not self.bench.running)


@pytest.fixture
def bed(look: Look, qtbot: QtBot, tmp_path: Path) -> Bed:
    return Bed(qtbot, tmp_path)


def test_it_is_tried_a_moment_after_the_last_change(bed: Bed, qtbot: QtBot) -> None:
    bed.look()
    assert not bed.bench.running
    qtbot.waitUntil(lambda: "fired once" in bed.pane.said.text())
    assert bed.desk.kept[KEPT_KEY] == TYPED
    bed.bench.look(rule(), [], bed.folder)
    assert "fired once" in bed.pane.said.text(), "the same rule is not tried anew"
    bed.bench.look(
        rule({**DISK, "conditions": {"metric": "disk", "op": "<", "value": 0}}), [], None
    )
    bed.bench.look(
        rule({**DISK, "conditions": {"metric": "disk", "op": "<", "value": 0}}), [], bed.folder
    )
    qtbot.waitUntil(lambda: "never" in bed.pane.said.text())


def test_a_trial_is_stopped_and_begun_again(bed: Bed, qtbot: QtBot) -> None:
    bed.look(LONG)
    bed.bench.run()
    assert bed.bench.running
    bed.bench.stop()
    assert (bed.bench.running, bed.pane.said.text()) == (False, STOPPED)
    bed.bench.run()
    bed.ends()
    assert "fired" in bed.pane.said.text()


def test_what_cannot_be_read_is_not_tried(bed: Bed) -> None:
    bed.look(LONG)
    bed.bench.run()
    bed.bench.look(None, [], bed.folder)
    assert (bed.bench.running, bed.pane.said.text()) == (False, UNREADABLE)
    bed.bench.run()
    assert not bed.bench.running
    bed.bench.leave()
    assert bed.pane.said.text() == ""


def test_an_answer_to_what_is_not_wanted_any_more_is_not_shown(bed: Bed) -> None:
    bed.look("0.5 0.5")
    bed.bench.run()
    before = bed.bench._number
    bed.bench.look(None, [], bed.folder)
    bed.bench.worker.went.emit(before, 0.5)
    bed.bench.worker.ended.emit(before, "Not tried: late.")
    assert bed.pane.said.text() == UNREADABLE


@pytest.mark.parametrize("key", [FILE, TYPED])
def test_without_anything_to_try_it_on_it_says_what_to_do(bed: Bed, key: str) -> None:
    bed.look()
    bed.pane.typed.clear()
    bed.pane.choose(key)
    bed.bench.run()
    assert (bed.bench.running, bed.pane.said.text()) == (False, HINTS[key])


def test_why_it_was_not_tried_is_told(bed: Bed, qtbot: QtBot) -> None:
    bed.look("x y")
    bed.bench.run()
    bed.ends()
    assert bed.pane.said.text().startswith("Not tried: ")
