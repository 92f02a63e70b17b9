"""``crisisdesk procedure``: how services are brought back, as files that are checked and kept."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from getpass import getpass
from pathlib import Path
from typing import Annotated, Any

import typer

from crisisdesk.cli.dry_runs import lines_of
from crisisdesk.cli.station import (
    REFUSED,
    USAGE,
    AsJson,
    By,
    DataDir,
    asking,
    commanding,
    fail,
    in_words,
    places_of,
    reading,
)
from crisisdesk.cli.words import moment, plain, span, table
from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.recovery.procedure import (
    KIND,
    Procedure,
    checked_procedure,
    history_of,
    matching,
    procedures,
    unreadable,
)

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
File = Annotated[str, typer.Argument(help="A YAML or JSON file with a procedure; - for stdin.")]
Which = Annotated[str, typer.Argument(help="Its name.", metavar="PROCEDURE")]
Given = Annotated[
    list[str] | None, typer.Option("--set", help="An argument for it.", metavar="NAME=VALUE")
]
FILE_LIMIT = 256 * 1024
# Where secrets of steps lie; `recovery.http_call` knows it too.
SECRET_PREFIX = "recovery:"
_SECRET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@app.command("list")
def list_(
    incident: Annotated[str, typer.Option(help="Only those that fit this incident.")] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List procedures, of an incident the best first; works without the engine too."""
    with reading(data_dir) as reader:
        versions = reader.policies(declared=True)
        found = procedures(versions)
        if incident:
            known = reader.incident(incident)
            if known is None:
                raise NotFound("incident", f"no incident {incident!r} here", "check the id")
            found = matching(found, known.category, known.severity)
    for name in unreadable(versions):
        print(f"crisisdesk: {plain(name)} was written by a newer program", file=sys.stderr)
    if as_json:
        for one in found:
            told = {"name": one.name, "version_id": one.version_id}
            print(json.dumps(told | {"content": _content(versions, one)}, ensure_ascii=False))
        return
    if not found:
        print("No procedure fits." if incident else "No procedure is published.")
        return
    heads = ("NAME", "FOR", "FROM", "STEPS", "TAKES", "BY ITSELF", "UPDATED", "BY")
    rows = [
        (
            one.name,
            one.incident_type,
            one.severity_level,
            str(len(one.steps)),
            span(one.estimated_ms) if one.estimated_ms else "-",
            "yes" if one.is_automated else "no",
            moment(one.last_updated),
            one.updated_by,
        )
        for one in found
    ]
    print("\n".join(table(heads, rows, {"NAME": 50})))


@app.command()
def show(which: Which, data_dir: DataDir = None) -> None:
    """Write a procedure as a file that `procedure publish` takes."""
    import yaml

    with reading(data_dir) as reader:
        versions = reader.policies(declared=True)
    found = [one for one in procedures(versions) if one.name == which]
    if not found:
        fail(USAGE, f"{which!r} is no procedure; see `crisisdesk procedure list`")
    content = {k: v for k, v in _content(versions, found[0]).items() if k != "kind"}
    print(yaml.safe_dump({"name": which, **content}, sort_keys=False, allow_unicode=True).rstrip())


@app.command()
def check(file: File, data_dir: DataDir = None) -> None:
    """Look what is to be mended in a draft; publishes nothing. Exit code 1 for an error."""
    name, content = read_file(file)
    with asking(data_dir) as client:
        found = client.check_procedure(name, content)
    for flaw in found:
        print(f"{flaw['level']}: {plain(flaw['field'])}: {plain(flaw['words'])}")
    if any(flaw["level"] == "error" for flaw in found):
        raise typer.Exit(REFUSED)
    print(f"procedure {plain(name)} can be published")


@app.command()
def publish(file: File, data_dir: DataDir = None, operator: By = "") -> None:
    """Publish a version; prints its id. Runs go on with the version they began with."""
    name, content = read_file(file)
    with commanding(data_dir, operator) as client:
        made = client.publish_procedure(name, content)
    print(made["version_id"])


