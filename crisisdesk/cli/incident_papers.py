"""``crisisdesk incident export`` and ``incident form``: an incident into files and onto paper."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from crisisdesk.cli.incident_reading import readable
from crisisdesk.cli.moments import read_moment
from crisisdesk.cli.printing import Paper, here, print_pdf, write_files, write_text
from crisisdesk.cli.station import REFUSED, USAGE, By, DataDir, fail, reading, viewer_of
from crisisdesk.cli.words import moment, now_ms
from crisisdesk.domain.incident_record import Standing
from crisisdesk.domain.papers.carried import document_json
from crisisdesk.domain.papers.document import Document, image_files, markdown, page
from crisisdesk.domain.papers.ics import FORMS, FormNumber, Period, ics_form
from crisisdesk.domain.papers.images import Found
from crisisdesk.domain.papers.report import incident_data, incident_report
from crisisdesk.store.queries.record import find_images, read_record

Id = Annotated[str, typer.Argument(help="The incident's id.", metavar="ID")]
At = Annotated[str, typer.Option(help="As it stood then: 2026-03-01T12:30:00Z; else now.")]
PaperSize = Annotated[Paper, typer.Option(help="Size of the pages of a PDF.")]


class Form(StrEnum):
    """The ICS forms that are filled in."""

    BRIEFING = "201"
    OBJECTIVES = "202"
    ACTIVITIES = "214"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """An incident as it stood at a moment, for a reader in a zone."""

    stood: Standing
    found: Found
    at_ms: int
    zone: tzinfo


def export(
    incident_id: Id,
    out: Annotated[Path, typer.Argument(help="File ending in .md, .html, .json or .pdf.")],
    at: At = "",
    paper: PaperSize = "a4",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Write the whole incident to a file: facts, decisions, alerts, timeline, images.

    Works offline. Markdown has its images in a folder beside it.
    """
    _check_ending(out, (".md", ".html", ".json", ".pdf"))
    seen = _look(incident_id, at, data_dir, operator)
    if out.suffix.lower() == ".json":
        data = incident_data(seen.stood, seen.at_ms, seen.found)
        write_text(out, json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    else:
        _write(incident_report(seen.stood, seen.at_ms, seen.zone, seen.found), out, paper)
    print(f"{out} written")


def form(
    incident_id: Id,
    number: Annotated[Form, typer.Argument(help="Which ICS form.")],
    out: Annotated[Path, typer.Argument(help="File ending in .pdf, .html or .md.")],
    since: Annotated[str, typer.Option(help="Begin of the operational period.")] = "",
    at: Annotated[str, typer.Option(help="Its end; else now: 2026-03-01T12:30:00Z.")] = "",
    of: Annotated[str, typer.Option(help="ICS 214: the activities of this person.")] = "",
    paper: PaperSize = "a4",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Fill in an ICS form: 201 briefing, 202 objectives, 214 activity log. Works offline."""
    _check_ending(out, (".pdf", ".html", ".md"))
    seen = _look(incident_id, at, data_dir, operator)
    begin = read_moment("--since", since) if since else seen.stood.incident.created_at
    if begin > seen.at_ms:
        fail(USAGE, f"--since {since!r} is after the end of the period; begin it before")
    chosen: FormNumber = next(n for n in FORMS if n == number.value)
    period = Period(since=begin, until=seen.at_ms, of=of)
    _write(ics_form(chosen, seen.stood, period, seen.zone), out, paper)
    print(f"{out} written")


def _check_ending(out: Path, known: tuple[str, ...]) -> None:
    if out.suffix.lower() not in known:
        fail(USAGE, f"{out} ends in none of {', '.join(known)}")


def _look(incident_id: str, at: str, data_dir: Path | None, operator: str) -> _Seen:
    at_ms = read_moment("--at", at) if at else now_ms()
    with reading(data_dir) as reader:
        readable(reader, incident_id, operator)
        viewer = viewer_of(reader, operator)
        record = read_record(reader, incident_id, viewer)
        assert record is not None
        stood = record.at(at_ms if at else None)
        found = {} if stood is None else find_images(reader, stood, viewer)
    if stood is None:
        declared = moment(record.began)
        fail(REFUSED, f"{incident_id} was declared at {declared}; ask for a later moment")
    return _Seen(stood=stood, found=found, at_ms=at_ms, zone=here())


def _write(document: Document, out: Path, paper: Paper) -> None:
    kind = out.suffix.lower()
    if kind == ".pdf":
        print_pdf(["--print-document", str(out.absolute())], paper, document_json(document))
    elif kind == ".html":
        write_text(out, page(document))
    else:
        folder = out.with_name(f"{out.stem}-images")
        write_text(out, markdown(document, folder.name))
        write_files(folder, image_files(document))
