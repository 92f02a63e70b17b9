"""``crisisdesk oncall``, ``policy shifts`` and ``override``: who is on call, and who steps in."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer

from crisisdesk.cli.calendars import DAY_MS, Name, schedule_of
from crisisdesk.cli.contacts import find_contact
from crisisdesk.cli.moments import read_moment
from crisisdesk.cli.spans import seconds_of
from crisisdesk.cli.station import USAGE, AsJson, By, DataDir, commanding, fail, in_words, reading
from crisisdesk.cli.words import moment, now_ms, plain, table
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.escalation.checking import LOOK_AHEAD_MS
from crisisdesk.domain.oncall.checking import check_override
from crisisdesk.domain.oncall.drafts import Draft, order_of, written
from crisisdesk.domain.oncall.drafts import moment as moment_in
from crisisdesk.domain.oncall.reading import read_override
from crisisdesk.domain.oncall.reasons import Hold, holds
from crisisdesk.domain.oncall.shifts import next_handover
from crisisdesk.domain.oncall.wall import HOUR_MS
from crisisdesk.domain.rehearsal import by_id
from crisisdesk.domain.rota import Rota

MINUTE_MS = 60_000
_HEADS = ("SCHEDULE", "ON CALL", "UNTIL", "THEN", "NOBODY IN 30 D")
Days = Annotated[int, typer.Option(min=1, max=100, help="How many days.")]
From = Annotated[
    str, typer.Option("--from", help="Such as '2026-11-02 09:00' in the schedule's zone, else now.")
]


def oncall(
    at: Annotated[str, typer.Option(help="Another moment: 2026-03-01T12:30:00Z.")] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Say who is on call by each schedule, and who is next; works without the engine too."""
    when = now_ms() if not at else read_moment("--at", at)
    with reading(data_dir) as reader:
        rota = Rota(reader.policies())
        contacts = by_id(reader.contacts())
    for problem in rota.problems:
        print(plain(problem), file=sys.stderr)
    rows = []
    for name in sorted(rota.schedules):
        now = rota.on_call(name, when) or ()
        change = next_handover(rota.schedules[name], rota.overrides(name), when)
        gaps = rota.gaps(name, when, when + LOOK_AHEAD_MS)
        gap_hours = sum(end - start for start, end in gaps) / HOUR_MS
        if as_json:
            told = {"schedule": name, "at_ms": when, "contacts": list(now)}
            told |= {"next_at_ms": change and change.at_ms, "gap_hours": round(gap_hours, 2)}
            print(json.dumps(told, ensure_ascii=False))
            continue
        then = ("-", "") if change is None else (moment(change.at_ms), _named(change.on, contacts))
        gap = f"{gap_hours:.1f} h" if gap_hours else "-"
        rows.append((name, _named(now, contacts) or "NOBODY", then[0], then[1] or "-", gap))
    if as_json:
        return
    if not rows:
        print("No schedule is published.")
        return
    print("\n".join(table(_HEADS, rows, {"ON CALL": 50})))


def _named(ids: Iterable[str], contacts: Mapping[str, Contact]) -> str:
    return ", ".join(contacts[i].name if i in contacts else f"{i} (unknown)" for i in ids)


def shifts(
    name: Name, days: Days = 14, start: From = "", data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """List a schedule's shifts and gaps, and why each is whose; works without the engine too."""
    with reading(data_dir) as reader:
        rota, contacts = Rota(reader.policies()), by_id(reader.contacts())
        schedule = schedule_of(rota, name)
        low = moment_in(start, schedule.zone, "--from") if start else now_ms()
        found = holds(schedule, rota.overrides(name), low, low + days * DAY_MS)
    names = {contact_id: contact.name for contact_id, contact in contacts.items()}
    if as_json:
        for one in found:
            told: dict[str, Any] = {
                "start_ms": one.start_ms,
                "end_ms": one.end_ms,
                "contact": one.contact or None,
            }
            told |= {"name": names.get(one.contact), "layers": list(one.layers)}
            print(json.dumps(told | {"why": _why(one, names)}, ensure_ascii=False))
        return
    print(f"{name}, times in {schedule.zone}")
    rows = [
        (
            written(one.start_ms, schedule.zone),
            written(one.end_ms, schedule.zone),
            names.get(one.contact, one.contact) or "NOBODY",
            _why(one, names),
        )
        for one in found
    ]
    print("\n".join(table(("FROM", "TO", "ON CALL", "WHY"), rows, {"ON CALL": 40, "WHY": 70})))


def _why(hold: Hold, names: dict[str, str]) -> str:
    if not hold.contact:
        return "gap"
    if (override := hold.override) is None:
        return ", ".join(hold.layers)
    replaced = names.get(override.replaces, override.replaces)
    whose = f"override, in place of {replaced}" if replaced else "override"
    return f"{whose}: {override.reason}" if override.reason else whose


def override(
    name: Name,
    who: Annotated[str, typer.Argument(help="Who steps in: a contact's id or name.")],
    start: From = "",
    end: Annotated[str, typer.Option("--to", help="Its end, in the same form.")] = "",
    lasts: Annotated[str, typer.Option("--for", help="Or how long: 30m, 8h, 2d.")] = "",
    in_place_of: Annotated[str, typer.Option(help="Only the turns of this contact.")] = "",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Put somebody on call for a time, gaps too; prints the id that `policy withdraw` takes."""
    if bool(lasts) is bool(end):
        fail(USAGE, "say how long with either --for or --to")
    at = now_ms()
    with reading(data_dir) as reader:
        rota, contacts = Rota(reader.policies()), by_id(reader.contacts())
        schedule = schedule_of(rota, name)
        steps_in = find_contact(reader, who)
        replaced = find_contact(reader, in_place_of).contact_id if in_place_of else ""
    zone = schedule.zone
    with in_words():
        low = moment_in(start, zone, "--from") if start else at // MINUTE_MS * MINUTE_MS
        high = moment_in(end, zone, "--to") if end else low + seconds_of("--for", lasts) * 1000
        draft = Draft(
            contact=steps_in.contact_id,
            start=written(low, zone),
            end=written(high, zone),
            reason=reason,
            replaces=replaced,
        )
        order = order_of(draft, name, zone, steps_in.name, moment(at)[11:19])
        wanted = read_override(order.content)
        findings = check_override(wanted, schedule, rota.overrides(name), contacts, at)
    with commanding(data_dir, operator) as client:
        made = client.publish_policy(order.name, order.content)
    print(made["version_id"])
    for finding in findings:
        typer.echo(f"{finding.level}: {finding.field}: {finding.words}", err=True)


def register(app: typer.Typer) -> None:
    """Put both among the commands of policies."""
    app.command("shifts")(shifts)
    app.command("override")(override)
