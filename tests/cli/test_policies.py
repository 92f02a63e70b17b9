"""``crisisdesk policy`` against a real engine: checked, published, played, published again."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Cli, objects
from tests.cli.drafts import draft, escalation


def test_a_draft_is_tried_published_shown_and_withdrawn(
    cli: Cli, people: tuple[str, str], tmp_path: Path
) -> None:
    ann, bob = people
    assert cli("policy", "list").out.startswith("Nothing is published")
    file = escalation(tmp_path, f"{{contact: {ann}}}", f"{{contact: {bob}}}")
    tried = cli("policy", "check", file, "--hours", "1")
    assert tried.code == 0, tried.err
    assert [line.split()[3:5] for line in tried.lines[1:3]] == [["1.1", "Ann"], ["1.2", "Bob"]]
    assert "every page goes by webhook" in tried.out
    made = cli("policy", "publish", file)
    assert made.out.startswith("POL-")
    [listed] = objects(cli("policy", "list", "--json"))
    assert (listed["name"], listed["content"]["kind"]) == ("Night", "escalation")
    shown = cli("policy", "show", "Night")
    again = draft(tmp_path, "again", shown.out)
    assert cli("policy", "publish", again).out == made.out, "what is shown can be published"
    planned = cli("policy", "plan", "Night", "--severity", "high", "--hours", "1")
    assert planned.lines[1].split()[0] == "+00:15", "a high alert waits before it pages"
    assert cli("policy", "withdraw", "Night").out == f"{made.out.strip()} withdrawn\n"
    assert objects(cli("policy", "list", "--json")) == []


def test_a_draft_is_checked_against_outages_that_are_supposed(
    cli: Cli, people: tuple[str, str], tmp_path: Path
) -> None:
    ann, bob = people
    file = escalation(tmp_path, f"{{contact: {ann}}}", f"{{contact: {bob}}}")
    tried = cli("policy", "check", file, "--hours", "1", "--without", "Host:127.0.0.1")
    assert tried.code == 1
    assert "Ann has no way without host:127.0.0.1" in tried.out
    assert "error: steps[0]: reaches nobody while host:127.0.0.1 is out" in tried.out
    assert cli("policy", "check", file, "--hours", "1", "--without", "carrier").code == 0
    wrong = cli("policy", "plan", "--without", "x" * 300)
    assert (wrong.code, "--without" in wrong.err) == (2, True)


def test_a_policy_is_played_for_an_alert_that_is_kept_quiet(
    cli: Cli, people: tuple[str, str]
) -> None:
    given = ("--severity", "critical", "--service", "simulated")
    alert_id = cli("alert", "raise", "Down", *given).out.split()[0]
    silence = cli("silence", "add", "service=simulated", "--for", "1h", "--reason", "Works")
    planned = cli("policy", "plan", "--alert", alert_id, "--hours", "1")
    assert "; played from " in planned.lines[0]
    assert "silence" in planned.lines[0]
    assert planned.lines[2].split()[3] == "1.1"
    assert "no alert" in cli("policy", "plan", "--alert", "A-NONE").err
    cli("silence", "lift", silence.out.split()[0])
    cli("alert", "resolve", alert_id)


def test_a_policy_that_reaches_nobody_fails_the_check(cli: Cli, tmp_path: Path) -> None:
    file = escalation(tmp_path, "{contact: C-NONE}")
    tried = cli("policy", "check", file)
    assert tried.code == 1
    assert "NOBODY" in tried.out
    assert "error: otherwise: nobody would be reached" in tried.out
    published = cli("policy", "publish", file)
    assert (published.code, published.out[:4]) == (0, "POL-")
    assert "error: otherwise: nobody would be reached" in published.err
    cli("policy", "withdraw", published.out.strip())


def test_what_a_file_must_hold_is_said(cli: Cli, tmp_path: Path) -> None:
    for text, words in (
        ("name: [", "is no YAML"),
        ("just words", "must hold name and content"),
        ("name: 3\ncontent: {}", "name must be a text"),
        ("name: X\ncontent: {kind: dance}", "kind: 'dance' is none"),
        ("name: X\ncontent: {kind: escalation, steps: []}", "steps: is empty"),
    ):
        said = cli("policy", "check", draft(tmp_path, "wrong", text))
        assert said.code == 2
        assert words in said.err
    assert "cannot be read" in cli("policy", "check", str(tmp_path / "none.yaml")).err
    refused = cli("policy", "publish", draft(tmp_path, "wrong", "name: X\ncontent: {kind: dance}"))
    assert (refused.code, "kind" in refused.err) == (1, True)
    assert "is nothing published" in cli("policy", "show", "Nowhere").err


def test_what_was_published_before_is_published_again_as_it_was(
    cli: Cli, people: tuple[str, str], tmp_path: Path
) -> None:
    ann, bob = people
    first = escalation(tmp_path, f"{{contact: {ann}}}")
    ids = [cli("policy", "publish", first).out.strip()]
    assert cli("policy", "publish", first).out.strip() == ids[0], "what counts is the same version"
    before = Path(first).read_text(encoding="utf-8")
    ids.append(cli("policy", "publish", escalation(tmp_path, f"{{contact: {bob}}}")).out.strip())
    Path(first).write_text(before, encoding="utf-8")
    again = cli("policy", "publish", first)
    assert again.code == 0, again.err
    assert again.out.strip() not in ids
    [now] = objects(cli("policy", "list", "--json"))
    assert now["version_id"] == again.out.strip()
    assert now["content"]["steps"][0]["to"] == [{"contact": ann}]
    while objects(cli("policy", "list", "--json")):
        # Each lets the one before it count again.
        assert cli("policy", "withdraw", "Night").code == 0
