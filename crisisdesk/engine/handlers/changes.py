"""Recorded changes: checked, told once."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.domain.context import change_record as record
from crisisdesk.domain.context.change_record import ChangeReport
from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.context_commands import RecordChanges
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.workbench import Workbench


def record_changes(command: RecordChanges, bench: Workbench) -> list[str]:
    """Write down those that are new; every one is checked before the first is written."""
    reports = [_checked(report) for report in command.changes]
    ids = [record.identities(report, bench.now) for report in reports]
    bench.prefetch([name for names in ids for name in names])
    return [_record(report, names, bench) for report, names in zip(reports, ids, strict=True)]


def _record(report: ChangeReport, names: tuple[str, ...], bench: Workbench) -> str:
    known = next((name for name in names if bench.get(name) is not None), "")
    if known:
        return known
    bench.emit(
        names[0], record.RECORDED, record.body_of(report, record.happened_at(report, bench.now))
    )
    return names[0]


def _checked(report: ChangeReport) -> ChangeReport:
    """The report as it can be kept; raises Malformed naming the field."""
    if len(report.links) > record.LINKS_LIMIT:
        problem = f"are {len(report.links)}"
        raise Malformed("links", problem, f"send at most {record.LINKS_LIMIT}")
    if len(report.details) > record.DETAILS_LIMIT:
        problem = f"has {len(report.details)} entries"
        raise Malformed("details", problem, f"send at most {record.DETAILS_LIMIT}")
    return replace(
        report,
        service=checked_text(report.service, "service", record.NAME_LIMIT),
        source=checked_text(report.source, "source", record.NAME_LIMIT),
        author=checked_text(report.author, "author", record.NAME_LIMIT),
        summary=checked_text(report.summary, "summary", record.SUMMARY_LIMIT, required=True),
        key=checked_text(report.key, "key", record.KEY_LIMIT),
        links=tuple(_checked_link(*link, f"links[{i}]") for i, link in enumerate(report.links)),
        details={
            checked_text(name, "details", record.NAME_LIMIT, required=True): checked_text(
                text, f"details.{name}"[:200], record.DETAIL_CHARS
            )
            for name, text in report.details.items()
        },
    )


def _checked_link(url: str, text: str, field: str) -> tuple[str, str]:
    address = checked_text(url, f"{field}.url", record.URL_LIMIT, required=True)
    if not address.lower().startswith(("http://", "https://")):
        raise Malformed(f"{field}.url", "is no web address", "write one with https://")
    return address, checked_text(text, f"{field}.text", record.NAME_LIMIT)
