"""The pane of what holds now."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from crisisdesk.desk.health.sparkline import Spark
from crisisdesk.desk.look.theme import Look, theme
from crisisdesk.desk.recovery_room.health_pane import HealthPane
from crisisdesk.desk.recovery_room.health_words import HealthLine


def test_it_takes_no_room_without_lines_and_paints_a_chart_beside_them(
    qtbot: QtBot, look: Look
) -> None:
    pane = HealthPane()
    qtbot.addWidget(pane)
    assert pane.isHidden()
    spark = Spark(((0, 1.0), (30, 4.0), (60, 2.0)), 0, 60)
    line = HealthLine("rows", "Rows", "holds · 3, must be <= 5", "circle-check", "ok", spark)
    pane.resize(300, 120)
    pane.show_health([line], "at 02:41:02 UTC", 0)
    pane.show()
    with_chart = pane.grab().toImage()
    pane.show_health([line._replace(spark=Spark())], "at 02:41:02 UTC", 0)
    assert pane.grab().toImage() != with_chart
    pane.show_health([line._replace(key=str(n)) for n in range(9)], "", 0)
    assert pane.list.height() == 4 * theme().px(44)
    pane.show_health([], "", 0)
    assert pane.isHidden()
