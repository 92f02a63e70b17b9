"""The YAML of a draft is written over only when it says something else."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.policies.content import fresh
from crisisdesk.desk.planning.policies.drafts import Draft
from crisisdesk.desk.planning.policies.yaml_pane import YamlPane
from crisisdesk.domain.errors import Malformed

DRAFT = Draft("d", "Night", fresh())


@pytest.fixture
def pane(look: Look, qtbot: QtBot) -> YamlPane:
    made = YamlPane()
    qtbot.addWidget(made)
    made.show()
    made.show_draft(DRAFT)
    return made


def test_only_what_is_typed_is_given(pane: YamlPane) -> None:
    given: list[str] = []
    pane.written.connect(given.append)
    pane.show_draft(DRAFT._replace(name="Day"))
    assert pane.text.toPlainText().startswith("name: Day\ncontent:\n  kind: escalation\n")
    assert given == []
    pane.text.setPlainText("name: [")
    assert given == ["name: ["]


def test_a_text_that_says_the_same_keeps_its_lines(pane: YamlPane) -> None:
    own = "# mine\n" + pane.text.toPlainText()
    pane.text.setPlainText(own)
    pane.show_draft(DRAFT)
    assert pane.text.toPlainText() == own
    pane.show_draft(DRAFT._replace(name="Day"))
    assert "# mine" not in pane.text.toPlainText()


def test_what_cannot_be_read_is_shown_as_it_was_typed(pane: YamlPane) -> None:
    pane.show_draft(DRAFT._replace(raw="name: ["))
    assert pane.text.toPlainText() == "name: ["
    pane.show_fault(Malformed("content", "is no YAML", "mend it there"))
    assert pane.refusal.isVisible()
    assert "The whole policy" in pane.refusal.text()
    pane.show_fault(None)
    assert not pane.refusal.isVisible()
    pane.set_read_only(True)
    assert pane.text.isReadOnly()
