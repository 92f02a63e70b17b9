"""What banner and status bar say."""

from __future__ import annotations

from crisisdesk.desk.status_words import (
    ChannelCount,
    _watching,
    _ways,
    alert_banner,
    count_channels,
    engine_banner,
)
from crisisdesk.desk.supervisor import (
    EngineState,
)
from crisisdesk.domain.channel_health import Use
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.outages import TakenOut
from crisisdesk.domain.service_board.watching import SourceCount

from tests.desk.alerts.rows import alert_row
from tests.domain.deliveries import a_delivery

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


def test_channels_are_judged_as_the_comms_room_judges_them() -> None:
    assert count_channels([], [], NOW).total == 0
    ways = (("m1", "slack", True), ("m2", "sms", True), ("m3", "teams", False))
    methods = [
        {"method_id": name, "channel": channel, "label": "", "masked": "", "enabled": on}
        for name, channel, on in ways
    ]
    contact = Contact(contact_id="C-1", name="Ana", methods=methods)
    assert count_channels([contact], [], NOW) == ChannelCount(total=2)
    gone = [
        a_delivery(method_id="m1", sent_at=NOW - 9_000, failed_at=NOW - 2_000),
        a_delivery(method_id="m1", sent_at=NOW - 4_000),
        a_delivery(method_id="m2", sent_at=NOW - 3_000, failed_at=NOW - 5_000),
    ]
    assert count_channels([contact], gone, NOW) == ChannelCount(total=2, down=1)
    later = [*gone, a_delivery(method_id="m1", sent_at=NOW - 1_000)]
    assert count_channels([contact], later, NOW) == ChannelCount(total=2)


def test_a_loop_test_that_does_not_arrive_counts_its_channel_as_down() -> None:
    contact = Contact(
        contact_id="C-1",
        name="Ana",
        methods=[{"method_id": "m1", "channel": "sms", "label": "", "masked": "twilio://…712"}],
    )
    key = ("sms", "twilio")
    bad, good = Use(last_failure=NOW - 9_000), Use(last_success=NOW - 9_000)
    sent = [a_delivery(method_id="m1", sent_at=NOW - 4_000)]
    assert count_channels([contact], sent, NOW, loops={key: good}) == ChannelCount(total=1)
    assert count_channels([contact], sent, NOW, loops={key: bad}) == ChannelCount(total=1, down=1)
    assert count_channels([contact], sent, NOW, loops={("push", ""): bad}).down == 0


def test_what_is_out_stands_beside_the_channels_until_its_end() -> None:
    contact = Contact(
        contact_id="C-1",
        name="Ana",
        methods=[{"method_id": "m1", "channel": "sms", "label": "", "masked": ""}],
    )
    dns = TakenOut(dependency="dns", said=True, by="Ann", reason="cut", until=NOW + 10)
    aws = TakenOut(dependency="aws", said=False, incident_id="INC-1")
    both = count_channels([contact], [], NOW, [dns, aws])
    assert both.out == (dns, aws)
    told = _ways(both, NOW)
    assert (told.strong, told.tone) == ("dns and 1 more out", "down")
    assert told.tip == "dns is out, said by Ann: cut; aws is out, because INC-1 names it"
    assert _ways(both, NOW + 10).strong == "aws out"
    assert _ways(ChannelCount(total=1), NOW).tone == "ok"


def test_sources_are_told_by_how_fresh_they_are() -> None:
    told = {
        count: _watching(count, 2, up=True)
        for count in (SourceCount(14, 0, 1), SourceCount(3, 1), SourceCount(2, elsewhere=3))
    }
    assert [(s.label, s.tone, s.short) for s in told.values()] == [
        ("Sources 14 fresh, 1 stale", "down", "Sources 14 / 15"),
        ("Sources 3 fresh, 1 late", "stale", "Sources 3 / 4"),
        ("Sources 2 fresh, 3 elsewhere", "ok", "Sources 5 / 5"),
    ]
    # Where none is declared: those that alerts were heard of.
    assert _watching(SourceCount(), 2, up=True).label == "Sources 2 heard"
    assert _watching(SourceCount(), 0, up=True).label == "Sources none yet"
    away = _watching(SourceCount(14), 2, up=False)
    assert (away.label, away.tone) == ("Sources not read", "stale")
