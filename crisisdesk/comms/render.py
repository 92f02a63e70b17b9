"""The words of a page from plain facts."""

from __future__ import annotations

from dataclasses import dataclass, fields

from crisisdesk.domain.papers.times import minute

TITLE_LIMIT = 160
TEXT_LIMIT = 2000
FACT_LIMIT = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class PageFacts:
    """What a page may say; times are UTC milliseconds, empty text means unknown.

    ``acknowledge`` says how to acknowledge, such as a command or an address. ``lead`` is what the
    page asks, before its title; ``hand`` says who has the alert, or had it. ``note`` is about the
    page itself: why it comes only now.
    """

    severity: str
    title: str
    alert_id: str
    service: str = ""
    place: str = ""
    station: str = ""
    since_ms: int | None = None
    deadline_ms: int | None = None
    acknowledge: str = ""
    note: str = ""
    possible_repeat: bool = False
    lead: str = ""
    hand: str = ""


def render_page(facts: PageFacts) -> tuple[str, str]:
    """(title, text) of a page: title at most 160 characters in one line, text at most 2,000."""
    values = _values(facts)
    repeat = "[possible repeat] " if facts.possible_repeat else ""
    where = f" ({values['service']})" if facts.service else ""
    lead = f"{values['lead']} " if facts.lead else ""
    title = f"{repeat}{lead}{values['severity'].upper()}: {values['title']}{where}"
    lines = [f"{lead}{values['severity'].upper()}: {values['title']}"]
    lines += [values["hand"]] if facts.hand else []
    lines += [values["note"]] if values["note"] else []
    lines += [
        f"{label}: {values[name]}"
        for label, name in (
            ("Service", "service"),
            ("Place", "place"),
            ("Since", "since"),
            ("Acknowledge by", "deadline"),
            ("Station", "station"),
        )
        if values[name]
    ]
    lines.append(f"Alert: {values['alert_id']}")
    if facts.acknowledge:
        lines.append(f"{'To answer' if facts.lead else 'To acknowledge'}: {values['acknowledge']}")
    if facts.possible_repeat:
        lines.append("Possible repeat: an earlier copy of this page may have arrived.")
    return _line(title), _cut("\n".join(lines))


def utc_text(at_ms: int) -> str:
    """A moment as people read it on the phone: ``2026-11-21 02:36 UTC``."""
    return f"{minute(at_ms)} UTC"


def _values(facts: PageFacts) -> dict[str, str]:
    values = {
        field.name: _one_line(str(getattr(facts, field.name)))
        for field in fields(facts)
        if field.name not in {"since_ms", "deadline_ms", "possible_repeat"}
    }
    values["since"] = utc_text(facts.since_ms) if facts.since_ms is not None else ""
    values["deadline"] = utc_text(facts.deadline_ms) if facts.deadline_ms is not None else ""
    return values


def _one_line(text: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= FACT_LIMIT else line[: FACT_LIMIT - 1] + "…"


def _line(text: str) -> str:
    line = _one_line(text)
    return line if len(line) <= TITLE_LIMIT else line[: TITLE_LIMIT - 1] + "…"


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - 1] + "…"
