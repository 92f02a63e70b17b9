"""The page in the whole window, on a real engine, worked by real keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.oncall.example import NoSchedule
from crisisdesk.desk.planning.oncall.overriding import has_focus
from crisisdesk.desk.planning.oncall.page import OnCallPage
from crisisdesk.desk.planning.oncall.weeks import FINAL_WORD
from crisisdesk.domain.oncall.wall import DAY_MS
from crisisdesk.domain.policy_version import current

from tests.desk.live import Live
from tests.desk.planning.oncall.conftest import shows, turns

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]
KEYS = Qt.Key
MINUTE_MS = 60_000


def press(*keys: Qt.Key, page: OnCallPage) -> None:
    for key in keys:
        QTest.keyClick(QApplication.focusWidget() or page, key)


def write(words: str) -> None:
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, words)


def overrides(live: Live) -> list[dict[str, object]]:
    """What is published as overrides now, in the store itself."""
    found = current(live.read(lambda reader: reader.policies()))
    return [v.content for v in found if v.content["kind"] == "override"]


def selected(page: OnCallPage) -> tuple[str, bool]:
    """Who has the selected shift, and whether by an override."""
    hold = page.hold()
    assert hold is not None
    assert page.outlook is not None
    name = page.outlook.published.name_of(hold.contact) if hold.contact else ""
    return name, hold.override is not None


def test_who_is_on_call_now_is_selected_and_told(page: OnCallPage) -> None:
    assert page.outlook is not None
    standing = next(s for s in page.outlook.standings if s.name == "Database")
    name = page.outlook.published.name_of(standing.on[0])
    assert selected(page) == (name, False)
    said = page.detail.facts.accessibleName()
    assert "Why: Rotation: their turn in Primary." in said
    assert "webhook" in said
    assert page.middle.grid.hasFocus()
    assert page.detail.isAncestorOf(page.detail.add)


def test_an_override_is_added_by_keys_alone_and_undone(
    page: OnCallPage, live: Live, qtbot: QtBot, people: dict[str, str]
) -> None:
    press(KEYS.Key_J, page=page)
    before, _ = selected(page)
    press(KEYS.Key_O, page=page)
    assert page.form.is_open()
    write("Bo" if before != "Bo Birk" else "Cy")
    press(*[KEYS.Key_Tab] * 4, page=page)
    write("swapped")
    press(KEYS.Key_Return, page=page)
    qtbot.waitUntil(lambda: not page.form.is_open())
    qtbot.waitUntil(lambda: selected(page)[1])
    name, _ = selected(page)
    assert name == ("Bo Birk" if before != "Bo Birk" else "Cy Cole")
    assert "Override by Klára Langová, for the whole schedule: swapped" in (
        page.detail.facts.accessibleName()
    )
    [content] = overrides(live)
    assert (content["contact"], content["schedule"]) == (people[name], "Database")
    assert live.desk is not None
    live.desk.shell.undo_last()
    qtbot.waitUntil(lambda: overrides(live) == [])
    qtbot.waitUntil(lambda: not selected(page)[1])


def test_an_override_is_taken_back_by_key_and_comes_back_when_undone(
    page: OnCallPage, live: Live, qtbot: QtBot, people: dict[str, str]
) -> None:
    hold = page.hold()
    assert hold is not None
    other = next(i for i in people.values() if i != hold.contact)
    now = page.desk.now_ms()
    content = {
        "kind": "override",
        "schedule": "Database",
        "contact": other,
        "from": now - DAY_MS,
        "to": now + DAY_MS,
        "reason": "ill",
    }
    live.client.publish_policy("Ill", content)
    qtbot.waitUntil(lambda: selected(page)[1])
    assert page.detail.back.isVisible()
    press(KEYS.Key_B, page=page)
    qtbot.waitUntil(lambda: overrides(live) == [])
    qtbot.waitUntil(lambda: not selected(page)[1])
    assert not page.detail.back.isVisible()
    assert live.desk is not None
    live.desk.shell.undo_last()
    qtbot.waitUntil(lambda: selected(page)[1])
    [back] = overrides(live)
    assert back == content | {"replaces": ""}


def test_bad_input_is_refused_at_its_field_and_publishes_nothing(
    page: OnCallPage, live: Live, qtbot: QtBot
) -> None:
    press(KEYS.Key_O, KEYS.Key_Return, page=page)
    assert page.form.words.text().startswith("Not published: Who is not chosen")
    assert page.form.who.hasFocus()
    write("Ann")
    page.form.end.setText("tomorrow")
    press(KEYS.Key_Return, page=page)
    assert "To 'tomorrow' is no time; write it like" in page.form.words.text()
    assert page.form.end.hasFocus()
    page.form.end.setText(page.form.start.text())
    press(KEYS.Key_Return, page=page)
    assert "To is not after from" in page.form.words.text()
    assert overrides(live) == []
    press(KEYS.Key_Escape, page=page)
    assert not page.form.is_open()
    assert page.middle.grid.hasFocus()


def test_the_keys_turn_the_calendar_and_lead_back(page: OnCallPage, qtbot: QtBot) -> None:
    first = page.monday
    assert first is not None
    grid = page.middle.grid

    def begins(monday: int, weeks: int) -> bool:
        calendar = grid.calendar
        assert calendar is not None
        return (calendar.weeks[0].days[0].day, len(calendar.weeks)) == (monday, weeks)

    press(KEYS.Key_Right, page=page)
    qtbot.waitUntil(lambda: begins(first + 7, 2))
    press(KEYS.Key_Left, KEYS.Key_Left, page=page)
    qtbot.waitUntil(lambda: begins(first - 7, 2))
    press(KEYS.Key_T, page=page)
    qtbot.waitUntil(lambda: begins(first, 2))
    press(KEYS.Key_M, page=page)
    qtbot.waitUntil(lambda: grid.calendar is not None and len(grid.calendar.weeks) >= 4)
    press(KEYS.Key_W, page=page)
    qtbot.waitUntil(lambda: begins(first, 2))
    for _ in range(4):
        press(KEYS.Key_J, page=page)
        qtbot.waitUntil(page.is_settled)
    hold = page.hold()
    assert hold is not None
    assert hold.start_ms > page.desk.now_ms() + 14 * DAY_MS, "it turned to the shift after"


def test_schedules_are_chosen_by_key_and_gaps_lead_to_their_week(
    page: OnCallPage, qtbot: QtBot
) -> None:
    press(KEYS.Key_BracketRight, page=page)
    qtbot.waitUntil(lambda: shows(page, "Office"))
    press(KEYS.Key_BracketLeft, page=page)
    qtbot.waitUntil(lambda: shows(page, "Database"))
    lines = page.left.gaps.lines.rows()
    assert {line.schedule for line in lines} == {"Office"}
    press(KEYS.Key_G, page=page)
    qtbot.waitUntil(lambda: shows(page, "Office") and page.is_settled())
    hold = page.hold()
    assert hold is not None
    assert hold.contact == ""
    assert hold.end_ms > lines[0].start_ms >= hold.start_ms
    assert page.detail.title.accessibleName() == "Gap: nobody is on call"
    assert page.detail.add.text() == "Fill it"


def test_a_week_end_counts_on_the_rail_only_near_it(page: OnCallPage) -> None:
    assert page.outlook is not None
    office = next(s for s in page.outlook.standings if s.name == "Office")
    empty, soon = office.empty_now, office.gap_soon(page.outlook.at_ms)
    assert page.count() == int(empty or soon)
    assert page.count_severity() == ("critical" if empty else "high" if soon else "")


def test_while_the_engine_is_away_nothing_is_offered_and_the_draft_stays(
    page: OnCallPage, live: Live, qtbot: QtBot
) -> None:
    press(KEYS.Key_O, page=page)
    page.form.reason.setText("half a sentence")
    live.engine.kill()
    qtbot.waitUntil(page.desk.engine_away, timeout=15_000)
    assert not page.form.give.isEnabled()
    assert page.form.reason.text() == "half a sentence"
    assert has_focus(page.form), "the keyboard stays where it was"
    assert not page.detail.add.isEnabled()
    assert page.detail.away.isVisible()
    assert not page.files.into.isEnabled()
    assert page.files.out.isEnabled(), "a file can be written from what is here"
    off = {action.title: action.detail for action in page.actions() if not action.enabled}
    assert off["Add override"] == "not while the engine is away"
    assert off["Import calendar…"] == "not while the engine is away"


def test_a_button_that_is_switched_off_gives_the_keyboard_to_the_calendar(
    page: OnCallPage, live: Live, qtbot: QtBot
) -> None:
    page.detail.add.setFocus()
    live.engine.kill()
    qtbot.waitUntil(page.desk.engine_away, timeout=15_000)
    assert page.middle.grid.hasFocus()


def test_without_a_schedule_it_says_what_to_do_and_the_file_can_be_published(
    open_page: Callable[[], OnCallPage], live: Live, qtbot: QtBot
) -> None:
    import yaml

    page = open_page()
    assert isinstance(page.stack.currentWidget(), NoSchedule)
    assert page.none.copy.hasFocus() or page.count() == 0
    press(KEYS.Key_C, page=page)
    told = yaml.safe_load(QApplication.clipboard().text())
    assert (set(told), told["name"]) == ({"name", "content"}, "Database")
    live.client.publish_policy(told["name"], told["content"])
    qtbot.waitUntil(lambda: shows(page, "Database"))
    assert page.middle.grid.calendar is not None
    assert page.middle.grid.calendar.weeks[0].rows[-1].name == FINAL_WORD


def test_a_withdrawn_schedule_leaves_the_page(page: OnCallPage, live: Live, qtbot: QtBot) -> None:
    versions = current(live.read(lambda reader: reader.policies()))
    by_name = {version.name: version.version_id for version in versions}
    live.client.withdraw_policy(by_name["Database"])
    qtbot.waitUntil(lambda: shows(page, "Office"))
    live.client.withdraw_policy(by_name["Office"])
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.none)
    assert page.count() == 0


def test_a_hand_over_is_noticed_without_any_event(
    page: OnCallPage, live: Live, qtbot: QtBot, people: dict[str, str]
) -> None:
    """Two turns of an hour: at the next full hour the other one is on call."""
    ann, bo = people["Ann Alder"], people["Bo Birk"]
    hourly = turns(ann, bo, rotation="hour", handover={"time": "00:00"}, start="2026-01-05")
    live.client.publish_policy("Hourly", hourly)
    qtbot.waitUntil(lambda: page.outlook is not None and page.outlook.standings[1].name == "Hourly")
    assert page.outlook is not None
    before = page.outlook.standings[1]
    assert before.until_ms is not None
    page.watch(before.until_ms)
    qtbot.waitUntil(
        lambda: page.outlook is not None and page.outlook.standings[1].on == before.then
    )


def test_another_zoom_takes_the_panes_along(page: OnCallPage, look: Look) -> None:
    left, _, right = page.split.sizes()
    page.window().resize(1920, 1100)
    look.switch(zoom=150)
    wide, _, broad = page.split.sizes()
    assert wide == pytest.approx(left * 1.5, abs=2)
    assert broad == pytest.approx(right * 1.5, abs=2)


def test_a_page_that_has_nothing_to_read_yet_says_so(page: OnCallPage, qtbot: QtBot) -> None:
    late = OnCallPage(page.desk)
    qtbot.addWidget(late)
    late.show()
    now = page.desk.now_ms()
    late.watch(now)
    late.watch(now + 1_500)
    assert late.waiting.words.isVisible()
    qtbot.waitUntil(lambda: late.outlook is not None)
    assert not late.waiting.words.isVisible()


class Losing:
    """A desk whose first question is lost, as with a store that cannot be read just then."""

    def __init__(self, desk: Any) -> None:
        self._desk, self.asked = desk, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._desk, name)

    def ask(self, question: Any, answer: Any) -> None:
        self.asked += 1
        if self.asked > 1:
            self._desk.ask(question, answer)


def test_an_answer_that_was_lost_is_asked_for_again(page: OnCallPage, qtbot: QtBot) -> None:
    desk: Any = Losing(page.desk)
    late = OnCallPage(desk)
    qtbot.addWidget(late)
    now = page.desk.now_ms()
    for passed in (0, 1_000, 2_999):
        late.watch(now + passed)
    assert desk.asked == 1
    late.watch(now + 3_000)
    assert desk.asked == 2
    qtbot.waitUntil(lambda: late.outlook is not None)


def test_span_and_schedule_are_remembered(page: OnCallPage, qtbot: QtBot) -> None:
    page.left.schedules.select("Office")
    page.show_span("month")
    qtbot.waitUntil(lambda: shows(page, "Office"))
    again = OnCallPage(page.desk)
    qtbot.addWidget(again)
    assert (again.schedule, again.span) == ("Office", "month")
