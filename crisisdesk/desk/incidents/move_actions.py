"""What moves an incident as a whole, with its keys: merge, split, restrict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.room import Action

if TYPE_CHECKING:
    from crisisdesk.desk.incidents.dossier import Dossier
    from crisisdesk.desk.incidents.move_work import MoveWork


def move_actions(work: MoveWork, dossier: Dossier, held: str) -> list[Action]:
    """For the incident in view. ``held`` is why nothing can be changed now, "" where it can."""
    incident = dossier.incident
    part = bool(incident.merged_into)
    group = f"{incident.incident_id}, {incident.title}"

    def act(key: str, title: str, keys: str, icon: str, lacks: str = "", *also: str) -> Action:
        detail = held or lacks
        return Action(
            key=f"incident.{key}", title=title, run=lambda: work.press(key), keys=keys, icon=icon,
            group=group, enabled=not detail, detail=detail, also=also,
        )  # fmt: skip

    many = len(work.chosen())
    whole = f"it is a part of {dossier.whole or incident.merged_into}" if part else ""
    ended = "" if incident.is_open else f"it is {incident.status}"
    no_alert = "" if many else "select attached alerts of its own first"
    chosen = f"{many} alert{'' if many == 1 else 's'}" if many else "attached alerts"
    if part:
        first = act("unmerge", "Let it stand for itself again", "M", "unlink", "", "unmerge")
    else:
        first = act("merge", "Make it a part of another one", "M", "git-merge", ended, "merge")
    if incident.restricted:
        last = act("unrestrict", "Show it to all again", "V", "eye", "", "unrestrict")
    else:
        last = act("restrict", "Restrict who may read it", "V", "lock", "", "secret", "readers")
    return [
        first,
        act("split", f"Split {chosen} off", "Y", "unlink", whole or no_alert, "split"),
        last,
    ]
