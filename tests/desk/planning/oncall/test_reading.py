"""How schedules stand: who is on call until when, who is next, and which gaps lie ahead."""

from __future__ import annotations

from crisisdesk.desk.planning.oncall.reading import outlook

from tests.desk.planning.oncall.published import DATABASE, DAY, HOUR, NOW, published, swap, version
from tests.domain.oncall.rosters import ms

SATURDAY = ms("2026-10-23T22:00Z")  # 00:00 in Prague


def test_a_schedule_tells_who_until_when_and_who_then() -> None:
    database, office = outlook(published(), NOW).standings
    assert (database.name, database.zone, database.on) == ("Database", "Europe/Prague", ("C-CY",))
    assert (database.until_ms, database.then) == (ms("2026-10-26T08:00Z"), ("C-ANN",))
    assert database.gaps == ()
    assert len(office.gaps) == 5, "the week-ends of 30 days"
    assert office.gaps[0] == (SATURDAY, ms("2026-10-25T23:00Z"))


def test_a_gap_counts_from_a_day_before_it_and_while_it_lasts() -> None:
    for at, severity in (
        (SATURDAY - DAY, ""),
        (SATURDAY - DAY + 1, "high"),
        (SATURDAY - 1, "high"),
        (SATURDAY, "critical"),
        (SATURDAY + 40 * HOUR, "critical"),
    ):
        found = outlook(published(), at)
        assert [s.name for s in found.trouble()] == (["Office"] if severity else [])
        assert found.severity() == severity


def test_it_is_due_when_something_changes_or_after_a_quarter_of_an_hour() -> None:
    assert outlook(published(), NOW).due_ms == NOW + HOUR // 4
    assert outlook(published(), SATURDAY - DAY - 5_000).due_ms == SATURDAY - DAY + 1
    assert outlook(published(), SATURDAY - 5_000).due_ms == SATURDAY
    assert outlook(published(), NOW).at_ms == NOW


def test_an_override_leads_back_to_what_was_published() -> None:
    first = version("Swap", swap(NOW, NOW + HOUR), 1)
    second = version("Swap again", swap(NOW, NOW + HOUR), 2)
    bad = version("Bad", swap(NOW, NOW - HOUR), 3)
    found = published(version("Database", DATABASE), first, second, bad)
    [one, other] = found.rota.overrides("Database")
    assert one == other
    assert found.version_of(one) == second, "the newer of two that say the same"
    [problem] = found.rota.problems
    assert "override Bad is not used" in problem
    withdrawn = version("Swap", swap(NOW, NOW + HOUR), 1, withdrawn_at=NOW)
    assert published(version("Database", DATABASE), withdrawn).version_of(one) is None


def test_the_people_of_a_schedule_are_the_same_whatever_week_is_shown() -> None:
    found = published(
        version("Database", DATABASE), version("Swap", swap(NOW, NOW + HOUR, "C-DEE"), 1)
    )
    assert found.people_of("Database") == {"C-ANN", "C-BO", "C-CY", "C-DEE"}
    assert published().people_of("Office") == {"C-ANN", "C-BO"}


def test_a_contact_that_is_gone_stands_with_its_id() -> None:
    assert published().name_of("C-ANN") == "Ann Alder"
    assert published().name_of("C-GONE") == "C-GONE (unknown)"
