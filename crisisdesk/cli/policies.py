"""``crisisdesk policy``: what is published, checked before, played ahead, withdrawn."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from crisisdesk.cli.station import USAGE, AsJson, By, DataDir, commanding, fail, in_words, reading
from crisisdesk.cli.words import moment, now_ms, plain, span, table
from crisisdesk.domain.channel_dependencies import checked_name
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.correlation.rehearsal import WEEK_MS, played
from crisisdesk.domain.correlation.rule import KIND as CORRELATION
from crisisdesk.domain.correlation.rule import CorrelationRule, read_rule
from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.escalation.checking import Finding
from crisisdesk.domain.escalation.policy import KIND, EscalationPolicy, read_policy
from crisisdesk.domain.inhibition import READERS
from crisisdesk.domain.inhibition_check import check_rule
from crisisdesk.domain.kept_quiet import quiet_words
from crisisdesk.domain.oncall.checking import check_rota
from crisisdesk.domain.oncall.reading import OVERRIDE, SCHEDULE
from crisisdesk.domain.outages import KIND as OUTAGE
from crisisdesk.domain.policy_version import PolicyVersion, current
from crisisdesk.domain.publishing import checked_content, spelled_anew
from crisisdesk.domain.rehearsal import by_id
from crisisdesk.domain.rehearsal_reading import Scene, play
from crisisdesk.domain.rota import Rota
from crisisdesk.domain.severity import Severity
from crisisdesk.store.queries import StationReader

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
File = Annotated[
    str, typer.Argument(help="A YAML or JSON file with name and content; - for stdin.")
]
Which = Annotated[str, typer.Argument(help="A version's id, or the name of what counts now.")]
Without = Annotated[str, typer.Option(help="Suppose that these are out as well: dns,isp:acme.")]
TheAlert = Annotated[
    str, typer.Option("--alert", help="Play this alert: its severity, and what keeps it quiet.")
]
TOLD = 10
FILE_LIMIT = 256 * 1024


class Draft(NamedTuple):
    """What a file holds."""

    name: str
    content: dict[str, Any]


@app.command("list")
def list_(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List policies, schedules and overrides that count now; works without the engine too."""
    with reading(data_dir) as reader:
        # What is out has a list of its own, `outage list`.
        found = [v for v in current(reader.policies()) if v.content.get("kind") != OUTAGE]
    if as_json:
        for version in found:
            told = {"version_id": version.version_id, "name": version.name}
            print(json.dumps(told | {"content": version.content}, ensure_ascii=False))
        return
    if not found:
        print("Nothing is published: every alert pages everyone. See `policy check` for a draft.")
        return
    heads = ("ID", "KIND", "NAME", "PUBLISHED", "BY")
    rows = [
        (v.version_id, str(v.content["kind"]), v.name, moment(v.published_at), v.published_by)
        for v in found
    ]
    print("\n".join(table(heads, rows, {"NAME": 50})))


@app.command()
def show(which: Which, data_dir: DataDir = None) -> None:
    """Write a version as a file that `policy publish` takes."""
    import yaml

    with reading(data_dir) as reader:
        version = _named(reader, which)
    draft = {"name": version.name, "content": version.content}
    print(yaml.safe_dump(draft, sort_keys=False, allow_unicode=True).rstrip())


@app.command("check")
def check_draft(
    file: File,
    severity: Annotated[Severity, typer.Option(help="Of the alert to play.")] = Severity.CRITICAL,
    hours: Annotated[int, typer.Option(min=1, max=720, help="How far to play ahead.")] = 24,
    without: Without = "",
    alert: TheAlert = "",
    data_dir: DataDir = None,
) -> None:
    """Check a draft and play it ahead against the station's people; publishes nothing.

    Exit code 1 when somebody would not be reached, or nothing is ever kept quiet by it.
    """
    draft = _read(file)
    with in_words():
        content = checked_content(draft.name, draft.content)
    if (read := READERS.get(content["kind"])) is not None:
        with reading(data_dir) as reader:
            findings = check_rule(read(draft.name, content), reader.quieting().services())
        print(f"{content['kind']} {draft.name} can be published")
        if _told(findings):
            raise typer.Exit(1)
        return
    if content["kind"] != KIND:
        print(f"{content['kind']} {draft.name} can be published")
        if content["kind"] in (SCHEDULE, OVERRIDE):
            with reading(data_dir) as reader:
                findings = _findings(reader, draft.name, content)
            if _told(findings):
                raise typer.Exit(1)
        if content["kind"] == CORRELATION:
            with reading(data_dir) as reader:
                _rehearse(reader, read_rule(draft.name, content))
        return
    policy = read_policy(draft.name, content)
    scene = _scene(severity, hours, without, alert)
    with reading(data_dir) as reader:
        errors = _play(reader, policy, scene)
    if errors:
        raise typer.Exit(1)


def _rehearse(reader: StationReader, rule: CorrelationRule) -> None:
    """Say what it would have proposed of what the log has of the last week."""
    if rule.disabled:
        print("Nothing would be proposed by it: it is switched off.")
        return
    found = played(rule, reader.fired_since(now_ms() - WEEK_MS))
    times = "once" if len(found) == 1 else f"{len(found)} times"
    print(f"Proposes {plain(rule.words())}.")
    print(f"In the last 7 days it would have proposed an incident {times}.")
    for one in found[-TOLD:]:
        group = ", ".join(f"{name} {value}" for name, value in one.group)
        print(f"{moment(one.opened_at)}  {one.alerts:>3} alerts  {plain(group)}")


