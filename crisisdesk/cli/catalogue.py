"""``crisisdesk catalogue``: what is known of services, shown, checked and published."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from crisisdesk.cli.station import REFUSED, USAGE, AsJson, By, DataDir, commanding, fail, in_words
from crisisdesk.cli.station import reading as reading_station
from crisisdesk.cli.words import money, plain, table
from crisisdesk.domain.context.catalogue import KIND, Catalogue, read_catalogue
from crisisdesk.domain.context.catalogue_check import check_catalogue
from crisisdesk.domain.context.catalogue_csv import content_of
from crisisdesk.domain.file_text import text_of
from crisisdesk.domain.publishing import checked_content

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
File = Annotated[Path, typer.Argument(help="YAML or JSON: name, services, tables, runbooks.")]
Csv = Annotated[Path, typer.Argument(help="CSV with a line of heads.", metavar="CSV")]


class Draft(NamedTuple):
    """One document of the catalogue."""

    name: str
    content: dict[str, Any]


@app.command()
def show(
    service: Annotated[str, typer.Argument(help="Only this one, with all that needs it.")] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Show what is published about services; works without the engine too."""
    with reading_station(data_dir) as reader:
        services = reader.services()
    catalogue = services.catalogue
    chosen = [one for name, one in sorted(catalogue.services.items()) if service in ("", name)]
    if service and not chosen and service not in services.topology:
        fail(REFUSED, f"no service {service!r} is published; `catalogue show` has the names")
    if as_json:
        for one in chosen:
            print(json.dumps(asdict(one), ensure_ascii=False))
        return
    for problem in catalogue.problems:
        print(plain(problem), file=sys.stderr)
    if not chosen and not service:
        print("No service is published; `catalogue publish FILE` does it.")
        return
    rows = [
        (
            one.name,
            one.owner or one.team,
            one.tier,
            ", ".join(services.topology.needs(one.name)),
            "-" if one.users is None else str(one.users),
            ", ".join(one.regions),
            money(one.money_per_minute_cents),
        )
        for one in chosen
    ]
    heads = ("SERVICE", "OWNER", "TIER", "NEEDS", "USERS", "REGIONS", "PER MINUTE")
    if rows:
        print("\n".join(table(heads, rows, {"NEEDS": 50, "REGIONS": 30})))
    for step in services.topology.downstream([service]) if service else ():
        print(f"{plain(step.service)} depends on {plain(step.needed)}")


@app.command()
def check(file: File, name: str = "", data_dir: DataDir = None) -> None:
    """Say whether a file (YAML, JSON or CSV) can be published, and what it leaves open."""
    draft = _draft(file, name, "")
    with in_words():
        content = checked_content(draft.name, draft.content)
        catalogue = read_catalogue(draft.name, content)
    count = len(catalogue.services)
    print(f"{KIND} {plain(draft.name)} can be published: {count} services")
    for finding in check_catalogue(catalogue):
        print(f"{finding.level}: {plain(finding.field)}: {plain(finding.words)}")


@app.command()
def publish(file: File, name: str = "", data_dir: DataDir = None, operator: By = "") -> None:
    """Publish a document; prints its version. Others of other names stay beside it."""
    _publish(_draft(file, name, ""), data_dir, operator)


@app.command("import")
def import_(
    file: Csv,
    label: Annotated[
        str, typer.Option(help="A mapping table: what a value of this label means.")
    ] = "",
    name: Annotated[str, typer.Option(help="The document's name; else the file's.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it holds.")] = False,
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Publish services, or a mapping table, from CSV; prints its version."""
    draft = _draft(file, name, label)
    if dry_run:
        with in_words():
            catalogue = read_catalogue(draft.name, checked_content(draft.name, draft.content))
        print(_holds(catalogue))
        return
    _publish(draft, data_dir, operator)


def _holds(catalogue: Catalogue) -> str:
    rows = sum(len(rows) for rows in catalogue.tables.values())
    return f"Holds {len(catalogue.services)} services and {rows} rows of tables."


def _publish(draft: Draft, data_dir: Path | None, operator: str) -> None:
    with in_words():
        content = checked_content(draft.name, draft.content)
    with commanding(data_dir, operator) as client:
        made = client.publish_policy(draft.name, content)
    print(made["version_id"])


def _draft(file: Path, name: str, label: str) -> Draft:
    """The document in a file; ends the command in words for one that holds something else."""
    try:
        data = file.read_bytes()
    except OSError as error:
        fail(USAGE, f"{file} cannot be read: {error}")
    with in_words():
        text, guessed = text_of(data)
        if guessed:
            print(f"{file}: {guessed}", file=sys.stderr)
        if label or file.suffix.lower() == ".csv":
            return Draft(name or file.stem, content_of(text, label))
    return _from_yaml(file, text, name)


def _from_yaml(file: Path, text: str, name: str) -> Draft:
    import yaml

    try:
        told = yaml.safe_load(text)
    except yaml.YAMLError as error:
        fail(USAGE, f"{file} is no YAML: {plain(str(error))}")
    if not isinstance(told, dict):
        fail(USAGE, f"{file} must hold name and services")
    own = told.pop("name", file.stem)
    content = told.get("content", told)
    if not isinstance(own, str) or not isinstance(content, dict):
        fail(USAGE, f"{file}: name must be a text and content an object")
    return Draft(name or own, {"kind": KIND, **content})
