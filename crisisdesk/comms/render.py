"""The words of a page from plain facts; a broken template costs its look, never the page."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime

TITLE_LIMIT = 160
TEXT_LIMIT = 2000
FACT_LIMIT = 500
_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


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


@dataclass(frozen=True, kw_only=True, slots=True)
class PageTemplate:
    """A station's own wording: text with ``{name}`` for facts, ``{{`` and ``}}`` for braces.

    Names: those of ``PageFacts``, with ``since`` and ``deadline`` written out as UTC.
    """

    title: str
    text: str


class TemplateError(ValueError):
    """A template cannot be filled; the text names the wrong part and the allowed names."""


def render_page(facts: PageFacts, template: PageTemplate | None = None) -> tuple[str, str]:
    """(title, text) of a page: title at most 160 characters in one line, text at most 2,000.

    With a template that cannot be filled, the built-in wording with a note saying so.
    """
    if template is None:
        return _built_in(facts)
    try:
        title, text = fill(template.title, facts), fill(template.text, facts)
        if not _one_line(title) or not _one_line(text):
            raise TemplateError("it gives no words")
    except TemplateError as error:
        title, text = _built_in(facts)
        return title, _cut(f"{text}\n(The station's own page template was not used: {error})")
    if facts.possible_repeat and "{possible_repeat}" not in template.title + template.text:
        title = f"[possible repeat] {title}"
    return _line(title), _cut(text)


def check_template(template: PageTemplate) -> None:
    """Raise TemplateError when a template names something that pages do not have."""
    sample = PageFacts(severity="high", title="Sample", alert_id="sample")
    for part in (template.title, template.text):
        fill(part, sample)


def fill(template: str, facts: PageFacts) -> str:
    """The template with its facts put in; values are never read as templates again."""
    values = _values(facts)

    def put(found: re.Match[str]) -> str:
        whole, name = found.group(0), found.group(1)
        if whole in {"{{", "}}"}:
            return whole[0]
        if name is None:
            raise TemplateError(f"a single “{whole}”; write it twice to mean the sign itself")
        if name not in values:
            raise TemplateError(f"“{{{name}}}” is no fact; known: {', '.join(values)}")
        return values[name]

    return _PLACEHOLDER.sub(put, template)


def utc_text(at_ms: int) -> str:
    """A moment as people read it on the phone: ``2026-11-21 02:36 UTC``."""
    return datetime.fromtimestamp(at_ms / 1000, tz=UTC).strftime("%Y-%m-%d %H:%M UTC")


def _built_in(facts: PageFacts) -> tuple[str, str]:
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


def _values(facts: PageFacts) -> dict[str, str]:
    values = {
        field.name: _one_line(str(getattr(facts, field.name)))
        for field in fields(facts)
        if field.name not in {"since_ms", "deadline_ms", "possible_repeat"}
    }
    values["since"] = utc_text(facts.since_ms) if facts.since_ms is not None else ""
    values["deadline"] = utc_text(facts.deadline_ms) if facts.deadline_ms is not None else ""
    values["possible_repeat"] = "possible repeat" if facts.possible_repeat else ""
    return values


def _one_line(text: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= FACT_LIMIT else line[: FACT_LIMIT - 1] + "…"


def _line(text: str) -> str:
    line = _one_line(text)
    return line if len(line) <= TITLE_LIMIT else line[: TITLE_LIMIT - 1] + "…"


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - 1] + "…"
