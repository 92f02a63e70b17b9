"""How sources are painted: the age counts while nobody reads anything."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from crisisdesk.desk.frame.line_list import LineList
from crisisdesk.desk.health.source_list import SourceDelegate
from crisisdesk.desk.look.theme import Look
from crisisdesk.domain.service_board.watching import SourceLine

from tests.domain.service_board.facts import NOW, line


def test_it_grows_older_at_each_painting(qtbot: QtBot, look: Look) -> None:
    made = LineList[SourceLine](
        "x",
        SourceDelegate(),
        lambda one: one.source.source_id,
        lambda one: one.source.name,
        picks=False,
    )
    qtbot.addWidget(made)
    made.resize(340, 120)
    made.show_lines([line(ago=0)], NOW)
    with qtbot.waitExposed(made):
        made.show()
    pictures = []
    for seconds in (0, 1, 20, 30):
        made.painter_of_lines.now_ms = NOW + seconds * 1_000
        pictures.append(made.viewport().grab().toImage())
    for at, one in enumerate(pictures):
        assert all(one != other for other in pictures[at + 1 :])
