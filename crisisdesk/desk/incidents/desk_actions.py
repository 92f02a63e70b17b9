"""What can be done in the incidents room, with its keys, for palette and shortcuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.incidents.channel_work import channel_actions
from crisisdesk.desk.incidents.message_work import message_actions
from crisisdesk.desk.incidents.move_actions import move_actions
from crisisdesk.desk.incidents.seat_actions import decision_actions, role_actions
from crisisdesk.desk.incidents.task_actions import task_actions
from crisisdesk.desk.room import Action
from crisisdesk.domain.incident import IncidentStatus

if TYPE_CHECKING:
    from crisisdesk.desk.incidents.room import IncidentsRoom

_ROOM = "Incidents"
_AWAY = "not while the engine is away"
_PAST = "not in the past; L goes back to now"


def room_actions(room: IncidentsRoom) -> list[Action]:
    """The selected entry first, then the incident, then the room."""
    proposed = room.candidates.actions()
    if room.stack.currentWidget() is room.candidates.page:
        return [*proposed, *_room_actions(room)]
    return [
        *proposed, *_entry_actions(room), *_task_actions(room), *_seat_actions(room),
        *_incident_actions(room), *_move_actions(room), *_time_actions(room), *_paper_actions(room),
        *_room_actions(room),
    ]  # fmt: skip


def _held(room: IncidentsRoom) -> str:
    """Why nothing can be changed now; "" where it can."""
    if room.past.is_on:
        return _PAST
    return _AWAY if room.desk.engine_away() else ""


def _entry_actions(room: IncidentsRoom) -> list[Action]:
    orderly = room.orderly
    entry = orderly.entry()
    if entry is None:
        return []
    detail = _held(room)
    away = bool(detail)
    pin, public = not entry.is_pinned, not entry.is_public
    group = "This entry"
    return [
        Action(
            key="incident.entry.edit", title="Edit entry", run=orderly.edit_entry, keys="E",
            icon="pencil", group=group, enabled=not room.past.is_on, detail=detail,
        ),
        Action(
            key="incident.entry.pin", title="Pin entry" if pin else "Unpin entry",
            run=lambda: orderly.flag_entry("is_pinned", pin), keys="I", icon="pin", group=group,
            enabled=not away, detail=detail,
        ),
        Action(
            key="incident.entry.public",
            title="Make entry public" if public else "Take entry back from the public",
            run=lambda: orderly.flag_entry("is_public", public), icon="globe", group=group,
            enabled=not away, detail=detail,
        ),
        Action(
            key="incident.entry.withdraw", title="Withdraw entry",
            run=lambda: orderly.flag_entry("hidden", value=True), icon="eye-off", group=group,
            enabled=not away, detail=detail or "it keeps its place and its history",
        ),
    ]  # fmt: skip


def _task_actions(room: IncidentsRoom) -> list[Action]:
    dossier = room.page.dossier
    if dossier is None or not room.current():
        return []
    return task_actions(room.task_work, dossier.incident, _held(room))


def _seat_actions(room: IncidentsRoom) -> list[Action]:
    dossier = room.page.dossier
    if dossier is None or not room.current():
        return []
    held, incident = _held(room), dossier.incident
    return [
        *decision_actions(room.decision_work, incident, held),
        *role_actions(room.role_work, incident, held, room.desk.operator()),
    ]


def _move_actions(room: IncidentsRoom) -> list[Action]:
    dossier = room.page.dossier
    if dossier is None or not room.current():
        return []
    held = _held(room)
    channels = channel_actions(room.channel_work, dossier, held)
    group = f"{dossier.incident.incident_id}, {dossier.incident.title}"
    alike = room.alike_work.actions(group, held)
    ready = message_actions(room.message_work, dossier.incident, held)
    return [*move_actions(room.move_work, dossier, held), *alike, *channels, *ready]


def _incident_actions(room: IncidentsRoom) -> list[Action]:
    dossier = room.page.dossier
    if dossier is None or not room.current():
        return []
    incident, press = dossier.incident, room.orderly.press
    held, past = _held(room), room.past.is_on
    group = f"{incident.incident_id}, {incident.title}"

    def act(key: str, title: str, keys: str = "", icon: str = "", *, needs: bool = True) -> Action:
        enabled = needs and not held
        detail = held or ("" if needs else f"it is {incident.status}")
        return Action(
            key=f"incident.{key}", title=title, run=lambda: press(key), keys=keys, icon=icon,
            group=group, enabled=enabled, detail=detail,
        )  # fmt: skip

    typing = [
        Action(
            key=f"incident.{key}", title=title, run=lambda key=key: press(key), keys=keys,  # type: ignore[misc]
            icon=icon, group=group, enabled=not past, detail=_PAST if past else "",
        )
        for key, title, keys, icon in (
            ("note", "Write a note", "N", "message-square-plus"),
            ("post", "Post an update", "P", "megaphone"),
        )
    ]  # fmt: skip
    image = Action(
        key="incident.image", title="Add an image to the note", run=room.images.choose,
        keys="Ctrl I", icon="image", group=group, enabled=not past, detail=_PAST if past else "",
        also=("picture", "screenshot", "paste", "photo"),
    )  # fmt: skip
    return [
        *typing,
        image,
        act("status", "Move up the ladder", "S", "flag",
            needs=incident.status != IncidentStatus.CLOSED),
        act("reopen", "Reopen", "O", "rotate-ccw", needs=not incident.is_open),
        act("severity", "Change severity, priority, impact", "Shift S", "siren"),
        act("user_impact_count", "Say how many users are affected", "", "users"),
        act("financial_impact_cents", "Say how much money is lost", "", "banknote"),
        act("category", "Change the category and the type of crisis", "", "tag"),
        act("title", "Change the title", "", "pencil"),
        act("response_team", "Change the response team", "", "users"),
        act("root_cause", "Write the root cause", "", "search"),
        act("lessons_learned", "Write what was learnt", "", "book-open-check"),
    ]  # fmt: skip


def _time_actions(room: IncidentsRoom) -> list[Action]:
    if room.page.dossier is None or not room.current():
        return []
    on, group = room.past.is_on, "Time machine"
    also = ("time machine", "history", "as it stood")
    return [
        Action(
            key="incident.past.before", title="Show it one fact earlier",
            run=lambda: room.past.look(-1), keys="[", icon="history", group=group, also=also,
        ),
        Action(
            key="incident.past.after", title="Show it one fact later",
            run=lambda: room.past.look(1), keys="]", icon="history", group=group, enabled=on,
            detail="" if on else "this is now", also=also,
        ),
        Action(
            key="incident.past.live", title="Back to now", run=lambda: room.past.look(0), keys="L",
            icon="history", group=group, enabled=on, detail="" if on else "this is now", also=also,
        ),
    ]  # fmt: skip


def _paper_actions(room: IncidentsRoom) -> list[Action]:
    dossier = room.page.dossier
    if dossier is None or not room.current():
        return []
    group, incident_id = "On paper", dossier.incident.incident_id
    at_ms, papers = room.past.at_ms, room.papers
    return [
        Action(
            key="incident.export", title="Export it to a file", keys="X", icon="download",
            run=lambda: papers.choose_file(incident_id, at_ms), group=group,
            also=("report", "pdf", "markdown", "html", "json"),
        ),
        Action(
            key="incident.forms", title="Print the ICS forms 201, 202 and 214", keys="Ctrl P",
            run=lambda: papers.choose_folder(incident_id, at_ms), icon="printer", group=group,
            also=("paper mode", "pdf"),
        ),
    ]  # fmt: skip


def _room_actions(room: IncidentsRoom) -> list[Action]:
    return [
        Action(
            key="incidents.declare", title="Declare an incident", run=room.begin_declaring,
            keys="C", icon="siren", group=_ROOM, also=("create", "new incident", "open"),
        ),
        Action(
            key="incidents.filter", title="Filter incidents", run=room.list.filter.setFocus,
            keys="/", icon="list-filter", group=_ROOM,
        ),
        Action(
            key="incidents.next", title="Next incident", run=lambda: room.list.go(1), keys="J",
            icon="arrow-down", group=_ROOM,
        ),
        Action(
            key="incidents.previous", title="Previous incident", run=lambda: room.list.go(-1),
            keys="K", icon="arrow-up", group=_ROOM,
        ),
    ]  # fmt: skip
