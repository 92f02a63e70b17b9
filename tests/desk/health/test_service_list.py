"""How services are painted: each state differs, quiet ones step back, the small line stands."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from crisisdesk.desk.frame.line_list import LineList
from crisisdesk.desk.health.service_list import ServiceDelegate, beside_words
from crisisdesk.desk.health.sparkline import Spark
from crisisdesk.desk.look.theme import Look, theme
from crisisdesk.domain.service_board.hushed import Hush
from crisisdesk.domain.service_board.judging import ServiceLine, ServiceState

from tests.domain.service_board.facts import NOW


def shown(qtbot: QtBot, *of: ServiceLine) -> LineList[ServiceLine]:
    made = LineList[ServiceLine](
        "x", ServiceDelegate(), lambda one: one.name, lambda one: one.name, picks=False
    )
    qtbot.addWidget(made)
    made.resize(340, 300)
    made.show_lines(of, NOW)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_no_two_states_look_alike(qtbot: QtBot, look: Look) -> None:
    of = [ServiceLine("shop", state, since=NOW - 60_000) for state in ServiceState]
    made = [ServiceLine("shop", of[0].state, hush=Hush("S", NOW + 1, ""), since=NOW - 60_000)]
    pictures = [shown(qtbot, one).viewport().grab().toImage() for one in [*of, *made]]
    for at, one in enumerate(pictures):
        assert all(one != other for other in pictures[at + 1 :])


def test_the_small_line_is_painted(qtbot: QtBot, look: Look) -> None:
    made = shown(qtbot, ServiceLine("shop", ServiceState.OK))
    bare = made.viewport().grab().toImage()
    painter = made.painter_of_lines
    assert isinstance(painter, ServiceDelegate)
    painter.sparks = {"shop": Spark(((0, 1.0), (10, 3.0)), 0, 10)}
    assert made.viewport().grab().toImage() != bare
    assert made.sizeHintForRow(0) == theme().px(ServiceDelegate.height)


def test_what_stands_beside_the_name() -> None:
    state = ServiceState.OK
    assert beside_words(ServiceLine("a", state, owner="Kim", tier="1")) == [
        "Kim · tier 1",
        "Kim",
        "tier 1",
    ]
    assert beside_words(ServiceLine("a", state, tier="1")) == ["tier 1"]
    assert beside_words(ServiceLine("a", state)) == []
