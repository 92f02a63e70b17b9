"""The form that says what is out: keys alone are enough, faults stand at their field."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.channel_map.outage_form import OutageForm, Wanted, wanted_of
from crisisdesk.domain.errors import Malformed

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def form(qtbot: QtBot) -> OutageForm:
    made = OutageForm()
    qtbot.addWidget(made)
    made.begin("dns", "", away=False)
    return made


def test_it_is_given_by_keys_alone(form: OutageForm, qtbot: QtBot) -> None:
    qtbot.keyClicks(form.reason, "resolver down")
    qtbot.keyClicks(form.incident, "inc-7k3qx2m9")
    qtbot.keyClicks(form.hours, "2")
    with qtbot.waitSignal(form.given) as given:
        qtbot.keyClick(form.hours, Qt.Key.Key_Return)
    assert given.args == [Wanted("dns", "resolver down", "INC-7K3QX2M9", 7_200)]
    with qtbot.assertNotEmitted(form.given):
        form.give.click()


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(
    form: OutageForm, qtbot: QtBot
) -> None:
    with qtbot.assertNotEmitted(form.given):
        qtbot.keyClick(form.reason, Qt.Key.Key_Return)
    assert form.words.text().startswith("Not saved: Reason is empty")
    assert form.reason.accessibleDescription() == form.words.text()
    form.refuse("duration_s", "is too long; shorten it.")
    assert form.words.text() == "Not saved: Hours is too long; shorten it."
    assert (form.name.text(), form.is_open()) == ("dns", True)


def test_while_the_engine_is_away_nothing_is_given_and_esc_leaves(
    form: OutageForm, qtbot: QtBot
) -> None:
    qtbot.keyClicks(form.reason, "x")
    form.set_away(True)
    with qtbot.assertNotEmitted(form.given):
        qtbot.keyClick(form.reason, Qt.Key.Key_Return)
    for part in (form.reason, form):
        with qtbot.waitSignal(form.left):
            qtbot.keyClick(part, Qt.Key.Key_Escape)
    form.dismiss()
    assert not form.is_open()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (("", "x", "", ""), "dependency"),
        (("a/b", "x", "", ""), "dependency"),
        (("dns", "  ", "", ""), "reason"),
        (("dns", "x", "", "soon"), "hours"),
        (("dns", "x", "", "0"), "hours"),
        (("dns", "x", "", "721"), "hours"),
        (("dns", "x", "", "²"), "hours"),
    ],
)
def test_what_cannot_be_used_names_its_field(typed: tuple[str, str, str, str], field: str) -> None:
    with pytest.raises(Malformed) as refused:
        wanted_of(*typed)
    assert refused.value.field == field


def test_names_are_kept_as_they_are_compared() -> None:
    assert wanted_of(" ISP:Acme", " cut ", "", "") == Wanted("isp:acme", "cut", "", None)
