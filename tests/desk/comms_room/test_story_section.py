"""The story is whole at any width: it wraps and grows instead of being cut."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.comms_room.story_section import StorySection
from crisisdesk.domain.delivery_story import Passage

from tests.domain.deliveries import NOW

pytestmark = pytest.mark.usefixtures("look")


def test_long_sentences_make_it_higher(qtbot: QtBot) -> None:
    section = StorySection("What happened")
    qtbot.addWidget(section)
    section.resize(424, 100)
    section.show()
    section.show_passages([Passage(NOW, "check", "Sent")], NOW)
    low = section.height()
    long = Passage(NOW, "circle-x", "Failed for good: " + "550 no such user here " * 12, "critical")
    section.show_passages([Passage(NOW, "check", "Sent"), long], NOW)
    assert section.height() > low + 60
    tall = section.height()
    section.resize(900, tall)
    section.fit()
    assert section.height() < tall
    assert section.shown() == ["Sent", long.words]
    assert "550 no such user" in section.accessibleName()
    assert not section.grab().isNull()
