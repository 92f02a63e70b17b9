"""The list of rules: what runs, what fires, what is off, drafts and what was removed."""

from __future__ import annotations

from crisisdesk.desk.planning.alert_rules.lines import (
    alert_rule_lines,
    is_active,
    severity_of,
    spoken,
    words_of,
)
from crisisdesk.desk.planning.alert_rules.reading import known_of
from crisisdesk.desk.planning.policies.drafts import Draft
from crisisdesk.desk.planning.policies.shelf import ShelfLine

from tests.desk.planning.alert_rules.cases import ANY, DISK, ERRORS, NOW, rule, version

VERSIONS = [
    version(1),
    version(2, {**ERRORS, "is_active": False}, rule_id="RULE-E", name="Errors"),
    version(3, rule_id="RULE-OLD", name="Old", gone=NOW + 9_000),
]


def by_key(lines: list[ShelfLine]) -> dict[str, ShelfLine]:
    return {line.key: line for line in lines}


def test_each_stands_in_its_band_with_how_it_stands() -> None:
    known = known_of(VERSIONS, {"RULE-DISK": 2}, {"RULE-DISK": NOW})
    lines = alert_rule_lines(
        known, [Draft("new:1", "", DISK), Draft("of:RULE-DISK", "x", DISK, "RULE-DISK")]
    )
    assert [line.word for line in lines if not line.name] == [
        "Drafts", "Active", "Switched off", "Removed",
    ]  # fmt: skip
    disk = by_key(lines)["name:RULE-DISK"]
    assert (disk.verdict, disk.level, disk.mark, disk.draft) == (
        "fires for 2", "warning", "critical", True,
    )  # fmt: skip
    assert disk.matching == "disk > 0.9 for 1 min"
    assert disk.size == "critical, threshold, 1 version"
    assert disk.facts.startswith("fired last 12 Feb 2026")
    off = by_key(lines)["name:RULE-E"]
    assert (off.faded, off.facts, off.verdict) == (True, "never fired", "")
    assert by_key(lines)["gone:RULE-OLD"].facts.startswith("removed 12 Feb 2026")
    assert "fires for 2" in spoken(disk)
    assert spoken(lines[0]) == "Drafts, 1"


def test_the_filter_looks_at_names_and_words() -> None:
    known = known_of(VERSIONS)
    found = [line.name for line in alert_rule_lines(known, [], "disk > 0.9") if line.name]
    assert found == ["Disk"]
    assert alert_rule_lines(known, [], "nothing like it") == []


def test_one_that_cannot_be_read_says_so() -> None:
    newer = version(1)
    newer.content["conditions"] = {"oracle": 1}
    line = by_key(alert_rule_lines(known_of([newer]), []))["name:RULE-DISK"]
    assert (line.verdict, line.level) == ("cannot be read", "error")


def test_rules_that_it_is_made_of_are_named() -> None:
    made = rule(ANY, "RULE-ANY", "Any")
    assert words_of(made, [rule(), made]) == "any of (rule “Disk”)"
    assert words_of(made, [made]) == "any of (rule “RULE-DISK”)"


def test_what_is_left_out_is_on_and_high() -> None:
    assert is_active({})
    assert not is_active({"is_active": False})
    assert (severity_of({}), severity_of({"severity": "odd"})) == ("high", "")
