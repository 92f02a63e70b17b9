"""What can be done on the page of who is on call, with its keys, for palette and shortcuts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crisisdesk.desk.room import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.planning.oncall.page import OnCallPage

_GROUP, _SHIFT = "On call", "This shift"
_AWAY = "not while the engine is away"


def page_actions(page: OnCallPage) -> list[Action]:
    """The selected shift first, then files, then ways through the calendar."""
    if page.outlook is None:
        return []
    if page.scheduling.is_open():
        return [_action("leave form", "Leave the schedule", "Esc", "x", page.scheduling.leave)]
    away = page.desk.engine_away()
    new = _action("new", "New schedule", "N", "plus", page.scheduling.begin, away=away)
    if not page.outlook.standings:
        return [
            new,
            _action("copy", "Copy the example of a schedule", "C", "copy", page.none.copy_file),
        ]
    schedules = [new]
    if page.scheduling.simple() is not None:
        title = f"Change the schedule {page.schedule}"
        run = page.scheduling.change
        schedules.append(_action("change", title, "E", "pencil", run, away=away))
    return [*_shift_actions(page), *schedules, *_file_actions(page), *_ways(page)]


def _shift_actions(page: OnCallPage) -> list[Action]:
    hold, away = page.hold(), page.desk.engine_away()
    found = [
        _action("add", "Add override", "O", "arrow-left-right", page.overriding.begin, away=away,
                group=_SHIFT),
    ]  # fmt: skip
    if hold is not None and hold.override is not None:
        found.append(
            _action(
                "back",
                "Take override back",
                "B",
                "undo-2",
                page.overriding.take_back,
                away=away,
                group=_SHIFT,
            )
        )
    if page.form.is_open():
        found.append(_action("leave", "Leave the override", "Esc", "x", page.overriding.leave))
    return found


def _file_actions(page: OnCallPage) -> list[Action]:
    files, away = page.files, page.desk.engine_away()
    return [
        _action("export", "Export calendar…", "X", "upload", files.choose_out),
        _action("import", "Import calendar…", "I", "download", files.choose_in, away=away),
    ]


def _ways(page: OnCallPage) -> list[Action]:
    grid, left = page.middle.grid, page.left
    found = [
        _action("next", "Next shift", "J", "arrow-down", partial(grid.step, 1)),
        _action("previous", "Previous shift", "K", "arrow-up", partial(grid.step, -1)),
        _action("later", "A week later", "Right", "arrow-right", partial(page.turn, 1)),
        _action("earlier", "A week earlier", "Left", "arrow-left", partial(page.turn, -1)),
        _action("today", "Today", "T", "calendar", page.show_today),
        _action("weeks", "Two weeks", "W", "calendar", partial(page.show_span, "weeks")),
        _action("month", "Month", "M", "calendar", partial(page.show_span, "month")),
        _action("next schedule", "Next schedule", "]", "layers", partial(left.schedules.go, 1)),
        _action("schedule before", "Schedule before", "[", "layers",
                partial(left.schedules.go, -1)),
    ]  # fmt: skip
    if left.gaps.lines.rowCount():
        found.append(_action("gap", "Next gap", "G", "phone-off", left.gaps.go))
    return found


def _action(
    key: str,
    title: str,
    keys: str,
    icon: str,
    run: Callable[[], None],
    *,
    away: bool = False,
    group: str = _GROUP,
) -> Action:
    return Action(
        key=f"oncall {key}",
        title=title,
        run=run,
        keys=keys,
        icon=icon,
        group=group,
        also=("on call", "schedule", "rota"),
        enabled=not away,
        detail=_AWAY if away else "",
    )
