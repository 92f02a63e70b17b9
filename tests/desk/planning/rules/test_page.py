"""The page of rules: read when it is in view, gone through by keys, never changed."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.rules.page import RulesPage
from crisisdesk.desk.snapshot import Change
from crisisdesk.domain.policy_version import PolicyVersion

from tests.domain.correlation.test_rule import version


class Desk:
    """Answers within the call from a list of versions."""

    def __init__(self) -> None:
        self.versions: list[PolicyVersion] = []
        self.asked = 0
        self.now = 1_000

    def now_ms(self) -> int:
        return self.now

    def ask(self, question: Any, answer: Any) -> None:
        self.asked += 1
        answer(question(self))

    def policies(self) -> list[PolicyVersion]:
        return self.versions


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def page(look: Look, desk: Desk, qtbot: QtBot) -> RulesPage:
    made: Any = desk
    page = RulesPage(made)
    qtbot.addWidget(page)
    page.resize(1228, 600)
    page.show()
    return page


def test_it_shows_the_first_rule_in_words_and_as_a_file(page: RulesPage) -> None:
    assert page.title.text() == "same place"
    assert "3 services or more" in page.words.text()
    assert "kind: correlation" in page.yaml.toPlainText()
    assert page.yaml.isReadOnly()
    assert not page.grab().isNull()
    following, before = page.actions()
    following.run()
    assert page.title.text() == "same service"
    following.run()
    assert page.title.text() == "same service"
    before.run()
    assert page.title.text() == "same place"


def test_what_is_published_shows_and_the_chosen_one_stays(page: RulesPage, desk: Desk) -> None:
    page.go(1)
    desk.versions = [version("Pairs", by=["service"])]
    page.on_snapshot(Change(touched=frozenset({"POL-1"})))
    assert page.title.text() == "same service"
    assert page.rows.rowCount() == 3
    asked = desk.asked
    page.on_snapshot(Change(touched=frozenset({"A-1"})))
    page.tick(desk.now)
    assert desk.asked == asked


def test_out_of_view_it_reads_nothing_and_catches_up(page: RulesPage, desk: Desk) -> None:
    page.hide()
    asked = desk.asked
    desk.versions = [version("same place", disabled=True)]
    page.on_snapshot(Change(full=True))
    assert desk.asked == asked
    page.show()
    assert page.rows.row(0).standing == "switched off"
