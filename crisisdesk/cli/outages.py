"""``crisisdesk outage`` and ``crisisdesk channel map``: what is out, and who is still reached."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from crisisdesk.cli.spans import moment_of, seconds_of
from crisisdesk.cli.station import USAGE, AsJson, By, DataDir, commanding, fail, reading
from crisisdesk.cli.words import moment, now_ms, plain, span, table
from crisisdesk.domain.channel_dependencies import checked_name
from crisisdesk.domain.channel_survey import outages_of, survey
from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.outages import TakenOut
from crisisdesk.domain.survivability import (
    ChannelMap,
    MapColumn,
    headline,
)

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Name = Annotated[str, typer.Argument(help="A dependency, such as dns or isp:acme.", metavar="NAME")]
NEEDS, GONE = "x", "OUT"


@app.command("set")
def set_(
    dependency: Name,
    reason: Annotated[str, typer.Option(help="Why; who looks at it later needs it.")],
    incident: Annotated[
        str, typer.Option(help="The incident with which it is over.", metavar="ID")
    ] = "",
    lasts: Annotated[str, typer.Option("--for", help="How long: 30m, 2h, 1d.")] = "",
    until: Annotated[str, typer.Option(help="Or its end: 2026-03-01T12:30:00Z.")] = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Say that a dependency is out: pages go around it once this is on disk."""
    if lasts and until:
        fail(USAGE, "say its end with either --for or --until, or with neither")
    fields: dict[str, Any] = {"incident_id": incident} if incident else {}
    fields |= {"duration_s": seconds_of("--for", lasts)} if lasts else {}
    fields |= {"until": moment_of("--until", until)} if until else {}
    with commanding(data_dir, operator) as client:
        made = client.set_outage(dependency, reason, **fields)
    print(f"{made['dependency']} counts as out")


@app.command()
def end(dependency: Name, data_dir: DataDir = None, operator: By = "") -> None:
    """Say that it is there again; an open incident that names it is overruled."""
    with commanding(data_dir, operator) as client:
        client.end_outage(dependency)
    print(f"{plain(dependency)} does not count as out")


@app.command("list")
def list_(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List what is out, and why; works without the engine too."""
    at = now_ms()
    with reading(data_dir) as reader:
        found = outages_of(reader.board().known(at), at)
    if as_json:
        for one in found.values():
            print(json.dumps(asdict(one) | {"because": one.because()}, ensure_ascii=False))
        return
    if not found:
        print("Nothing is out.")
        return
    rows = [
        (one.dependency, moment(one.since), _end(one, at), one.because()) for one in found.values()
    ]
    print("\n".join(table(("WHAT", "SINCE", "END", "WHY"), rows, {"WHAT": 40, "WHY": 90})))


def _end(one: TakenOut, at_ms: int) -> str:
    if one.until is not None:
        return f"in {span(one.until - at_ms)}"
    return f"with {one.incident_id}" if one.incident_id else "by hand"


def map_(
    without: Annotated[
        str, typer.Option(help="Suppose that these are out as well: dns,isp:acme.")
    ] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Show what each channel depends on, and who is left without a way; works without the engine.

    The exit code is 1 when somebody cannot be reached.
    """
    at = now_ms()
    try:
        names = [checked_name(part, "--without") for part in without.split(",") if part.strip()]
    except DomainError as error:
        fail(USAGE, str(error))
    with reading(data_dir) as reader:
        found = survey(reader.board().known(at), at, names)
    if as_json:
        told = asdict(found) | {"headline": headline(found)}
        print(json.dumps(told, ensure_ascii=False))
    else:
        print("\n".join(_lines(found)))
    if found.unreachable:
        raise typer.Exit(1)


def _lines(found: ChannelMap) -> list[str]:
    if not found.rows and not found.unreachable:
        return ["No contact yet: nobody is paged."]
    lines = [headline(found), ""]
    lines += [
        f"{column.dependency}: {words}"
        for column in found.columns
        if (words := _column_words(column))
    ]
    heads = ("CHANNEL", "VERDICT", "ARRIVES", "CONTACTS", *(c.dependency for c in found.columns))
    rows = [
        (
            row.name,
            str(row.verdict),
            "yes" if row.arrives else "NO",
            str(row.contacts),
            *(_mark(c, row.needs) for c in found.columns),
        )
        for row in found.rows
    ]
    lines += ["", *table(heads, rows, {"CHANNEL": 40})]
    for one in found.unreachable:
        numbers = ", ".join((*one.phones, *one.mails)) or "no number written down"
        lines.append(f"No way left: {plain(one.name)} ({plain(one.why)}); {plain(numbers)}")
    return lines


def _mark(column: MapColumn, needs: tuple[str, ...]) -> str:
    if column.dependency not in needs:
        return "-"
    return GONE if column.is_out else NEEDS


def _column_words(column: MapColumn) -> str:
    if column.taken is not None:
        return f"out, {plain(column.taken.because())}"
    if column.supposed:
        return "supposed to be out"
    return f"suspected: {column.suspicion.words()}" if column.suspicion is not None else ""
