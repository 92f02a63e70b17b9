"""What banner and status bar say."""

from __future__ import annotations

from crisisdesk.desk.status_words import alert_banner, channels_of, engine_banner
from crisisdesk.desk.supervisor import (
    EngineState,
)
from crisisdesk.domain.contact import Contact

from tests.desk.alerts.rows import alert_row

NOW = 1_770_861_600_000


def test_the_banner_counts_the_seconds_of_a_restart() -> None:
    away = EngineState(kind="away", since_ms=NOW - 7_400)
    view = engine_banner(away, NOW, NOW - 8_000)
    assert view is not None
    assert view.subject == "Engine restarting, 7 s."
    assert view.rest.startswith("Read-only, as of")
    assert engine_banner(EngineState(kind="up", since_ms=0), NOW, NOW) is None


def test_nothing_open_is_said_when_nothing_is() -> None:
    from crisisdesk.desk.alerts.tally import Tally

    from tests.desk.alerts.rows import taken

    tally = Tally()
    assert alert_banner(tally, 0).subject == "Nothing is open."
    tally.learn([taken(alert_row("A-1"))])
    assert alert_banner(tally, 0).aside == "1 alert is open and looked after"
    tally.learn([alert_row("A-2", "critical"), alert_row("A-3", "critical")])
    view = alert_banner(tally, 3)
    assert (view.severity, view.aside) == ("critical", "1 more critical, 3 new rows")


def test_channels_without_methods_are_counted_as_none() -> None:
    assert channels_of([], []).methods == 0
    method = {"method_id": "m1", "channel": "mail", "label": "", "masked": "", "enabled": True}
    contact = Contact(contact_id="C-1", name="Ana", methods=[method])
    assert channels_of([contact], []).methods == 1
