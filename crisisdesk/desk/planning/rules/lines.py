"""The lines of the list of rules: drafts, what is published of each kind, withdrawn, built in."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from crisisdesk.desk.alerts.layout import short_name
from crisisdesk.desk.planning.policies.drafts import UNNAMED
from crisisdesk.desk.planning.policies.shelf import (
    DRAFT,
    GONE,
    NAME,
    ShelfLine,
    band,
    count_of,
    day_words,
)
from crisisdesk.desk.planning.rules.reading import ident_of
from crisisdesk.desk.planning.rules.words import KIND_WORDS, RULE_KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.desk.planning.policies.drafts import Draft
    from crisisdesk.desk.planning.rules.reading import KnownRules
    from crisisdesk.domain.policy_version import PolicyVersion

_OTHER = "Of other kinds"


def rule_lines(known: KnownRules, drafts: Sequence[Draft], text: str = "") -> list[ShelfLine]:
    """The whole list; ``text`` leaves those whose name or words hold every word of it."""
    counts = Counter(ident_of(v.name, v.content) for v in known.versions)
    drafted = {draft.of for draft in drafts}
    loose = [draft for draft in drafts if draft.of not in known.current]
    found = band("Drafts", [_loose(draft) for draft in loose], text)
    order = sorted(known.current.items(), key=lambda one: (one[1].name.casefold(), one[0]))
    for kind in (*RULE_KINDS, ""):
        rows = [
            _current(ident, one, known, counts[ident], drafted)
            for ident, one in order
            if _band_kind(one) == kind and one.version_id
        ]
        found += band(KIND_WORDS.get(kind, _OTHER), rows, text)
    built_in = [_current(i, v, known, 0, drafted) for i, v in order if not v.version_id]
    found += band("Built in", built_in, text)
    newest = {ident_of(v.name, v.content): v for v in known.versions}
    gone = {i: v for i, v in newest.items() if i not in known.current and i not in drafted}
    return found + band("Withdrawn", [_gone(i, gone[i], counts[i]) for i in sorted(gone)], text)


def _band_kind(version: PolicyVersion) -> str:
    kind = str(version.content.get("kind", ""))
    return kind if kind in RULE_KINDS else ""


def _loose(draft: Draft) -> ShelfLine:
    kind = str(draft.content.get("kind", ""))
    return ShelfLine(
        key=DRAFT + draft.key,
        name=draft.name.strip() or UNNAMED,
        matching=KIND_WORDS.get(kind, kind),
        facts="was withdrawn" if draft.of else "never published",
        draft=True,
        code=False,
    )


def _current(
    ident: str, version: PolicyVersion, known: KnownRules, count: int, drafted: set[str]
) -> ShelfLine:
    word, words = known.standings[ident]
    who = short_name(version.published_by) or "nobody named"
    facts, size = f"{day_words(version.published_at)}, {who}", count_of(count, "version")
    if not version.version_id:
        facts, size = "until one of this name is published", "built in"
    broken = word == "not used"
    return ShelfLine(
        key=NAME + ident,
        name=version.name,
        matching=words,
        size=size if word == "counts now" else f"{word}, {size}",
        facts=facts,
        verdict="cannot be read" if broken else "",
        level="error" if broken else "",
        draft=ident in drafted,
        faded=word != "counts now",
        code=False,
    )


def _gone(ident: str, newest: PolicyVersion, count: int) -> ShelfLine:
    when = newest.withdrawn_at or newest.published_at
    who = short_name(newest.withdrawn_by) or "nobody named"
    kind = str(newest.content.get("kind", ""))
    return ShelfLine(
        key=GONE + ident,
        name=newest.name,
        matching=KIND_WORDS.get(kind, kind),
        size=count_of(count, "version"),
        facts=f"withdrawn {day_words(when)}, {who}",
        faded=True,
        code=False,
    )
