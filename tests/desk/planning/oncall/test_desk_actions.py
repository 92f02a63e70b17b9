"""What the page offers, key by key."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crisisdesk.desk.planning.oncall.desk_actions import page_actions
from crisisdesk.desk.planning.oncall.page import OnCallPage

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]


def test_every_key_is_there_once_and_each_icon_is_shipped(page: OnCallPage) -> None:
    from crisisdesk.desk.look.icons import icon_pixmap
    from crisisdesk.desk.look.theme import theme

    found = page_actions(page)
    keys = [action.keys for action in found]
    assert sorted(keys) == sorted(
        ["O", "N", "E", "X", "I", "J", "K", "Right", "Left", "T", "W", "M", "]", "[", "G"]
    )
    for action in found:
        assert not icon_pixmap(action.icon, theme().color.primary).isNull()
    page.overriding.begin()
    assert "Esc" in [action.keys for action in page_actions(page)]


def test_without_a_schedule_the_form_and_the_example_are_offered(
    open_page: Callable[[], OnCallPage],
) -> None:
    assert [action.keys for action in page_actions(open_page())] == ["N", "C"]