@app.command("plan")
def plan_(
    which: Annotated[str, typer.Argument(help="A policy's name or id; else the built-in.")] = "",
    severity: Annotated[Severity, typer.Option(help="Of the alert to play.")] = Severity.CRITICAL,
    hours: Annotated[int, typer.Option(min=1, max=720, help="How far to play ahead.")] = 24,
    without: Without = "",
    alert: TheAlert = "",
    data_dir: DataDir = None,
) -> None:
    """Say minute by minute whom an alert would page from now on if nobody ever answered.

    Pages go around what is out. Of an alert that is there, by the policy that takes it.
    """
    scene = _scene(severity, hours, without, alert)
    with reading(data_dir) as reader:
        policy = None
        if which:
            version = _named(reader, which)
            with in_words():
                policy = read_policy(version.name, version.content)
        _play(reader, policy, scene)


def _scene(severity: str, hours: int, without: str, alert: str) -> Scene:
    """What is to be played from now on."""
    with in_words():
        names = [checked_name(part, "--without") for part in without.split(",") if part.strip()]
    return Scene(at=now_ms(), severity=severity, hours=hours, without=names, alert_id=alert)


def _play(reader: StationReader, policy: EscalationPolicy | None, scene: Scene) -> int:
    """Print the plan and what is wrong; returns how many errors there are."""
    played = play(reader, policy, scene, scene.at)
    if played.quiet is not None:
        print(f"{plain(quiet_words(played.quiet))}; played from {moment(played.start)} on.")
    rows = [
        (
            f"+{span(taken.at - scene.at)}",
            moment(taken.at),
            f"{taken.round}.{taken.step}",
            _names(taken.contacts, played.contacts) or "NOBODY",
            taken.words,
        )
        for taken in played.told.explained()
    ]
    print("\n".join(table(("AFTER", "AT", "STEP", "PAGES", "WHY"), rows, {"PAGES": 60})))
    return _told(played.told.findings)


def _findings(reader: StationReader, name: str, content: dict[str, Any]) -> list[Finding]:
    """What is wrong with a policy, a schedule or an override; nothing of any other kind."""
    if content["kind"] == KIND:
        scene = Scene(at=now_ms(), severity=Severity.CRITICAL)
        return play(reader, read_policy(name, content), scene, scene.at).told.findings
    if content["kind"] in (SCHEDULE, OVERRIDE):
        rota, contacts = Rota(reader.policies()), by_id(reader.contacts())
        return check_rota(name, content, rota, contacts, now_ms())
    return []


def _told(findings: Sequence[Finding]) -> int:
    """Print what is wrong; returns how many errors there are."""
    for finding in findings:
        print(f"{finding.level}: {plain(finding.field)}: {plain(finding.words)}")
    return sum(finding.level == "error" for finding in findings)


@app.command()
def publish(file: File, data_dir: DataDir = None, operator: By = "") -> None:
    """Publish a version; prints its id. Running escalations go on by the one they began with.

    What was published before, and is not what counts now, becomes a new version that says the same.
    Whom it would not reach is said on stderr: a station may know of people that this one does not.
    """
    draft = _read(file)
    with reading(data_dir) as reader:
        versions = reader.policies()
    before = {v.version_id for v in versions} - {v.version_id for v in current(versions)}
    try:
        content = checked_content(draft.name, draft.content)
        content = spelled_anew(draft.name, content, before)
    except DomainError:
        content = draft.content  # as it is: the engine says what is wrong with it
    with commanding(data_dir, operator) as client:
        made = client.publish_policy(draft.name, content)
    print(made["version_id"])
    with reading(data_dir) as reader:
        for finding in _findings(reader, draft.name, content):
            if finding.level == "error":
                print(f"error: {plain(finding.field)}: {plain(finding.words)}", file=sys.stderr)


@app.command()
def withdraw(which: Which, data_dir: DataDir = None, operator: By = "") -> None:
    """Take a version back."""
    with reading(data_dir) as reader:
        version = _named(reader, which)
    with commanding(data_dir, operator) as client:
        client.withdraw_policy(version.version_id)
    print(f"{version.version_id} withdrawn")


def _names(ids: Any, contacts: dict[str, Contact]) -> str:
    return ", ".join(contacts[i].name if i in contacts else f"{i} (unknown)" for i in ids)


def _named(reader: StationReader, which: str) -> PolicyVersion:
    versions = reader.policies()
    found = [v for v in versions if v.version_id == which]
    found = found or [v for v in current(versions) if v.name == which]
    if len(found) != 1:
        kinds = ", ".join(f"{v.version_id} ({v.content['kind']})" for v in found)
        fail(USAGE, f"{which!r} is {kinds or 'nothing published'}; see `policy list`")
    return found[0]


def _read(file: str) -> Draft:
    """The draft in a file; ends the command in words for one that holds something else."""
    import yaml

    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        if len(text) > FILE_LIMIT:
            fail(USAGE, f"{file} is longer than {FILE_LIMIT // 1024} KiB")
        told = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        fail(USAGE, f"{file} cannot be read: {error}")
    except yaml.YAMLError as error:
        fail(USAGE, f"{file} is no YAML: {plain(str(error))}")
    if not isinstance(told, dict) or set(told) != {"name", "content"}:
        fail(USAGE, f"{file} must hold name and content and nothing else")
    if not isinstance(told["name"], str) or not isinstance(told["content"], dict):
        fail(USAGE, f"{file}: name must be a text and content an object")
    return Draft(told["name"], told["content"])
