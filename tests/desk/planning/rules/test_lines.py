"""The list of rules: drafts, each kind, built in, withdrawn."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.desk.planning.policies.drafts import Draft
from crisisdesk.desk.planning.policies.shelf import spoken
from crisisdesk.desk.planning.rules.lines import rule_lines
from crisisdesk.desk.planning.rules.reading import ident_of, known_of
from crisisdesk.domain.policy_version import PolicyVersion

from tests.domain.correlation.test_rule import version

NEEDS = PolicyVersion(
    version_id="POL-N",
    name="Shop",
    content={"kind": "dependencies", "services": {"shop": ["db"]}},
    published_at=5,
)


def test_each_kind_has_its_band_and_built_in_ones_theirs() -> None:
    lines = rule_lines(known_of([version("Pairs", by=["service"]), NEEDS]), [])
    assert [(line.word, line.name) for line in lines] == [
        ("Related alerts", ""),
        ("", "Pairs"),
        ("Services need services", ""),
        ("", "Shop"),
        ("Built in", ""),
        ("", "same place"),
        ("", "same service"),
    ]
    assert lines[3].matching.startswith("shop needs db.")
    assert "built in" in spoken(lines[5])


def test_what_does_not_count_says_so() -> None:
    broken, other = version("Broken", by=["colour"]), version("Later", 2)
    other.content["kind"] = "of a newer program"
    off, shop = version("same place", 3, disabled=True), version("Shop", 4)
    shop.content["kind"] = "catalogue"
    lines = {line.name: line for line in rule_lines(known_of([broken, other, off, shop]), [])}
    assert "Shop" not in lines, "a catalogue is no rule"
    assert (lines["Broken"].level, lines["Broken"].faded) == ("error", True)
    assert "by[0]" in lines["Broken"].matching
    assert lines["Later"].size.startswith("not used")
    assert lines["same place"].size.startswith("switched off")
    assert lines["same place"].level == ""


def test_drafts_stand_on_top_or_at_what_they_change_and_withdrawn_rules_at_the_end() -> None:
    gone = replace(NEEDS, withdrawn_at=9)
    pairs = version("Pairs", by=["service"])
    ident = ident_of("Pairs", pairs.content)
    drafts = [Draft("new:1", "", {"kind": "inhibition"}), Draft(f"of:{ident}", "Pairs", {}, ident)]
    lines = rule_lines(known_of([pairs, gone]), drafts)
    assert [line.key for line in lines][:2] == ["Drafts", "draft:new:1"]
    assert lines[1].matching == "Causes keep quiet"
    assert next(line for line in lines if line.name == "Pairs").draft
    assert (lines[-2].word, lines[-1].name) == ("Withdrawn", "Shop")


def test_the_filter_leaves_what_fits() -> None:
    lines = rule_lines(known_of([NEEDS]), [], "shop")
    assert [line.name for line in lines if line.name] == ["Shop"]
