"""The page is read from the file of a real engine: what counts, its faults, and it played ahead."""

from __future__ import annotations

import pytest

from crisisdesk.desk.planning.policies.content import fresh, with_target
from crisisdesk.desk.planning.policies.reading import Known, play, read_known
from crisisdesk.domain.escalation.policy import EVERYONE, read_policy

from tests.desk.live import Live
from tests.desk.planning.policies.stations import publish, save_person, schedule

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]


def known(live: Live, now_ms: int) -> Known:
    found: Known = live.read(lambda reader: read_known(reader, now_ms))
    return found


def now_of(live: Live) -> int:
    head: int = live.read(lambda reader: reader.policies()[-1].published_at)
    return head


def test_what_counts_its_versions_and_its_faults_are_read(live: Live) -> None:
    assert known(live, 0).current == {}
    ann = save_person(live.client, "Ann", groups=["Managers"])
    first = publish(live.client, "Night", fresh())
    second = publish(live.client, "Night", fresh() | {"repeat": 5})
    gone = publish(live.client, "Gone", fresh())
    live.client.withdraw_policy(gone)
    publish(live.client, "Database", schedule(ann))
    found = known(live, now_of(live))
    assert {name: v.version_id for name, v in found.current.items()} == {"Night": second}
    assert [v.version_id for v in found.of_name("Night")] == [second, first]
    assert found.ids() == {first, second, gone}
    assert (found.schedules, found.groups) == (("Database",), ("Managers",))
    assert [f.words.partition(";")[0] for f in found.findings["Night"]] == [
        "every page goes by webhook",
        "everyone in step 1 hangs on host:127.0.0.1",
    ]
    assert all(f.field != "place" for f in found.findings[""]), "others come before it, rightly"


def test_a_policy_behind_one_that_takes_all_is_an_error_and_the_built_in_is_not(live: Live) -> None:
    save_person(live.client, "Ann")
    publish(live.client, "All", fresh())
    publish(live.client, "Behind", fresh() | {"place": 5, "for": "service=db"})
    found = known(live, now_of(live))
    assert [f.field for f in found.findings["Behind"] if f.level == "error"] == ["place"]
    assert [f for f in found.findings[""] if f.level == "error"] == []
    played = live.read(lambda reader: play(reader, EVERYONE, "critical", now_of(live), 1))
    assert [f for f in played.rehearsal.findings if f.level == "error"] == []


def test_a_draft_is_played_among_what_is_published(live: Live) -> None:
    ann = save_person(live.client, "Ann")
    live.raise_alert("Disk is full", service="db")
    live.raise_alert("Late", service="web")
    told = with_target(fresh() | {"for": "service=db"}, 0, 0, {"contact": ann})
    draft = read_policy("Draft", told)
    played = live.read(lambda reader: play(reader, draft, "critical", 0, 1))
    assert [step.contacts for step in played.rehearsal.taken][:2] == [(ann,), (ann,)]
    assert (played.fits, played.contacts[ann].name) == (1, "Ann")
    everyone = live.read(lambda reader: play(reader, EVERYONE, "critical", 0, 1))
    assert everyone.fits == 2


def test_a_draft_is_played_around_what_is_out(live: Live) -> None:
    ann = save_person(live.client, "Ann")
    draft = read_policy("Draft", with_target(fresh(), 0, 0, {"contact": ann}))
    live.client.set_outage("host:127.0.0.1", "down")
    played = live.read(lambda reader: play(reader, draft, "critical", now_of(live), 1))
    words = "Ann has no way without host:127.0.0.1"
    assert played.rehearsal.explained()[0].words == words
    found = [f.words for f in played.rehearsal.findings if f.field == "steps[0]"]
    assert "reaches nobody while host:127.0.0.1 is out" in found
