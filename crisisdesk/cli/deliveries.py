"""``crisisdesk delivery`` and ``crisisdesk channel``: what became of pages, and how channels do."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from crisisdesk.cli.station import USAGE, AsJson, DataDir, fail, reading
from crisisdesk.cli.words import facts, moment, now_ms, plain, table
from crisisdesk.domain.channel_health import (
    Channels,
    channel_why,
    look_at,
    share_words,
    wait_words,
    why_words,
)
from crisisdesk.domain.delivery import Delivery, DeliveryStatus
from crisisdesk.domain.delivery_story import (
    Passage,
    Telling,
    sequel,
    station_names,
    station_of,
    story,
)
from crisisdesk.domain.delivery_words import reason_words, state_of, state_words, subject, way
from crisisdesk.domain.loop_standing import loop_lines, loop_uses
from crisisdesk.store.queries import StationReader

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
channels = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
_EVENTS = 500
_MOST = 10_000


@app.command("list")
def list_(
    status: Annotated[
        list[str] | None, typer.Option(help=f"Only of this status: {', '.join(DeliveryStatus)}.")
    ] = None,
    alert: Annotated[str, typer.Option(help="Only of this alert.", metavar="ID")] = "",
    limit: Annotated[int, typer.Option(help="At most this many.", min=1, max=_MOST)] = 50,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List deliveries, the newest first; works without the engine too."""
    for word in status or ():
        if word not in list(DeliveryStatus):
            fail(USAGE, f"--status {word!r} is none; use {', '.join(DeliveryStatus)}")
    with reading(data_dir) as reader:
        page = reader.page_deliveries(status or (), limit=limit, alert_id=alert)
        names = station_names(reader.stations())
    if as_json:
        for one in page.items:
            print(json.dumps(_told(one), ensure_ascii=False))
        return
    if not page.items:
        print("No such delivery." if status or alert else "Nobody was paged yet.")
        return
    at = now_ms()
    heads = ("ID", "QUEUED", "SEV", "STATE", "TRIES", "CONTACT", "BY", "STATION", "WHAT")
    rows = [
        (
            one.delivery_id,
            moment(one.queued_at),
            str(one.severity),
            state_words(one, at),
            str(one.tries),
            one.contact_name,
            way(one),
            station_of(one, names),
            subject(one),
        )
        for one in page.items
    ]
    print("\n".join(table(heads, rows, {"CONTACT": 24, "BY": 44, "STATION": 16, "WHAT": 50})))
    if page.next is not None:
        print(f"… older ones with a larger --limit than {limit}")


def _told(one: Delivery) -> dict[str, object]:
    return asdict(one) | {"state": str(state_of(one)), "is_test": one.is_test}


@app.command()
def show(
    delivery_id: Annotated[str, typer.Argument(help="The delivery's id.", metavar="ID")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Tell one delivery's whole story; works without the engine too."""
    at = now_ms()
    with reading(data_dir) as reader:
        one = reader.board().one(delivery_id)
        if one is None:
            fail(
                USAGE,
                f"no delivery {delivery_id!r} on this station; see `crisisdesk delivery list`",
            )
        passages, names = _story(reader, one, at)
        _, carried = reader.board().carried_by(delivery_id)
    if as_json:
        lines = [
            {"at_ms": p.at_ms or None, "words": p.words, "tone": p.tone or None} for p in passages
        ]
        with_it = [d.delivery_id for d in carried]
        print(json.dumps(_told(one) | {"story": lines, "carried": with_it}, ensure_ascii=False))
        return
    shown = facts(
        (
            ("Delivery", one.delivery_id),
            ("State", state_words(one, at)),
            ("What", f"{one.severity}: {subject(one)}"),
            ("Alert", one.alert_id),
            ("To", f"{one.contact_name} by {way(one)}"),
            ("Went with", one.into),
            ("Why", reason_words(one.reason, one.probe)),
            ("Tries", str(one.tries)),
            ("Station", station_of(one, names)),
        )
    )
    print("\n".join(shown))
    print()
    for passage in passages:
        print(f"{moment(passage.at_ms or None)}  {plain(passage.words)}")
    for other in carried:
        print(f"with it {other.delivery_id}  {plain(subject(other))}")


def _story(
    reader: StationReader, one: Delivery, at_ms: int
) -> tuple[list[Passage], dict[str, str]]:
    names = station_names(reader.stations())
    telling = Telling(names, at_ms)
    siblings = reader.deliveries_of(one.alert_id) if one.alert_id else []
    carried, _ = reader.board().carried_by(one.delivery_id, 1)
    events = reader.history([one.delivery_id], _EVENTS)
    return [*story(events, telling), *sequel(one, siblings, carried, telling)], names


@channels.command("list")
def list_channels(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List channels by what the log shows of them; works without the engine too."""
    at = now_ms()
    with reading(data_dir) as reader:
        contacts = reader.contacts()
        methods = [str(m["method_id"]) for c in contacts for m in c.methods]
        loops = loop_uses(loop_lines(reader, at))
        found = look_at(contacts, reader.board().uses(methods, at), at, loops)
    if as_json:
        _print_json(found, at)
        return
    if not found.lines and not found.stranded:
        print("No contact yet: nobody is paged.")
        return
    heads = ("CHANNEL", "VERDICT", "CONTACTS", "ONLY", "LAST SUCCESS", "LAST FAILURE", "WAITING")
    more = ("FAILED IN 1 H", "MEDIAN WAIT", "WHY")
    rows = [
        (
            line.name,
            str(line.verdict),
            str(line.contacts),
            str(line.only),
            moment(line.use.last_success),
            moment(line.use.last_failure),
            str(line.use.waiting),
            share_words(line.use),
            wait_words(line.use),
            channel_why(line, at),
        )
        for line in found.lines
    ]
    print("\n".join(table((*heads, *more), rows, {"CHANNEL": 40, "WHY": 70})))
    for one in found.stranded:
        numbers = ", ".join((*one.phones, *one.mails)) or "no number written down"
        print(f"No working channel: {plain(one.name)} ({plain(one.why)}); {plain(numbers)}")
    if found.untried:
        print(f"Only channels not used lately: {found.untried} contact(s)")


def _print_json(found: Channels, at_ms: int) -> None:
    for line in found.lines:
        told = asdict(line) | {"verdict": str(line.verdict), "why": channel_why(line, at_ms)}
        told["methods"] = [
            asdict(method) | {"verdict": str(method.verdict), "why": why_words(method.use, at_ms)}
            for method in line.methods
        ]
        print(json.dumps({"kind": "channel"} | told, ensure_ascii=False))
    for one in found.stranded:
        print(json.dumps({"kind": "stranded"} | asdict(one), ensure_ascii=False))
