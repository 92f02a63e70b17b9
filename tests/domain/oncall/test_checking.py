"""What is wrong with a schedule or an override is found before anybody relies on it."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.contact import Contact
from crisisdesk.domain.oncall.checking import check_override, check_rota, check_schedule
from crisisdesk.domain.oncall.reading import read_schedule
from crisisdesk.domain.rota import Rota

from tests.domain.oncall.rosters import content, layer, ms, override

NOW = ms("2026-11-30T12:00Z")
HOUR = 3_600_000
OFFICE = [{"days": [0, 1, 2, 3, 4], "from": "09:00", "to": "17:00"}]


def person(contact_id: str, name: str, **more: Any) -> Contact:
    method = {"method_id": "m", "channel": "webhook", "label": "", "masked": "…"}
    return Contact(contact_id=contact_id, name=name, **({"methods": [method]} | more))


PEOPLE = {one.contact_id: one for one in (person("C-ANN", "Ann"), person("C-BO", "Bo"))}


def told(*layers: dict[str, Any], people: Any = PEOPLE, overrides: Any = ()) -> list[str]:
    schedule = read_schedule("Database", content(*layers))
    found = check_schedule(schedule, overrides, people, NOW)
    return [f"{one.level} {one.field}: {one.words}" for one in found]


def test_a_whole_schedule_of_people_who_can_be_paged_is_in_order() -> None:
    assert told(layer()) == []


def test_members_nobody_knows_and_nobody_can_page_are_errors_told_once() -> None:
    people = PEOPLE | {"C-CY": person("C-CY", "Cy", methods=[])}
    found = told(layer(members=["C-ANN", "C-CY", "C-CY", "C-DEE"]), people=people)
    assert found == [
        "error layers[0].members[1]: Cy cannot be paged for severity critical",
        "error layers[0].members[3]: no contact C-DEE is known",
    ]
    switched_off = PEOPLE | {"C-BO": person("C-BO", "Bo", enabled=False)}
    assert told(layer(), people=switched_off)[0].startswith("error layers[0].members[1]: Bo")


def test_gaps_are_counted_and_the_first_is_named_in_the_schedules_zone() -> None:
    [gap] = told(layer(hours=OFFICE))
    assert gap.startswith("warning layers: nobody is on call for ")
    assert gap.endswith("first 2026-11-30 17:00 to 2026-12-01 09:00)")
    always = override("C-BO", NOW - HOUR, NOW + 31 * 24 * HOUR)
    assert told(layer(hours=OFFICE), overrides=[always]) == []


def test_a_layer_that_is_over_is_told() -> None:
    over = layer(name="Summer", start="2026-06-01", until="2026-09-01")
    assert told(layer(), over) == [
        "warning layers[1].until: Summer is over; nobody is on call by it any more"
    ]


def words(one: Any, others: Any = (), schedule: Any = ()) -> list[str]:
    known = read_schedule("Database", content(layer())) if schedule == () else schedule
    found = check_override(one, known, others, PEOPLE, NOW)
    return [f"{f.level} {f.field}: {f.words.split(';')[0]}" for f in found]


def test_an_override_that_changes_who_is_on_call_is_in_order() -> None:
    both = [override(who, NOW, NOW + HOUR) for who in PEOPLE]
    assert sorted(len(words(one)) for one in both) == [0, 1], "one of them is on call anyway"


def test_what_an_override_cannot_do_is_told() -> None:
    late = override("C-ANN", NOW - 2 * HOUR, NOW - HOUR)
    assert words(late) == ["warning to: is over already"]
    nobody = override("C-DEE", NOW, NOW + HOUR)
    assert words(nobody) == ["error contact: no contact C-DEE is known"]
    assert (
        words(nobody, schedule=None)[-1]
        == f"error schedule: there is no schedule {nobody.schedule}"
    )
    vain = override("C-ANN", NOW, NOW + HOUR, "C-CY")
    assert words(vain)[0].startswith("warning contact: changes nothing")


def test_a_content_is_held_against_what_counts_now() -> None:
    rota = Rota([])
    assert check_rota("Database", content(layer()), rota, PEOPLE, NOW) == []
    one = {
        "kind": "override",
        "schedule": "Database",
        "contact": "C-ANN",
        "from": NOW,
        "to": NOW + 1,
    }
    [finding] = check_rota("x", one, rota, PEOPLE, NOW)
    assert (finding.level, finding.field) == ("error", "schedule")
