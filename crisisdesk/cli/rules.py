"""``crisisdesk rule``: what makes alerts of what is measured, and how it would have done."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from crisisdesk.cli.declared import meant
from crisisdesk.cli.station import (
    USAGE,
    AsJson,
    By,
    DataDir,
    asking,
    commanding,
    fail,
    in_words,
    reading,
)
from crisisdesk.cli.words import moment, plain, span, table
from crisisdesk.domain.detection.rule import (
    AlertRule,
    alert_rules,
    history_of,
    unreadable,
    written_of,
)
from crisisdesk.domain.detection.rule_words import condition_words
from crisisdesk.domain.detection.trial_input import CSV_LIMIT, moment_of
from crisisdesk.domain.policy_version import PolicyVersion

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
File = Annotated[str, typer.Argument(help="A YAML or JSON file with a rule; - for stdin.")]
Which = Annotated[str, typer.Argument(help="Its id or its name.", metavar="RULE")]
FILE_LIMIT = 256 * 1024


@app.command()
def add(
    file: File,
    again: Annotated[
        str, typer.Option(metavar="VERSION", help="A version of a removed rule: that comes back.")
    ] = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Declare a rule; prints its id. See the help page Alert rules for what a file holds."""
    name, fields = _read(file)
    with commanding(data_dir, operator) as client:
        made = client.declare_rule(name, fields, again)
    print(made["rule_id"])


@app.command()
def change(which: Which, file: File, data_dir: DataDir = None, operator: By = "") -> None:
    """Give a rule the fields of a file; those that it leaves out stay."""
    name, fields = _read(file)
    rule_id = _one(which, data_dir).rule_id
    with commanding(data_dir, operator) as client:
        made = client.change_rule(rule_id, name=name, **fields)
    print(f"{made['rule_id']} {made['version_id']}")


