"""``crisisdesk policy calendar`` and ``policy import``: schedules to and from iCalendar files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from crisisdesk.cli.station import USAGE, By, DataDir, commanding, fail, reading
from crisisdesk.cli.words import moment, now_ms, plain, table
from crisisdesk.domain.ical.events import Entry, read_entries
from crisisdesk.domain.ical.export import calendar_bytes
from crisisdesk.domain.ical.overrides import ids_by_name, override_of
from crisisdesk.domain.oncall.schedule import Schedule
from crisisdesk.domain.oncall.shifts import whole_shifts
from crisisdesk.domain.rota import Rota

DAY_MS = 86_400_000
Name = Annotated[str, typer.Argument(help="The schedule's name.", metavar="SCHEDULE")]
Days = Annotated[int, typer.Option(min=1, max=400, help="How many days from now.")]


def calendar(name: Name, days: Days = 90, data_dir: DataDir = None) -> None:
    """Write a schedule's shifts as iCalendar to stdout; works without the engine too."""
    at = now_ms()
    with reading(data_dir) as reader:
        rota = Rota(reader.policies())
        names = {contact.contact_id: contact.name for contact in reader.contacts()}
    schedule = schedule_of(rota, name)
    shifts = whole_shifts(schedule, rota.overrides(name), at, at + days * DAY_MS)
    sys.stdout.buffer.write(calendar_bytes(name, shifts, names, stamp_ms=at))


def take_in(
    name: Name,
    file: Annotated[Path, typer.Argument(help="An iCalendar file.")],
    days: Days = 90,
    dry_run: Annotated[bool, typer.Option(help="Only say what would be published.")] = False,
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Publish an override of a schedule for each event of an iCalendar file, or none of them.

    An event is somebody's by the contact's name in its summary. Nothing is published when one of
    them is nobody's.
    """
    at = now_ms()
    try:
        data = file.read_bytes()
    except OSError as error:
        fail(USAGE, f"{file} cannot be read: {error}")
    with reading(data_dir) as reader:
        rota = Rota(reader.policies())
        contacts = reader.contacts()
        zone = schedule_of(rota, name).zone
        entries = read_entries(data, zone, at, at + days * DAY_MS)
    known = ids_by_name(contacts)
    strangers = sorted({entry.who for entry in entries if entry.who.casefold() not in known})
    if strangers:
        fail(USAGE, f"no contact, or several, called {plain(', '.join(strangers))[:300]}")
    rows = [(entry.who, moment(entry.start_ms), moment(entry.end_ms)) for entry in entries]
    print("\n".join(table(("WHO", "FROM", "TO"), rows, {"WHO": 50})))
    if dry_run or not entries:
        return
    with commanding(data_dir, operator) as client:
        for entry in entries:
            contact_id = known[entry.who.casefold()]
            client.publish_policy(_override_name(name, entry), override_of(name, entry, contact_id))
    print(f"{len(entries)} overrides published")


def schedule_of(rota: Rota, name: str) -> Schedule:
    """The schedule of this name; ends with a sentence that names the others when there is none."""
    known = rota.schedules.get(name)
    if known is None:
        names = ", ".join(sorted(rota.schedules)) or "none is published"
        fail(USAGE, f"no schedule is called {name!r}; there is {names}")
    return known


def _override_name(schedule: str, entry: Entry) -> str:
    return f"{schedule}: {entry.who} {moment(entry.start_ms)}"[:100]


def register(app: typer.Typer) -> None:
    """Put both among the commands of policies."""
    app.command("calendar")(calendar)
    app.command("import")(take_in)
