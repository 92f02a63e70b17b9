"""The lines of the list: drafts, what is published in the order it is tried, the built-in one."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.alerts.layout import short_name
from crisisdesk.desk.planning.policies.content import steps_of, value_of
from crisisdesk.desk.planning.policies.drafts import UNNAMED
from crisisdesk.desk.planning.policies.reading import BUILT_IN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.desk.planning.policies.content import Content
    from crisisdesk.desk.planning.policies.drafts import Draft
    from crisisdesk.desk.planning.policies.reading import Known
    from crisisdesk.domain.escalation.checking import Finding
    from crisisdesk.domain.policy_version import PolicyVersion

EVERY_ALERT = "every alert"
BUILT_IN_KEY = "built in"
DRAFT, NAME, GONE = "draft:", "name:", "gone:"


class ShelfLine(NamedTuple):
    """A line of the list; without ``name`` it heads a band. ``verdict`` says what the linter finds
    now, ``level`` is the worst of it ("" for nothing). ``code``: ``matching`` is written as in a
    file; ``mark`` is the severity whose mark stands before the name."""

    key: str
    word: str = ""
    quiet: str = ""
    name: str = ""
    matching: str = ""
    size: str = ""
    facts: str = ""
    verdict: str = ""
    level: str = ""
    draft: bool = False
    faded: bool = False
    code: bool = True
    mark: str = ""


def day_words(at_ms: int) -> str:
    """``12 Feb 2026, 02:05 UTC``."""
    moment = datetime.fromtimestamp(at_ms / 1000, UTC)
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC"


def count_of(count: int, word: str) -> str:
    """``1 step``, ``3 steps``."""
    return f"{count} {word}{'' if count == 1 else 's'}"


def verdict_of(findings: Sequence[Finding]) -> tuple[str, str]:
    """What they come to in words, and the worst level; ("", "") for none."""
    errors = sum(finding.level == "error" for finding in findings)
    warnings = len(findings) - errors
    parts = [count_of(errors, "error")] if errors else []
    parts += [count_of(warnings, "warning")] if warnings else []
    return ", ".join(parts), "error" if errors else "warning" if warnings else ""


def lines_of(known: Known, drafts: Sequence[Draft], text: str = "") -> list[ShelfLine]:
    """The whole list; ``text`` leaves those whose name or matchers hold every word of it."""
    counts = Counter(version.name for version in known.versions)
    by_name = {draft.of: draft for draft in drafts if draft.of in known.current}
    loose = [draft for draft in drafts if draft.of not in known.current]
    found = band("Drafts", [_loose(draft) for draft in loose], text)
    order = sorted(known.current.values(), key=_order)
    rows = [_published(one, counts[one.name], known, by_name.get(one.name)) for one in order]
    found += band("Published", rows, text)
    drafted = {draft.of for draft in loose}
    gone = {v.name: v for v in known.versions if v.name not in known.current}
    withdrawn = [
        _withdrawn(gone[name], counts[name]) for name in sorted(gone) if name not in drafted
    ]
    found += band("Withdrawn", withdrawn, text)
    return found + band("Built in", [_built_in(known)], text)


def _order(version: PolicyVersion) -> tuple[int, str]:
    place = version.content.get("place", 0)
    return (place if type(place) is int else 0, version.name)


def band(word: str, rows: list[ShelfLine], text: str) -> list[ShelfLine]:
    """The head and the rows that hold every word of ``text``; nothing when none does."""
    words = text.casefold().split()
    shown = [
        row for row in rows if all(w in f"{row.name} {row.matching}".casefold() for w in words)
    ]
    return [ShelfLine(key=word, word=word, quiet=str(len(shown))), *shown] if shown else []


def _matching(content: Content) -> str:
    return str(value_of(content, "for")).strip() or EVERY_ALERT


def _steps(content: Content) -> str:
    steps = content.get("steps")
    return count_of(len(steps_of(content)) if isinstance(steps, list) else 0, "step")


def _loose(draft: Draft) -> ShelfLine:
    facts = f"“{draft.of}” is withdrawn" if draft.of else "never published"
    return ShelfLine(
        key=DRAFT + draft.key,
        name=draft.name.strip() or UNNAMED,
        matching=_matching(draft.content),
        size=_steps(draft.content),
        facts=facts,
        draft=True,
    )


def _published(version: PolicyVersion, count: int, known: Known, draft: Draft | None) -> ShelfLine:
    verdict, level = verdict_of(known.findings.get(version.name, ()))
    who = short_name(version.published_by) or "nobody named"
    versions = count_of(count, "version")
    content = version.content
    return ShelfLine(
        key=NAME + version.name,
        name=version.name,
        matching=_matching(content),
        size=f"{_steps(content)}, {versions}",
        facts=f"{day_words(version.published_at)}, {who}",
        verdict=verdict,
        level=level,
        draft=draft is not None,
    )


def _withdrawn(newest: PolicyVersion, count: int) -> ShelfLine:
    when = newest.withdrawn_at or newest.published_at
    who = short_name(newest.withdrawn_by) or "nobody named"
    return ShelfLine(
        key=GONE + newest.name,
        name=newest.name,
        matching=_matching(newest.content),
        size=f"{_steps(newest.content)}, {count_of(count, 'version')}",
        facts=f"withdrawn {day_words(when)}, {who}",
        faded=True,
    )


def _built_in(known: Known) -> ShelfLine:
    verdict, level = verdict_of(known.findings.get("", ()))
    first = next((v.name for v in sorted(known.current.values(), key=_order) if _takes_all(v)), "")
    facts = f"not used: “{first}” takes every alert" if first else "for what no other policy takes"
    return ShelfLine(
        key=BUILT_IN_KEY,
        name=BUILT_IN.capitalize(),
        matching=EVERY_ALERT,
        size="1 step",
        facts=facts,
        verdict=verdict,
        level=level,
        faded=bool(first),
    )


def _takes_all(version: PolicyVersion) -> bool:
    return _matching(version.content) == EVERY_ALERT


def spoken(line: ShelfLine) -> str:
    """A line for the screen reader."""
    if not line.name:
        return f"{line.word}, {line.quiet}"
    draft = "unpublished draft" if line.draft else ""
    parts = (line.name, draft, line.verdict, f"matches {line.matching}", line.size, line.facts)
    return ", ".join(part for part in parts if part)
