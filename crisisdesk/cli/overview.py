"""``crisisdesk dashboard`` and ``crisisdesk feed``: the station at a glance, and as it goes."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Annotated

import typer

from crisisdesk.api.client import ApiRefused, Client, EngineAway
from crisisdesk.cli.station import AsJson, DataDir, places_of, read_door, reading
from crisisdesk.cli.words import facts, moment, now_ms, plain, span
from crisisdesk.domain.event import Event, unseal
from crisisdesk.domain.service_board.judging import Board, ServiceLine, ServiceState
from crisisdesk.domain.service_board.words import count_words, why_words
from crisisdesk.store.queries import FeedRow, StationReader

LOOK_S = 0.1
# How long the engine may take to say who is on duty, and of which duty its station looks.
DUTY_S = 2.0
LOOKING = ("alone", "holds", "acting")
# So many services that are not well, and alerts of which nobody was told, are named.
SHOWN, UNREACHED_SHOWN = 10, 5
BATCH = 500


def dashboard(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """The station at a glance; works without the engine too."""
    at = now_ms()
    engine, on_duty = _engine(data_dir)
    with reading(data_dir) as reader:
        counts, station = reader.counts(at), reader.station()
        board = reader.service_board(at, on_duty=on_duty)
        unreached = [waiting.alert_id for waiting in reader.unreached(at).unreached]
    if as_json:
        whole = {name: getattr(counts, name) for name in counts.__dataclass_fields__}
        services = {str(state): number for state, number in board.counts().items()}
        told = {
            "station": station.name,
            "operator": station.operator,
            "services": services,
            "unreached": unreached,
        }
        print(json.dumps(told | whole))
        return
    oldest = counts.oldest_unacknowledged_at
    lines = facts(
        [
            ("station", station.name or "without a name yet"),
            ("operator", station.operator or "nobody"),
            ("engine", engine),
            ("open alerts", f"{counts.open_alerts}, {counts.unowned} that nobody has"),
            *((f"  {status}", _numbers(by)) for status, by in counts.alerts.items() if by),
            ("NOBODY REACHED", _some(unreached)),
            ("late", f"{counts.breached} past their time to acknowledge"),
            ("oldest waiting", "" if oldest is None else span(at - oldest)),
            ("open incidents", _numbers(counts.incidents) or "none"),
            ("pages", _numbers(counts.deliveries) or "none"),
            ("responses, 24 h", _responses(counts.acknowledged_24h, counts.median_response_ms)),
            ("services", count_words(board) or "none"),
            *((f"  {line.state}", _service(line, at)) for line in _worst(board)),
        ]
    )
    print("\n".join(lines))


def _engine(data_dir: Path | None) -> tuple[str, bool]:
    """Whether the engine runs, in words, and whether this station is the one that looks at
    sources. One that does not answer cannot tell; then what was looked at here counts."""
    try:
        url, token = read_door(places_of(data_dir))
    except EngineAway as away:
        return f"away: {away.problem}", True
    try:
        with Client(url, token, "", timeout_s=DUTY_S) as client:
            kind = client.fleet()["duty"]["kind"]
    except (ApiRefused, EngineAway) as error:
        return f"running, {url}, and does not answer: {error}", True
    return f"running, {url}", kind in LOOKING


def _worst(board: Board) -> list[ServiceLine]:
    """The first that are not well."""
    well = (ServiceState.OK, ServiceState.NO_DATA)
    return [line for line in board.lines if line.state not in well][:SHOWN]


def _service(line: ServiceLine, at: int) -> str:
    lasting = "" if line.since is None else f" for {span(at - line.since)}"
    return f"{plain(line.name)}{lasting}: {plain(why_words(line, at))}"


def _some(alert_ids: list[str]) -> str:
    """The worst few by id; "" for none."""
    more = (
        f" and {len(alert_ids) - UNREACHED_SHOWN} more" if len(alert_ids) > UNREACHED_SHOWN else ""
    )
    return ", ".join(alert_ids[:UNREACHED_SHOWN]) + more


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
