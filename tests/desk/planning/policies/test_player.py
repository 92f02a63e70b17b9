"""Whatever is open is played as it stands, also before it has a name."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.policies.content import fresh
from crisisdesk.desk.planning.policies.form import PolicyForm
from crisisdesk.desk.planning.policies.player import Player
from crisisdesk.desk.planning.policies.reading import Played
from crisisdesk.desk.planning.policies.simulator import Simulator
from crisisdesk.domain.rehearsal import rehearse
from crisisdesk.domain.rota import Rota

from tests.desk.planning.policies.seats import Seat, UnreadDesk
from tests.domain.escalation.people import EVERYBODY, policy

pytestmark = pytest.mark.serial


def test_a_draft_without_a_name_is_played_and_cannot_be_published(seat: Seat) -> None:
    seat.person("Ann")
    page = seat.page
    page.orders.new()
    listed = page.simulator.findings.rows
    seat.until(lambda: [row.level for row in listed.rows()][:1] == ["missing"])
    assert seat.plan()[:1] == [("+00:00", "Ann")]
    assert page.editor.form.fits.text() == "Fits 0 open alerts now."
    seat.live.raise_alert("Disk is full", service="db")
    seat.write(page.editor.form.matching.line, "service=db")
    seat.until(lambda: page.editor.form.fits.text() == "Fits 1 open alert now.")


def test_severity_start_and_hours_are_those_of_the_simulator(seat: Seat) -> None:
    seat.person("Ann")
    seat.publish("Night", fresh() | {"repeat": 9})
    page = seat.page
    page.open("name:Night")
    simulator = page.simulator
    simulator.severity.setCurrentIndex(simulator.severity.findData("high"))
    simulator.start.line.setText("2026-12-24 03:00")
    simulator.hours.line.setText("1")
    seat.until(lambda: seat.plan()[:1] == [("+00:15", "Ann")])
    first = next(row for row in simulator.plan.rows.rows() if row.after)
    assert first.utc == "03:00:15"
    assert len(seat.plan()) == 10
    simulator.start.line.setText("whenever")
    seat.until(lambda: "no time" in simulator.start.refusal.text())
    assert not simulator.plan.isVisible()


def test_only_the_last_of_many_changes_is_shown(seat: Seat) -> None:
    seat.person("Ann")
    seat.publish("Night", fresh())
    page = seat.page
    page.open("name:Night")
    line = page.editor.form.cards[0].wait.line
    for text in ("1 min", "2 min", "3 min"):
        seat.write(line, text)
    seat.until(lambda: [after for after, _ in seat.plan()[:2]] == ["+00:00", "+03:00"])


def test_a_plan_from_now_goes_on_with_the_clock(seat: Seat) -> None:
    seat.person("Ann")
    seat.publish("Night", fresh())
    seat.page.open("name:Night")
    seat.until(lambda: len(seat.plan()) > 1)
    now_ms = seat.desk.shell.now_ms()
    before = [row.utc for row in seat.page.simulator.plan.rows.rows() if row.after]
    seat.until(lambda: seat.desk.shell.now_ms() // 1000 > now_ms // 1000)
    seat.page.player.tick(now_ms + 40_000)
    seat.until(
        lambda: [row.utc for row in seat.page.simulator.plan.rows.rows() if row.after] != before
    )


def test_one_question_is_asked_at_a_time_and_the_last_change_is_played(
    look: Look, qtbot: QtBot
) -> None:
    desk = UnreadDesk()
    simulator, form = Simulator(), PolicyForm()
    for widget in (simulator, form):
        qtbot.addWidget(widget)
    player = Player(desk, simulator, form, simulator)  # type: ignore[arg-type]
    night = policy([EVERYBODY])
    player.play(night, ())
    qtbot.waitUntil(lambda: len(desk.asked) == 1)
    before = simulator.head.accessibleName()
    simulator.hours.line.setText("2")
    player.tick(desk.now + 60_000)
    assert len(desk.asked) == 1, "the first is not answered yet"
    played = Played(rehearse(night, Rota([]), {}, desk.now, hours=12), {}, 3)
    desk.asked[0](played)
    assert simulator.head.accessibleName() == before, "what was asked before is not shown"
    assert len(desk.asked) == 2
    desk.asked[1](played)
    assert form.fits.text() == "Fits 3 open alerts now."
    player.tick(desk.now + 20_000)
    assert len(desk.asked) == 2
    desk.now += 60_000
    player.tick(desk.now)
    desk.now += 11_000
    player.tick(desk.now + 60_000)
    assert len(desk.asked) == 4, "an answer that never came holds nothing up"
