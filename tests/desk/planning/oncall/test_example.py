"""The example that is shown while no schedule is published."""

from __future__ import annotations

import pytest
import yaml
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.planning.oncall.example import NoSchedule, example_text
from crisisdesk.domain.oncall.reading import read_schedule
from crisisdesk.domain.oncall.shifts import on_call
from crisisdesk.domain.publishing import checked_content

from tests.desk.planning.oncall.published import DAY, NOW, ZONE, contact


def test_it_can_be_published_as_it_stands_and_has_somebody_from_the_first_monday_on() -> None:
    people = [contact("C-ANN"), contact("C-BO"), contact("C-CY", removed=True), contact("C-DEE")]
    told = yaml.safe_load(example_text(people, ZONE, NOW))
    plan = read_schedule(told["name"], checked_content(told["name"], told["content"]))
    assert plan.layers[0].members == ("C-ANN", "C-BO", "C-DEE")
    assert plan.zone == ZONE
    assert on_call(plan, (), NOW) == ("C-ANN",)
    assert on_call(plan, (), NOW + 7 * DAY) == ("C-BO",)


def test_without_people_it_names_ids_to_fill_in_and_an_odd_zone_becomes_utc() -> None:
    text = example_text([], "localtime", NOW)
    told = yaml.safe_load(text)
    assert told["content"]["zone"] == "UTC"
    assert "the id of a contact" in text
    checked_content(told["name"], told["content"])


@pytest.mark.usefixtures("look")
def test_it_is_copied_whole_and_problems_stand_above_it(qtbot: QtBot) -> None:
    page = NoSchedule()
    qtbot.addWidget(page)
    page.resize(1228, 600)
    page.show()
    text = example_text([], ZONE, NOW)
    page.show_example(text, [])
    assert not page.trouble.isVisible()
    page.copy.click()
    assert QGuiApplication.clipboard().text() == f"{text}\n"
    assert page.copied.text() == "Copied"
    page.show_example(text, ["schedule Database is not used, it cannot be read: zone is no zone"])
    assert page.trouble.isVisible()
    assert page.trouble.text().endswith("zone is no zone.")
    with qtbot.waitSignal(page.helped):
        page.help.click()


@pytest.mark.usefixtures("look")
def test_all_of_it_is_seen_without_scrolling(qtbot: QtBot) -> None:
    page = NoSchedule()
    qtbot.addWidget(page)
    page.resize(1228, 626)
    page.show_example(example_text([contact("C-ANN")], ZONE, NOW), [])
    with qtbot.waitExposed(page):
        page.show()
    assert page.text.verticalScrollBar().maximum() == 0
    low = page.text.geometry().bottom()
    assert page.command.geometry().top() > low
