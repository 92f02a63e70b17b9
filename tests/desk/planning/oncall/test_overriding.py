"""Between the page, its form and the engine."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.planning.oncall.overriding import has_focus
from crisisdesk.desk.planning.oncall.page import OnCallPage

from tests.desk.live import Live

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]


def test_the_form_offers_who_can_be_paged_and_keeps_what_is_typed(
    page: OnCallPage, live: Live, qtbot: QtBot, people: dict[str, str]
) -> None:
    live.client.save_contact({"name": "Off", "enabled": False, "methods": []})
    qtbot.waitUntil(lambda: page.outlook is not None and len(page.outlook.published.contacts) == 4)
    page.overriding.begin()
    offered = [page.form.who.itemText(n) for n in range(page.form.who.count())]
    assert offered == ["choose", *sorted(people)]
    whom = [page.form.whom.itemText(n) for n in range(page.form.whom.count())]
    assert whom[0] == "everybody in the schedule"
    assert set(whom[1:]) <= set(people)
    assert len(whom) > 1
    assert has_focus(page.form)
    page.form.reason.setText("kept")
    page.middle.grid.setFocus()
    page.overriding.begin()
    assert page.form.reason.text() == "kept", "asked for again, it only takes the keyboard"
    assert has_focus(page.form)


def test_another_schedule_puts_the_form_away(page: OnCallPage, qtbot: QtBot) -> None:
    page.overriding.begin()
    page.left.schedules.select("Office")
    assert not page.form.is_open()
    assert page.detail.add.isVisible()


def test_taking_back_without_an_override_does_nothing(
    page: OnCallPage, live: Live, qtbot: QtBot
) -> None:
    before = live.read(lambda reader: reader.head_pos())
    page.overriding.take_back()
    # The commands go one after the other: what follows was sent later.
    done: list[object] = []
    page.desk.command("ask", lambda client: client.contacts(), done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert live.read(lambda reader: reader.head_pos()) == before
