"""Joins the notices to the window: what they are about, and what pressing one does."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from crisisdesk.desk.incidents.offers import offer_notice
from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.incidents.task_news import overdue_notice
from crisisdesk.desk.notices.watch import NoticeWatch, has_bus
from crisisdesk.desk.snapshot import Change
from crisisdesk.domain.alert import AlertStatus
from crisisdesk.domain.notice_words import ACKNOWLEDGE, BODY_LIMIT, TITLE_LIMIT, Notice, one_line
from crisisdesk.domain.notices import LASTS_MS
from crisisdesk.domain.queue_order import SEVERITY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.alerts.hand_words import News
    from crisisdesk.desk.app import Desk
    from crisisdesk.desk.frame.tray import TrayPresence
    from crisisdesk.desk.incidents.offers import Offered
    from crisisdesk.desk.incidents.task_news import Led
    from crisisdesk.desk.shell import Shell
    from crisisdesk.store.queries import AlertRow

_ALERTS_ROOM = 1


def attach_notices(desk: Desk, tray: TrayPresence, raise_window: Callable[[], None]) -> NoticeWatch:
    """Show notices for this desk from now on; ``close`` on what is returned ends it."""
    shell = desk.shell
    watch = NoticeWatch(tray, shell) if has_bus() else NoticeWatch(tray, shell, bus=None)

    def take(change: Change) -> None:
        watch.take(change, operator=shell.operator(), now_ms=shell.now_ms())

    watch.words_changed.connect(shell.set_tray_words)
    watch.called.connect(lambda: QApplication.alert(shell))
    watch.pressed.connect(lambda key, action, token: press(shell, raise_window, key, action, token))
    tray.notice_pressed.connect(watch.tray_pressed)
    shell.set_tray_words(watch.words)
    known: list[AlertRow] = list(shell.alerts.queue.rows())  # type: ignore[arg-type]
    if known:
        take(Change(alerts=known, full=True))
    desk.feed.changed.connect(take)
    shell.alerts.handing.told.connect(lambda news: watch.tell(notice_of(news)))
    for room in _incident_rooms(shell):
        room.task_overdue.connect(lambda led: tell_overdue(shell, watch, led))
        room.role_offered.connect(lambda one: tell_offered(shell, watch, one))
    desk.ticker.ticked.connect(watch.tick)
    watch.start()
    return watch


def _incident_rooms(shell: Shell) -> list[IncidentsRoom]:
    return [room for room in shell.rooms.values() if isinstance(room, IncidentsRoom)]


def tell_overdue(shell: Shell, watch: NoticeWatch, led: Led) -> None:
    """Say in the window and on the desktop that a task is overdue."""
    notice = overdue_notice(led)
    shell.say(notice.title, notice.body, SEVERITY_NAME[notice.severity], "clock-alert")
    watch.tell(notice)


def tell_offered(shell: Shell, watch: NoticeWatch, one: Offered) -> None:
    """Say in the window and on the desktop that a role is offered to whoever sits here."""
    notice = offer_notice(one)
    shell.say(notice.title, notice.body, SEVERITY_NAME[notice.severity], "arrow-left-right")
    watch.tell(notice)


def notice_of(news: News) -> Notice:
    """What this operator is to hear of an alert they have or are asked to take."""
    return Notice(
        key=news.alert_id,
        alert_id=news.alert_id,
        title=one_line(news.title, TITLE_LIMIT),
        body=one_line(news.body, BODY_LIMIT),
        severity=news.severity,
        lasts_ms=LASTS_MS,
    )


def press(
    shell: Shell, raise_window: Callable[[], None], key: str, action: str, token: str
) -> None:
    """Acknowledge at once what nobody has yet; otherwise bring the window to it and say why."""
    row = shell.alerts.queue.get(key)
    waits = row is not None and row.status == AlertStatus.ACTIVE
    acts = action == ACKNOWLEDGE and row is not None and not shell.engine_away()
    if acts and shell.alerts.handing.answer(row):  # type: ignore[arg-type]
        return
    if acts and waits:
        shell.alerts.commands.acknowledge([row])  # type: ignore[list-item]
        return
    if token:
        # The platform's plugin takes the token from here when the window asks for the focus.
        os.environ["XDG_ACTIVATION_TOKEN"] = token
    raise_window()
    if row is None and any(room.owns(key) for room in _incident_rooms(shell)):
        shell.show_thing(key)
        return
    if row is None:
        shell.open_room(_ALERTS_ROOM)
        return
    shell.show_thing(key)
    if action == ACKNOWLEDGE and waits:
        shell.say("Not acknowledged", "The engine is away; try again when it is back.", "high")
    elif action == ACKNOWLEDGE:
        shell.say(f"{row.owner or 'Somebody'} was faster", f"{row.title}: {row.status}")
