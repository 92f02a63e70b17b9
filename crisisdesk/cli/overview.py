"""``crisisdesk dashboard`` and ``crisisdesk feed``: the station at a glance, and as it goes."""

from __future__ import annotations

import json
import threading
from typing import Annotated

import typer

from crisisdesk.api.client import EngineAway
from crisisdesk.cli.station import AsJson, DataDir, places_of, read_door, reading
from crisisdesk.cli.words import facts, moment, now_ms, plain, span
from crisisdesk.domain.event import Event, unseal
from crisisdesk.store.queries import FeedRow, StationReader

LOOK_S = 0.1
BATCH = 500


def dashboard(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """The station at a glance; works without the engine too."""
    at = now_ms()
    with reading(data_dir) as reader:
        counts, station = reader.counts(at), reader.station()
    try:
        url, _token = read_door(places_of(data_dir))
        engine = f"running, {url}"
    except EngineAway as away:
        engine = f"away: {away.problem}"
    if as_json:
        whole = {name: getattr(counts, name) for name in counts.__dataclass_fields__}
        print(json.dumps({"station": station.name, "operator": station.operator, **whole}))
        return
    oldest = counts.oldest_unacknowledged_at
    lines = facts(
        [
            ("station", station.name or "without a name yet"),
            ("operator", station.operator or "nobody"),
            ("engine", engine),
            ("open alerts", f"{counts.open_alerts}, {counts.unowned} that nobody has"),
            *((f"  {status}", _numbers(by)) for status, by in counts.alerts.items() if by),
            ("late", f"{counts.breached} past their time to acknowledge"),
            ("oldest waiting", "" if oldest is None else span(at - oldest)),
            ("open incidents", _numbers(counts.incidents) or "none"),
            ("pages", _numbers(counts.deliveries) or "none"),
            ("responses, 24 h", _responses(counts.acknowledged_24h, counts.median_response_ms)),
        ]
    )
    print("\n".join(lines))


def _numbers(by: dict[str, int]) -> str:
    return ", ".join(f"{number} {word}" for word, number in by.items())


def _responses(number: int, median_ms: int | None) -> str:
    return "none" if median_ms is None else f"{number}, half within {span(median_ms)}"


def feed(
    after: Annotated[int | None, typer.Option(min=0, help="Start behind this position.")] = None,
    last: Annotated[int, typer.Option(min=0, help="Show so many before, too.")] = 0,
    count: Annotated[int, typer.Option(min=0, help="End after so many; 0 never.")] = 0,
    follow: Annotated[bool, typer.Option(help="Wait for what comes.")] = True,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Follow the event log until Ctrl+C; works without the engine too."""
    with reading(data_dir) as reader:
        start = after if after is not None else max(0, reader.head_pos() - last)
        try:
            _follow(reader, start, count=count, follow=follow, as_json=as_json)
        except KeyboardInterrupt:
            raise typer.Exit from None


def _follow(reader: StationReader, pos: int, *, count: int, follow: bool, as_json: bool) -> None:
    """Print events behind ``pos``; looks again when SQLite says that the file has changed."""
    shown = 0
    pause = threading.Event()
    version = -1
    while True:
        seen = reader.data_version()
        rows = [] if seen == version else reader.events_after(pos, BATCH)
        for row in rows:
            print(_json(row) if as_json else _line(row), flush=True)
            pos, shown = row.pos, shown + 1
            if shown == count:
                return
        if len(rows) == BATCH:
            continue
        version = seen
        if not follow:
            return
        pause.wait(LOOK_S)


def _line(row: FeedRow) -> str:
    event: Event = unseal(row.raw, row.body)
    body = event.body
    words = body.get("title") or body.get("text") or body.get("reason") or body.get("status") or ""
    told = (moment(event.at_ms), event.kind, event.agg, plain(event.actor), plain(str(words)))
    return "  ".join((str(row.pos), *told)).rstrip()


def _json(row: FeedRow) -> str:
    return f'{{"pos":{row.pos},"envelope":{row.raw.decode()},"body":{row.body.decode()}}}'
