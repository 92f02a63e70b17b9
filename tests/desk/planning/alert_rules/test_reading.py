"""What the page knows of rules: versions by id, how each stands."""

from __future__ import annotations

from pathlib import Path

from crisisdesk.desk.planning.alert_rules.reading import known_of, read_alert_rules
from crisisdesk.engine.rule_commands import DeclareRule, RemoveRule
from crisisdesk.store.queries import StationReader

from tests.desk.planning.alert_rules.cases import DISK, NOW, version
from tests.store.workload import Station


def test_versions_are_replaced_and_only_the_last_is_taken_away() -> None:
    low = {**DISK, "severity": "low"}
    gone = [version(1, gone=NOW + 2_000), version(2, low, name="Disks", gone=NOW + 9_000)]
    known = known_of([gone[1], gone[0]])
    assert [v.withdrawn_at for v in known.of_name("RULE-DISK")] == [NOW + 9_000, None]
    assert (known.current, known.rules) == ({}, ())
    back = known_of([*gone, version(20, name="Disks")])
    assert back.current["RULE-DISK"].version_id == "POL-RULE-DISK-20"
    assert [v.withdrawn_at for v in back.versions] == [None, None, None]
    assert back.ident("Disks", {}) == "RULE-DISK"
    assert back.ident("Other", {}) == "Other"
    assert back.ids() == {"POL-RULE-DISK-1", "POL-RULE-DISK-2", "POL-RULE-DISK-20"}


def test_one_that_a_newer_program_wrote_stands_and_cannot_be_read() -> None:
    newer = version(1)
    newer.content["conditions"] = {"oracle": 1}
    known = known_of([newer])
    assert known.unread == {"RULE-DISK"}
    assert known.rule("RULE-DISK") is None
    assert known.current["RULE-DISK"].content["conditions"] == {"oracle": 1}


def test_the_file_says_what_fires_and_where_samples_are(tmp_path: Path) -> None:
    station = Station(tmp_path)
    [kept] = station.do(DeclareRule(name="Disk", written=DISK))
    [gone] = station.do(DeclareRule(name="Old", written=DISK))
    station.do(RemoveRule(rule_id=gone))
    reader = StationReader(station.path)
    try:
        known = read_alert_rules(reader)
    finally:
        reader.close()
        station.close()
    assert list(known.current) == [kept]
    assert known.current[kept].content == DISK
    assert (known.open_of, known.fired_at, known.folder) == ({}, {}, tmp_path)
    assert [v.name for v in known.of_name(gone)] == ["Old"]