@app.command()
def withdraw(which: Which, data_dir: DataDir = None, operator: By = "") -> None:
    """Take a procedure away; runs of it go on."""
    with commanding(data_dir, operator) as client:
        client.withdraw_procedure(which)
    print(f"{plain(which)} withdrawn")


@app.command()
def history(which: Which, data_dir: DataDir = None) -> None:
    """Every version of a procedure, the newest first."""
    with reading(data_dir) as reader:
        found = history_of(reader.policies(declared=True), which)
    heads = ("VERSION", "PUBLISHED", "BY", "UNTIL")
    rows = [
        (
            one.version_id,
            moment(one.published_at),
            one.published_by,
            "-" if one.withdrawn_at is None else moment(one.withdrawn_at),
        )
        for one in found
    ]
    print("\n".join(table(heads, rows, {})))


@app.command("dry-run")
def dry_run(
    which: Which, given: Given = None, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Say what each step would do, whether this station could, and what holds now; does nothing.

    Exit code 1 when it could not.
    """
    with asking(data_dir) as client:
        told = client.dry_run(which, arguments_of(given))
    lines = [json.dumps(told, ensure_ascii=False)] if as_json else lines_of(told)
    print("\n".join(lines))
    if not told["ok"]:
        raise typer.Exit(REFUSED)


@app.command()
def allow(
    path: Annotated[Path, typer.Argument(help="The program's file.", metavar="PATH")],
) -> None:
    """Print what settings.toml has to say so that steps may run this very file."""
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        fail(USAGE, f"{path} cannot be read: {error.strerror}")
    print(f'[recovery.commands]\n"{path.resolve()}" = "{digest}"')


@app.command()
def secret(
    name: Annotated[str, typer.Argument(help="As steps or databases name it.")],
    remove: Annotated[bool, typer.Option("--remove", help="Forget it.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Keep a token of HTTP steps, or a database's password, at this station; asks for it."""
    from crisisdesk.settings.secrets import open_secrets

    if not _SECRET.fullmatch(name):
        fail(USAGE, "a name has letters, digits, dots, dashes and underscores")
    with in_words():
        secrets = open_secrets(places_of(data_dir))
        if remove:
            secrets.delete(SECRET_PREFIX + name)
            print(f"{name} is forgotten")
            return
        value = getpass("Secret: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        if not value:
            fail(USAGE, "nothing was given")
        secrets.set(SECRET_PREFIX + name, value)
    print(f"{name} is kept")


def arguments_of(given: list[str] | None) -> dict[str, str]:
    """Arguments from the command line; ends in words for what is none."""
    found: dict[str, str] = {}
    for one in given or ():
        name, equals, value = one.partition("=")
        if not equals or not name:
            fail(USAGE, f"--set {one!r} is no NAME=VALUE")
        found[name] = value
    return found


def _content(versions: Any, one: Procedure) -> dict[str, Any]:
    return next(v.content for v in versions if v.version_id == one.version_id)


def read_file(file: str) -> tuple[str, dict[str, Any]]:
    """Name and content of the procedure in a file; ends in words for one that holds none."""
    import yaml

    try:
        if file == "-":
            text = sys.stdin.read(FILE_LIMIT + 1)
        else:
            with Path(file).open(encoding="utf-8") as opened:
                text = opened.read(FILE_LIMIT + 1)
        if len(text) > FILE_LIMIT:
            fail(USAGE, f"{file} is longer than {FILE_LIMIT // 1024} KiB")
        told = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        fail(USAGE, f"{file} cannot be read: {error}")
    except yaml.YAMLError as error:
        fail(USAGE, f"{file} is no YAML: {plain(str(error))}")
    if not isinstance(told, dict) or not all(isinstance(key, str) for key in told):
        fail(USAGE, f"{file} must hold a procedure: name, steps and more")
    name = told.pop("name", None)
    if not isinstance(name, str):
        fail(USAGE, f"{file}: name must be a text")
    with in_words():
        return name, checked_procedure(name, {"kind": KIND, **told})
