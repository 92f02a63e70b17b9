"""Actions of a page say why they cannot be done, and bear its group and its icon."""

from __future__ import annotations

from crisisdesk.desk.planning.page_actions import AWAY, Actions


def test_an_action_has_what_its_page_has_unless_another_is_said() -> None:
    done: list[str] = []
    actions = Actions("rules", "Rules", "map")
    one = actions.make("Next rule", "J", lambda: done.append("next"))
    one.run()
    assert done == ["next"]
    assert (one.key, one.group, one.icon, one.enabled, one.detail) == (
        "rules Next rule", "Rules", "map", True, "",
    )  # fmt: skip
    other = actions.make("Publish", "Ctrl Enter", one.run, "For Disk", False, icon="upload")
    assert (other.group, other.icon, other.detail) == ("For Disk", "upload", AWAY)
    assert (
        actions.make("Publish", "", one.run, enabled=False, why="it stands").detail == "it stands"
    )
