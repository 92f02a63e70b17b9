"""``crisisdesk rule`` on a running engine."""

from __future__ import annotations

from pathlib import Path

from crisisdesk.domain.detection.rule import alert_rules
from crisisdesk.domain.detection.rule_words import signal_of
from crisisdesk.domain.detection.series import series
from crisisdesk.domain.detection.watching import Transition
from crisisdesk.engine.rule_commands import DeclareRule, NoteFindings
from crisisdesk.settings.places import Places

from tests.cli.conftest import Cli, objects
from tests.store.workload import START
from tests.store.workload import Station as Work

RULE = """
name: high load
rule_type: threshold
severity: critical
conditions: {metric: load, op: ">", value: 0.5, for: 20s}
"""
CSV = "at,value,host\n0,1,a\n10,1,a\n20,1,a\n40,0,a\n"


def test_a_rule_from_its_file_to_its_end(cli: Cli, tmp_path: Path) -> None:
    file, data = tmp_path / "rule.yaml", tmp_path / "load.csv"
    file.write_text(RULE, encoding="utf-8")
    data.write_text(CSV, encoding="utf-8")
    assert cli("rule", "list").out == "No rule is declared.\n"
    tried = cli("rule", "test", str(file), "--csv", str(data), by="")
    assert tried.code == 0, tried.err
    assert "1970-01-01 00:00:20Z" in tried.out
    assert "It would have fired once: 1 alert a day" in tried.out
    assert "The longest lasted 00:20, all of them 00:20." in tried.out
    made = cli("rule", "add", str(file), "--operator", "Ann")
    assert made.code == 0, made.err
    (rule_id,) = made.lines
    assert "load > 0.5 for 20 s" in cli("rule", "list").out
    assert objects(cli("rule", "list", "--json"))[0]["rule_id"] == rule_id
    assert cli("rule", "disable", "high load", "--operator", "Ann").out == f"{rule_id} off\n"
    assert cli("rule", "enable", rule_id, "--operator", "Ann").out == f"{rule_id} on\n"
    (told,) = objects(cli("rule", "test", rule_id, "--csv", str(data), "--json", by=""))
    assert len(told["spans"]) == 1
    shown = cli("rule", "show", "high load").out
    file.write_text(shown.replace("critical", "low"), encoding="utf-8")
    assert cli("rule", "change", rule_id, str(file), "--operator", "Ann").code == 0
    assert len(cli("rule", "history", "high load").lines) == 5
    assert cli("rule", "remove", "high load", "--operator", "Ann").code == 0
    assert cli("rule", "list").out == "No rule is declared.\n"
    versions = cli("rule", "history", rule_id).lines
    assert len(versions) == 5
    gone = versions[1].split()[0]
    back = cli("rule", "add", str(file), "--again", gone, "--operator", "Ann")
    assert back.out == f"{rule_id}\n"
    assert len(cli("rule", "history", rule_id).lines) == 6


def test_what_cannot_be_meant_is_told(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "rule.yaml"
    for text, why in (("[]", "must hold a rule"), ("name: 3", "name must be"), ("a: [", "no YAML")):
        file.write_text(text, encoding="utf-8")
        said = cli("rule", "add", str(file), "--operator", "Ann")
        assert (said.code, why in said.err) == (2, True)
    assert cli("rule", "show", "none").code == 2
    file.write_text("name: x\nrule_type: threshold\nconditions: {metric: m}\n", encoding="utf-8")
    said = cli("rule", "add", str(file), "--operator", "Ann")
    assert (said.code, "conditions.op" in said.err) == (1, True)


def test_the_list_tells_how_many_alerts_of_each_are_open(call: Cli, tmp_path: Path) -> None:
    written = {"rule_type": "threshold", "conditions": {"metric": "load", "op": ">", "value": 1}}
    work = Work(tmp_path)
    quiet, loud = (
        work.do(DeclareRule(name=name, written=written))[0] for name in ("a quiet", "b loud")
    )
    rule = next(one for one in alert_rules(work.bench.at_hand.policies()) if one.rule_id == loud)
    for host in ("x", "y"):
        fires = Transition(loud, series("S", "load", {"host": host}), True, START, 2.0)
        work.do(NoteFindings(signals=[signal_of(rule, fires)]))
    work.close()
    work.path.rename(Places(tmp_path).store)
    heads, *rows = (line.split() for line in call("rule", "list", folder=tmp_path).lines)
    place = heads.index("OPEN")
    assert heads[place + 1] == "CONDITION"
    # Both names are of two words.
    assert [row[place + 1] for row in rows] == ["0", "2"]
    told = objects(call("rule", "list", "--json", folder=tmp_path))
    assert {one["rule_id"]: one["open_alerts"] for one in told} == {quiet: 0, loud: 2}
    # What `rule show` writes can be declared again: it says nothing of alerts.
    assert "open_alerts" not in call("rule", "show", loud, folder=tmp_path).out
