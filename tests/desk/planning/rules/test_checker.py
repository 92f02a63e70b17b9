"""The open rule is looked at once it rests, and only the last answer is shown."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.desk.planning.rules.checker import Checker
from crisisdesk.desk.planning.rules.reading import Looked

from tests.desk.planning.policies.seats import UnreadDesk

RULE: dict[str, Any] = {"kind": "correlation", "by": ["service"]}


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_only_what_is_wanted_last_is_shown(parent: QWidget) -> None:
    desk, shown = UnreadDesk(), list[Looked | None]()
    checker = Checker(desk, shown.append, parent)  # type: ignore[arg-type]
    checker.look("One", RULE)
    checker.ask()
    assert shown == [None]
    checker.look("Two", RULE)
    checker.ask()
    assert len(desk.asked) == 1, "one question at a time"
    first = desk.asked[0]
    first(Looked(("of One",)))
    assert shown == [None, None], "an answer to what is open no more is not shown"
    assert len(desk.asked) == 2
    desk.asked[1](Looked(("of Two",)))
    assert shown[-1] == Looked(("of Two",))


def test_the_same_is_not_asked_again_unless_more_is_known(parent: QWidget) -> None:
    desk, shown = UnreadDesk(), list[Looked | None]()
    checker = Checker(desk, shown.append, parent)  # type: ignore[arg-type]
    checker.look("One", RULE)
    checker.ask()
    desk.asked[0](Looked(("of One",)))
    checker.look("One", dict(RULE))
    assert shown == [None, Looked(("of One",))]
    checker.look("One", RULE, anew=True)
    checker.ask()
    assert len(desk.asked) == 2
    assert shown[-1] == Looked(("of One",)), "what was found stays until it is known better"


def test_an_answer_that_never_comes_is_asked_for_again(parent: QWidget) -> None:
    desk, shown = UnreadDesk(), list[Looked | None]()
    checker = Checker(desk, shown.append, parent)  # type: ignore[arg-type]
    checker.look("One", RULE)
    checker.ask()
    desk.now += 20_000
    checker.ask()
    assert len(desk.asked) == 2


def test_what_cannot_be_published_is_not_looked_at(parent: QWidget) -> None:
    desk, shown = UnreadDesk(), list[Looked | None]()
    checker = Checker(desk, shown.append, parent)  # type: ignore[arg-type]
    checker.look("One", RULE)
    checker.look("One", None)
    checker.ask()
    assert desk.asked == []
    assert shown == [None, None]
