"""How the open policy stands, in the words above and below the editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.alerts.layout import short_name
from crisisdesk.desk.planning.policies.drafts import UNNAMED
from crisisdesk.desk.planning.policies.fields import field_words
from crisisdesk.desk.planning.policies.shelf import day_words

if TYPE_CHECKING:
    from typing import Any

    from crisisdesk.desk.planning.policies.book import BookOf
    from crisisdesk.domain.errors import DomainError

AWAY = "Read-only: the engine is away, so nothing can be saved. Your drafts are kept."


class Standing(NamedTuple):
    """What the editor says of it; ``level`` "bad" makes the line at the foot a refusal."""

    title: str = ""
    chip: str = ""
    facts: str = ""
    notice: str = ""
    foot: str = ""
    level: str = ""
    counts: bool = False
    can_publish: bool = False
    can_withdraw: bool = False
    can_discard: bool = False


def standing_of(
    book: BookOf[Any], fault: DomainError | None, *, away: bool, busy: bool
) -> Standing:
    """All of it; ``busy`` while a command is under way."""
    draft = book.working()
    if draft is None:
        return Standing()
    drafted, counts, base = book.is_draft(), book.counts(), book.base()
    facts = "never published"
    if base is not None:
        who = short_name(base.published_by) or "nobody named"
        facts = f"published {day_words(base.published_at)}, {who}"
        if not base.version_id:
            facts = "built in"
        elif counts is None and base.withdrawn_at is not None:
            facts = f"{book.gone} {day_words(base.withdrawn_at)}"
    foot, level = _foot(book, fault, away=away, busy=busy)
    published = counts is not None and bool(counts.version_id)
    return Standing(
        title=draft.name.strip() or UNNAMED,
        chip="unpublished draft" if drafted else book.counts_word() if counts else book.gone,
        facts=facts,
        notice=_notice(book),
        foot=foot,
        level=level,
        counts=published,
        # A fault does not grey the button: pressing it leads to the field.
        can_publish=not away and not busy and (drafted or counts is None),
        can_withdraw=not away and not busy and published,
        can_discard=not away and not busy and drafted,
    )


def _notice(book: BookOf[Any]) -> str:
    draft, counts = book.working(), book.counts()
    if draft is None or not book.is_draft():
        return ""
    words = []
    if book.is_outdated() and counts is not None:
        who = short_name(counts.published_by) or "somebody"
        words.append(
            f"{who} published another version since this draft was begun, "
            f"{day_words(counts.published_at)}: see History. Publishing replaces it."
        )
    if book.replaces(draft):
        words.append(f"There is a {book.noun} “{draft.name.strip()}”: publishing replaces it.")
    elif draft.of and book.ident_of(draft) != draft.of and counts is not None:
        words.append(
            f"Under another name it stands beside “{counts.name}”, which goes on counting."
        )
    return " ".join(words)


def _foot(
    book: BookOf[Any], fault: DomainError | None, *, away: bool, busy: bool
) -> tuple[str, str]:
    draft = book.working()
    if away:
        return AWAY, "bad"
    if busy:
        return "Saving…", ""
    if fault is not None:
        return f"Cannot be published yet: {field_words(fault.field)}.", "bad"
    counts = book.counts()
    if draft is None or not (book.is_draft() or counts is None):
        now = "As published" if counts is None or counts.version_id else "As built in"
        return f"{now}. What you change becomes a draft.", ""
    number = len(book.known.of_name(book.ident_of(draft))) + 1
    return f"Becomes version {number}. {book.after}", ""
