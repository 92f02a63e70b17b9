"""``crisisdesk playbook``: response plans by type of crisis."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from crisisdesk.cli.station import (
    REFUSED,
    USAGE,
    AsJson,
    By,
    DataDir,
    commanding,
    fail,
    in_words,
    reading,
)
from crisisdesk.cli.words import moment, plain, table
from crisisdesk.domain.playbook.checking import check_playbook
from crisisdesk.domain.playbook.choosing import InForce, in_force
from crisisdesk.domain.playbook.content import KIND, read_playbook
from crisisdesk.domain.policy_version import current
from crisisdesk.domain.publishing import checked_content
from crisisdesk.settings.playbooks import shipped_plans

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
File = Annotated[Path, typer.Argument(help="A YAML file with a plan.")]
Name = Annotated[str, typer.Argument(help="A type of crisis, such as data_breach.")]
FILE_LIMIT = 256 * 1024


@app.command("list")
def list_(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List the plan that counts for each type of crisis; works without the engine too."""
    found = _known(data_dir)
    if as_json:
        for one in found.values():
            print(json.dumps({"name": one.name, "version_id": one.version_id, **one.content}))
        return
    heads = ("NAME", "TITLE", "ACTIONS", "VERSION", "WRITTEN BY")
    rows = [
        (
            one.name,
            str(one.content["title"]),
            str(len(one.content["actions"])),
            one.version_id,
            "people here" if one.is_own else "the program",
        )
        for one in found.values()
    ]
    print("\n".join(table(heads, rows, {"TITLE": 50})))


@app.command()
def show(name: Name, data_dir: DataDir = None) -> None:
    """Write a plan as a file that `playbook publish` takes."""
    import yaml

    one = _one(name, data_dir)
    told = {"kind": KIND, "name": name, **one.content}
    told.pop("shipped", None)
    print(yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=100).rstrip())


@app.command()
def check(file: File, data_dir: DataDir = None) -> None:
    """Say whether a file can be published, and what it leaves open; works without the engine."""
    name, content = _draft(file)
    with reading(data_dir) as reader:
        procedures = [v.name for v in reader.policies() if v.content.get("kind") == "procedure"]
    with in_words():
        plan = read_playbook(name, checked_content(name, content))
    print(f"{KIND} {plain(name)} can be published: {len(plan.actions)} actions")
    for finding in check_playbook(plan, procedures):
        print(f"{finding.level}: {plain(finding.field)}: {plain(finding.words)}")


@app.command()
def publish(file: File, data_dir: DataDir = None, operator: By = "") -> None:
    """Publish a plan; prints its version. Incidents that began keep what they began with."""
    name, content = _draft(file)
    with in_words():
        content = checked_content(name, content)
    with commanding(data_dir, operator) as client:
        made = client.publish_policy(name, content)
    print(made["version_id"])


@app.command()
def history(name: Name, data_dir: DataDir = None) -> None:
    """Every version of a plan that was published or followed here, the newest first."""
    with reading(data_dir) as reader:
        versions = reader.policies()
    found = [v for v in versions if (v.name, v.content.get("kind")) == (name, KIND)]
    if not found:
        _one(name, data_dir)
        print("Nothing was published, and no incident has followed it.")
        return
    now = {v.version_id for v in current(found)}
    heads = ("VERSION", "EDITION", "ACTIONS", "PUBLISHED", "BY", "STATE")
    rows = [
        (
            v.version_id,
            str(v.content.get("edition", 1)),
            str(len(v.content.get("actions", ()))),
            moment(v.published_at),
            "the program" if v.content.get("shipped") is True else v.published_by,
            "withdrawn" if v.withdrawn_at else "newest" if v.version_id in now else "replaced",
        )
        for v in reversed(found)
    ]
    print("\n".join(table(heads, rows, {})))


@app.command()
def reset(name: Name, data_dir: DataDir = None, operator: By = "") -> None:
    """Go back to the plan that comes with the program."""
    with commanding(data_dir, operator) as client:
        withdrawn = client.reset_playbook(name)["withdrawn"]
    print(f"{name}: {withdrawn} version{'' if withdrawn == 1 else 's'} withdrawn")


def _known(data_dir: Path | None) -> dict[str, InForce]:
    with reading(data_dir) as reader:
        return in_force(reader.policies(), shipped_plans())


def _one(name: str, data_dir: Path | None) -> InForce:
    known = _known(data_dir)
    if name not in known:
        fail(REFUSED, f"no response plan {name!r}; there are {', '.join(known)}")
    return known[name]


def _draft(file: Path) -> tuple[str, dict[str, Any]]:
    """Name and content in a file; ends the command in words for one that holds something else."""
    import yaml

    try:
        if file.stat().st_size > FILE_LIMIT:
            fail(USAGE, f"{file} is longer than {FILE_LIMIT // 1024} KiB")
        told = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        fail(USAGE, f"{file} cannot be read: {error}")
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        fail(USAGE, f"{file} is no YAML: {plain(str(error))}")
    if not isinstance(told, dict):
        fail(USAGE, f"{file} must hold name, title and actions")
    name = told.pop("name", file.stem)
    if not isinstance(name, str):
        fail(USAGE, f"{file}: name must be a text")
    return name, {"kind": KIND, **told}
