"""Those who carry orders from the page of an incident to the engine, each for its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.incidents.alike_work import AlikeWork
from crisisdesk.desk.incidents.channel_work import ChannelWork
from crisisdesk.desk.incidents.decision_work import DecisionWork
from crisisdesk.desk.incidents.message_work import MessageWork
from crisisdesk.desk.incidents.move_work import MoveWork
from crisisdesk.desk.incidents.orderly import Orderly
from crisisdesk.desk.incidents.role_work import RoleWork
from crisisdesk.desk.incidents.task_work import TaskWork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crisisdesk.desk.incidents.page import IncidentPage, Unsaved
    from crisisdesk.desk.room import Desk
    from crisisdesk.store.queries import IncidentRow


class Crew(NamedTuple):
    """One for fields and the ladder, and one each for tasks, roles, decisions, moves, alerts
    that are alike, channels, messages of the plan."""

    orderly: Orderly
    tasks: TaskWork
    roles: RoleWork
    decisions: DecisionWork
    moves: MoveWork
    alike: AlikeWork
    channels: ChannelWork
    messages: MessageWork


def make_crew(
    desk: Desk,
    page: IncidentPage,
    unsaved: dict[str, Unsaved],
    rows: Callable[[], Iterable[IncidentRow]],
) -> Crew:
    """Put them to work on a page. ``unsaved`` is what was typed about others, ``rows`` are all
    incidents that are known."""
    orderly = Orderly(desk, page, unsaved)
    return Crew(
        orderly=orderly,
        tasks=TaskWork(desk, page, orderly),
        roles=RoleWork(desk, page, orderly),
        decisions=DecisionWork(desk, page, orderly),
        moves=MoveWork(desk, page, orderly, rows),
        alike=AlikeWork(desk, page.alike, orderly),
        channels=ChannelWork(desk, page, orderly),
        messages=MessageWork(desk, page, orderly),
    )
