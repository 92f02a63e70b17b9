"""The versions of a policy, the newest first, each with what it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crisisdesk.desk.alerts.layout import short_name
from crisisdesk.desk.planning.policies.differences import changes
from crisisdesk.desk.planning.policies.shelf import day_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crisisdesk.desk.planning.policies.differences import Name
    from crisisdesk.domain.policy_version import PolicyVersion


class HistoryRow(NamedTuple):
    """One version; ``standing`` is "counts now", "withdrawn" or "replaced"."""

    version_id: str
    title: str
    standing: str
    facts: str
    changes: tuple[str, ...]


def history_rows(
    versions: Sequence[PolicyVersion],
    counts_now: str,
    name: Name,
    compare: Callable[[Any, Any, Name], list[str]] = changes,
    gone: str = "withdrawn",
) -> list[HistoryRow]:
    """A row for each; ``versions`` are the newest first, ``counts_now`` is an id ("" for none).

    ``compare`` says what one content changed of the one before it, as `changes` does; ``gone`` is
    the word for one that was taken away.
    """
    rows = []
    for index, one in enumerate(versions):
        before = next((v for v in versions if v.version_id == one.replaces), None)
        if before is None and index + 1 < len(versions):
            before = versions[index + 1]
        rows.append(
            HistoryRow(
                version_id=one.version_id,
                title=f"Version {len(versions) - index}",
                standing=_standing(one, counts_now, gone),
                facts=_facts(one, gone),
                changes=tuple(compare(before.content if before else None, one.content, name)),
            )
        )
    return rows


def _standing(one: PolicyVersion, counts_now: str, gone: str) -> str:
    if one.version_id == counts_now:
        return "counts now"
    return "replaced" if one.withdrawn_at is None else gone


def _facts(one: PolicyVersion, gone: str) -> str:
    who = short_name(one.published_by) or "nobody named"
    words = f"published {day_words(one.published_at)}, {who}"
    if one.withdrawn_at is not None:
        by = short_name(one.withdrawn_by) or "nobody named"
        words += f" · {gone} {day_words(one.withdrawn_at)}, {by}"
    return words


def spoken_version(row: HistoryRow) -> str:
    """A row for the screen reader."""
    return f"{row.title}, {row.standing}, {row.facts}. {' '.join(row.changes)}"
