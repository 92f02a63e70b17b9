"""What every page of drafts does, whatever it publishes: tried on the page of rules."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.rules.page import RulesPage
from crisisdesk.desk.planning.rules.reading import NO_RULES, known_of
from crisisdesk.desk.snapshot import Change

from tests.desk.planning.policies.seats import UnreadDesk


@pytest.fixture
def desk() -> UnreadDesk:
    return UnreadDesk()


@pytest.fixture
def page(desk: UnreadDesk, look: Look, qtbot: QtBot) -> RulesPage:
    made = RulesPage(desk)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.show()
    made.tick(desk.now)
    return made


def test_it_asks_once_and_says_when_nothing_can_be_read(page: RulesPage, desk: UnreadDesk) -> None:
    assert len(desk.asked) == 1
    desk.now += 3_000
    page.tick(desk.now)
    assert "cannot be read" in page.editor.shown_title()
    page.on_snapshot(Change(touched=frozenset({"A-1"})))
    assert len(desk.asked) == 1
    desk.now += 10_000
    page.on_snapshot(Change(touched=frozenset({"POL-1"})))
    assert len(desk.asked) == 2
    desk.asked[-1](known_of([]))
    assert page.editor.shown_title() == ""
    assert page.book.known is not NO_RULES


def test_what_is_typed_is_kept_with_the_window(
    page: RulesPage, desk: UnreadDesk, qtbot: QtBot
) -> None:
    desk.asked[-1](known_of([]))
    page.editor.yaml.text.setPlainText("name: [")
    assert page.book.is_draft()
    again = RulesPage(desk)  # type: ignore[arg-type]
    qtbot.addWidget(again)
    assert [draft.raw for draft in again.book.listed()] == ["name: ["]
    assert again.book.selected == page.book.selected


def test_without_the_engine_nothing_is_begun(page: RulesPage, desk: UnreadDesk) -> None:
    desk.asked[-1](known_of([]))
    page.engine_changed(True)
    page.choose()
    page.begin("correlation")
    assert page.book.listed() == []
    assert not page.can_change()
    assert not page.list.new.isEnabled()
