"""What the desk says of alerts that have a cause, or flap."""

from __future__ import annotations

from crisisdesk.desk.alerts.faces import Quieter, live, spoken
from crisisdesk.desk.alerts.history import Line
from crisisdesk.desk.alerts.kept_words import bar_words, hushed, kept_lines, quiet_facts
from crisisdesk.desk.alerts.sections import Fact
from crisisdesk.domain.flapping import Damping
from crisisdesk.domain.kept_quiet import KeptQuiet

from tests.desk.alerts.rows import NOW, alert_row
from tests.domain.test_causes import alert
from tests.domain.test_kept_quiet import kept

MINUTE = 60_000
CAUSED = kept("inhibition", by="A-2", why="db-main down", until=NOW + MINUTE)
FLAPS = kept("flapping", alert_id="A-3", why="7 times in 30 min", until=NOW + MINUTE)
WAITS = kept("waiting", alert_id="A-4")


def test_rows_tell_of_causes_and_flapping_and_not_of_a_short_wait() -> None:
    assert hushed([CAUSED, FLAPS, WAITS]) == {"A-1": CAUSED, "A-3": FLAPS}


def test_a_row_says_what_keeps_it_quiet_where_its_owner_would_stand() -> None:
    one = alert_row("A-1")

    def face(by: KeptQuiet) -> tuple[str, str]:
        told = live(one, NOW, False, by)
        assert told.clock is not None
        assert told.clock.state == "paused"
        return told.owner, told.owner_icon

    assert face(CAUSED) == ("by db-main down", "bell-off")
    assert face(FLAPS) == ("flapping", "bell-off")
    quiet: dict[str, Quieter] = {"A-1": CAUSED}
    assert "kept quiet by A-2 db-main down" in spoken(one, NOW, quiet)


def test_the_bar_says_by_what_and_until_when() -> None:
    first, second = bar_words(CAUSED)
    assert first == "Kept quiet by A-2 db-main down"
    assert second.startswith("Pages when its cause is over, or at ")
    assert bar_words(FLAPS)[0] == "Flapping: 7 times in 30 min"


def test_the_shelf_has_a_line_for_each_cause_and_each_that_flaps() -> None:
    more = kept("inhibition", alert_id="A-5", by="A-9", why="san", until=NOW)
    again = kept("inhibition", alert_id="A-6", by="A-9", why="san", until=NOW + MINUTE)
    lines = kept_lines([CAUSED, FLAPS, more, again, WAITS])
    assert [line.strong for line in lines] == ["A-9 san", "A-2 db-main down", "shop Down"]
    assert lines[0].text.startswith("keeps 2 alerts quiet, until ")
    assert lines[2] == Line(0, "refresh-cw", "shop Down", "flapping: 7 times in 30 min")
    assert kept_lines([]) == []


def test_the_detail_says_what_it_keeps_quiet_and_that_it_flaps() -> None:
    usual = Damping()
    assert quiet_facts(alert("A-1"), {"A-1": 12}, NOW, usual) == [Fact("Keeps quiet", "12 alerts")]
    assert quiet_facts(alert("A-1"), {"A-2": 1}, NOW, usual) == []
    flaps = alert("A-1", changes=[NOW - n * MINUTE for n in range(7, 0, -1)])
    assert quiet_facts(flaps, {}, NOW, usual) == [Fact("Flapping", "7 times in 30 min")]
    often = Damping(changes=2, within_ms=4 * MINUTE)
    assert quiet_facts(flaps, {}, NOW, often) == [Fact("Flapping", "3 times in 4 min")]
    assert quiet_facts(flaps, {}, NOW, Damping(changes=7)) == []
