"""What can be done in the Recovery room now, with its keys, for palette and shortcuts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crisisdesk.desk.room import Action

if TYPE_CHECKING:
    from crisisdesk.desk.recovery_room.offers import Offer
    from crisisdesk.desk.recovery_room.room import RecoveryRoom

ROOM = "Recovery"
AWAY = "the engine is away"


def room_actions(room: RecoveryRoom) -> list[Action]:
    """Those on the step that is looked at, on its run, and ways around the room."""
    return [*_run_actions(room), *_start_actions(room), *_ways(room)]


def _run_actions(room: RecoveryRoom) -> list[Action]:
    found = room.page.found
    if found is None or not room.shows_run():
        return []
    one = room.page.step()
    title = str(one.step["title"]) if one is not None else found.run.title
    made = [
        _of_offer(room, offer, f"For {found.run.run_id}, {title}")
        for offer in room.page.offers_of_step()
    ]
    made += [_of_offer(room, o, f"For {found.run.run_id}") for o in room.page.offers_of_run()]
    if found.run.incident_id:
        made.append(_way("incident", "Open its incident", "I", "siren", room.open_incident))
    if room.page.output.shown.is_cut:
        made.append(_way("output", "Read the whole output", "O", "file-text", room.read_whole))
    if not room.page.is_following():
        made.append(_way("follow", "Go to the current step", "L", "target", room.page.follow))
    return made


def _of_offer(room: RecoveryRoom, offer: Offer, group: str) -> Action:
    return Action(
        key=f"recovery {offer.do}",
        title=offer.title,
        keys=offer.keys,
        icon=offer.icon,
        detail=offer.why_not,
        group=group,
        run=partial(room.leading.do, offer),
        enabled=not offer.why_not,
    )


def _start_actions(room: RecoveryRoom) -> list[Action]:
    one = room.startable()
    if one is None:
        return []
    away = room.desk.engine_away()
    return [
        Action(
            key="recovery start",
            title=f"Run {one.name}",
            keys="R",
            icon="play",
            detail=AWAY if away else "",
            group=ROOM,
            also=("start", "procedure", "begin"),
            run=room.beginning.begin,
            enabled=not away,
        ),
        *_look_actions(room, away=away),
    ]


def _look_actions(room: RecoveryRoom, *, away: bool) -> list[Action]:
    one = room.ahead.selected()
    if one is None:
        return []
    return [
        Action(
            key="recovery dry run",
            title=f"Dry run of {one.name}",
            keys="Y",
            icon="eye",
            detail=AWAY if away else "",
            group=ROOM,
            also=("look ahead", "test", "preview", "check"),
            run=room.ahead.begin,
            enabled=not away,
        )
    ]


def _ways(room: RecoveryRoom) -> list[Action]:
    return [
        _way(
            "filter", "Filter runs and procedures", "/", "list-filter", room.shelf.filter.setFocus
        ),
        _way("next", "Next", "J", "arrow-down", partial(room.go, 1)),
        _way("previous", "Previous", "K", "arrow-up", partial(room.go, -1)),
        _way("leave", "Back to the list", "Esc", "arrow-left", room.leave),
    ]


def _way(key: str, title: str, keys: str, icon: str, run: object) -> Action:
    return Action(
        key=f"recovery {key}", title=title, keys=keys, icon=icon, group=ROOM,
        run=run,  # type: ignore[arg-type]
    )  # fmt: skip