@app.command("list")
def list_(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List rules; works without the engine too."""
    with reading(data_dir) as reader:
        versions, is_open = reader.policies(declared=True), reader.open_of_rules()
    found = alert_rules(versions)
    for name in unreadable(versions):
        print(f"crisisdesk: {plain(name)} was written by a newer program", file=sys.stderr)
    if as_json:
        for one in found:
            told = {**_draft(versions, one), "open_alerts": is_open.get(one.rule_id, 0)}
            print(json.dumps(told, ensure_ascii=False))
        return
    if not found:
        print("No rule is declared.")
        return
    heads = ("ID", "NAME", "TYPE", "SEVERITY", "STATE", "OPEN", "CONDITION")
    rows = [
        (
            one.rule_id,
            one.name,
            one.rule_type,
            one.severity,
            "on" if one.is_active else "off",
            str(is_open.get(one.rule_id, 0)),
            condition_words(one.conditions),
        )
        for one in found
    ]
    print("\n".join(table(heads, rows, {"NAME": 40, "CONDITION": 80})))


@app.command()
def show(which: Which, data_dir: DataDir = None) -> None:
    """Write a rule as a file that `rule add` and `rule change` take."""
    import yaml

    versions = _versions(data_dir)
    draft = _draft(versions, _named(alert_rules(versions), which))
    draft.pop("rule_id")
    print(yaml.safe_dump(draft, sort_keys=False, allow_unicode=True).rstrip())


@app.command()
def history(which: Which, data_dir: DataDir = None) -> None:
    """Every version of a rule, the newest first; by its id also of one that was removed."""
    versions = _versions(data_dir)
    found = history_of(versions, which)
    found = found or history_of(versions, _named(alert_rules(versions), which).rule_id)
    heads = ("VERSION", "NAME", "PUBLISHED", "BY", "UNTIL", "STATE")
    rows = [
        (
            one.version_id,
            one.name,
            moment(one.published_at),
            one.published_by,
            "-" if one.withdrawn_at is None else moment(one.withdrawn_at),
            "on" if one.content.get("is_active") is True else "off",
        )
        for one in found
    ]
    print("\n".join(table(heads, rows, {"NAME": 40})))


@app.command()
def enable(which: Which, data_dir: DataDir = None, operator: By = "") -> None:
    """Switch a rule on."""
    print(_switched(which, data_dir, operator, is_active=True))


@app.command()
def disable(which: Which, data_dir: DataDir = None, operator: By = "") -> None:
    """Switch a rule off; its alerts end."""
    print(_switched(which, data_dir, operator, is_active=False))


@app.command()
def remove(which: Which, data_dir: DataDir = None, operator: By = "") -> None:
    """Take a rule away; its alerts end."""
    rule_id = _one(which, data_dir).rule_id
    with commanding(data_dir, operator) as client:
        client.remove_rule(rule_id)
    print(f"{rule_id} removed")


@app.command("test")
def try_(
    which: Annotated[
        str, typer.Argument(help="A rule's id or name, or a file.", metavar="RULE|FILE")
    ],
    data: Annotated[
        str, typer.Option("--csv", help="A CSV file with at,value or at,line; - for stdin.")
    ] = "",
    since: Annotated[str, typer.Option(help="Of what was kept: 2026-03-01T12:00:00Z.")] = "",
    until: Annotated[str, typer.Option(help="The end of it.")] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Say where a rule would have fired; pages nobody. Exit code 0 whether it fires or not.

    Without --csv it is tried on what the station has kept, of the last day unless said.
    """
    given: dict[str, Any] = {"csv": _text(data, CSV_LIMIT)} if data else {}
    for name, text in (("since", since), ("until", until)):
        if text:
            with in_words():
                moment_of(text, f"--{name}")
            given[name] = text
    rules = alert_rules(_versions(data_dir))
    is_declared = any(which in (one.rule_id, one.name) for one in rules)
    with asking(data_dir) as client:
        if is_declared or not (which == "-" or Path(which).is_file()):
            told = client.test_rule(_named(rules, which).rule_id, given)
        else:
            name, fields = _read(which)
            told = client.try_rule(name, fields, given)
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        _tell(told)


def _tell(told: dict[str, Any]) -> None:
    print(f"{plain(told['words'])}")
    print(f"{_when(told['since'])} to {_when(told['until'])}")
    for problem in told["problems"]:
        print(f"crisisdesk: {plain(problem)}", file=sys.stderr)
    spans = told["spans"]
    if not spans:
        print("It would never have fired.")
        return
    heads = ("FROM", "UNTIL", "FOR", "VALUE", "SERIES")
    rows = [
        (
            _when(one["since"]),
            "-" if one["until"] is None else _when(one["until"]),
            _length(one, told["until"]),
            "-" if one["value"] is None else f"{one['value']:.6g}",
            one["series"],
        )
        for one in spans
    ]
    print("\n".join(table(heads, rows, {"SERIES": 60})))
    times = "once" if len(spans) == 1 else f"{len(spans)} times"
    many = told["alerts_a_day"]
    alerts = "alert" if many == 1 else "alerts"
    noise = f"{many:g} {alerts} a day, {told['flaps']} soon after the one before"
    longest, total = span(told["longest_s"] * 1_000), span(told["total_s"] * 1_000)
    print(f"It would have fired {times}: {noise}.")
    print(f"The longest lasted {longest}, all of them {total}.")


def _length(one: dict[str, Any], end: str) -> str:
    ended = one["until"] or end
    return span(max(0, moment_of(ended, "until") - moment_of(one["since"], "since")))


def _when(told: str) -> str:
    return f"{told[:10]} {told[11:19]}Z"


def _switched(which: str, data_dir: DataDir, operator: str, *, is_active: bool) -> str:
    rule_id = _one(which, data_dir).rule_id
    with commanding(data_dir, operator) as client:
        made = client.change_rule(rule_id, is_active=is_active)
    return f"{made['rule_id']} {'on' if made['is_active'] else 'off'}"


def _versions(data_dir: DataDir) -> list[PolicyVersion]:
    with reading(data_dir) as reader:
        return reader.policies(declared=True)


def _draft(versions: list[PolicyVersion], rule: AlertRule) -> dict[str, Any]:
    content = next(v.content for v in versions if v.version_id == rule.version_id)
    return {"rule_id": rule.rule_id, "name": rule.name, **written_of(content)}


def _one(which: str, data_dir: DataDir) -> AlertRule:
    return _named(alert_rules(_versions(data_dir)), which)


def _named(found: list[AlertRule], which: str) -> AlertRule:
    return meant(found, which, "rule", lambda one: (one.rule_id, one.name))


def _text(file: str, limit: int) -> str:
    """What a file or stdin holds; ends the command in words where that cannot be read."""
    try:
        if file == "-":
            text = sys.stdin.read(limit + 1)
        else:
            with Path(file).open(encoding="utf-8") as opened:
                text = opened.read(limit + 1)
    except (OSError, UnicodeDecodeError) as error:
        fail(USAGE, f"{file} cannot be read: {error}")
    if len(text) > limit:
        fail(USAGE, f"{file} is longer than {limit // 1024} KiB")
    return text


def _read(file: str) -> tuple[str, dict[str, Any]]:
    """Name and fields of the rule in a file; ends in words for one that holds something else."""
    import yaml

    try:
        told = yaml.safe_load(_text(file, FILE_LIMIT))
    except yaml.YAMLError as error:
        fail(USAGE, f"{file} is no YAML: {plain(str(error))}")
    if not isinstance(told, dict) or not all(isinstance(key, str) for key in told):
        fail(USAGE, f"{file} must hold a rule: name, rule_type, conditions and more")
    name = told.pop("name", None)
    if not isinstance(name, str):
        fail(USAGE, f"{file}: name must be a text")
    return name, told
