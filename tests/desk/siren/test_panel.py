"""The panel mixes up no rows, and says when the list ends."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from crisisdesk.desk.siren.overlay import Siren
from crisisdesk.desk.siren.panel import Foot

from tests.desk.siren.rows import DESK, MATEO, NOW, PRIYA, YOU, dossier

pytestmark = pytest.mark.usefixtures("look")


def test_rows_keep_their_places_while_one_alert_is_shown(siren: Siren) -> None:
    new = replace(PRIYA, contact_id="C-9", name="Tom Weber")
    tried = replace(MATEO, tried=("push 02:09:30, no receipt",))
    siren.show_dossier(dossier(people=(new, tried, PRIYA, DESK)), 1, NOW)
    assert listed(siren) == ["Priya Nair", "Mateo Ruiz", "Night desk", "Tom Weber"]
    assert siren.panel.rows["C-2"].callee.tried == ("push 02:09:30, no receipt",)
    assert YOU.contact_id not in siren.panel.rows
    siren.show_dossier(dossier(alert_id="A-2", people=(new, PRIYA)), 1, NOW)
    assert listed(siren) == ["Tom Weber", "Priya Nair"]


def listed(siren: Siren) -> list[str]:
    """The names as they stand on the screen, from the top."""
    QApplication.processEvents()
    rows = sorted(siren.panel.rows.values(), key=lambda row: row.y())
    assert len({row.y() for row in rows}) == len(rows)
    return [row.callee.name for row in rows]


def test_a_call_names_the_person_of_its_row(siren: Siren) -> None:
    calls: list[tuple[str, str]] = []
    siren.called.connect(lambda name, outcome: calls.append((name, outcome)))
    siren.panel.rows["C-2"].reached.click()
    siren.panel.rows["C-4"].no_answer.click()
    assert calls == [("Mateo Ruiz", "reached"), ("Night desk", "no answer")]


def test_the_first_who_can_be_called_is_marked(siren: Siren) -> None:
    rows = siren.panel.rows
    assert [name for name, row in rows.items() if row.marked] == ["C-1"]
    vain = replace(PRIYA, in_vain=True)
    siren.show_dossier(dossier(people=(vain, YOU, DESK, MATEO)), 1, NOW)
    assert [name for name, row in rows.items() if row.marked] == ["C-2"]


def test_with_nobody_written_down_it_says_so(siren: Siren) -> None:
    siren.show_dossier(dossier(people=(), ways=()), 1, NOW)
    assert "Nobody is written down" in siren.panel.more.text()
    siren.show_dossier(dossier(more=12), 1, NOW)
    assert "12 more" in siren.panel.more.text()


def test_the_foot_goes_back_to_its_usual_line() -> None:
    foot = Foot()
    usual = foot.words
    foot.say("Written down")
    assert foot.accessibleName() == foot.words == "Written down"
    foot.say("")
    assert foot.words == usual
    assert "cannot be muted" in usual
