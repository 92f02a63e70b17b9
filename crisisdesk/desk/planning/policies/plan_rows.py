"""The rows of the simulator: who is paged when if nobody ever answers, and what is wrong."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.incidents.times import DAY_MS, local_minute, utc_clock, utc_day, zone_name
from crisisdesk.desk.planning.policies.drafts import is_missing
from crisisdesk.desk.planning.policies.fields import fault_words, field_words
from crisisdesk.desk.planning.policies.shelf import count_of
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.rehearsal import HOURS_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crisisdesk.domain.contact import Contact
    from crisisdesk.domain.errors import DomainError
    from crisisdesk.domain.escalation.checking import Finding
    from crisisdesk.domain.escalation.planning import TakenStep
    from crisisdesk.domain.escalation.policy import EscalationPolicy

NOW_WORD = "now"
NAMES_SHOWN = 4
_GOES_ON = "it goes on all the same, from the first step"
ASSUMES = (
    "Assumes that nobody ever answers, people, schedules and overrides as published now, and what "
    "is out now as out."
)


class PlanRow(NamedTuple):
    """A step as it would be taken; without ``after`` it heads a round.

    ``who`` are names with their methods; "" means that nobody is paged. ``why`` says why others
    than its targets are, or nobody, and who goes around what is out.
    """

    key: str
    word: str = ""
    quiet: str = ""
    after: str = ""
    utc: str = ""
    local: str = ""
    step: str = ""
    who: str = ""
    ways: str = ""
    why: str = ""

    @property
    def is_nobody(self) -> bool:
        """Whether this step reaches nobody."""
        return bool(self.after) and not self.who


class FindingRow(NamedTuple):
    """What is wrong, at ``field``; ``level`` is "missing", "refused", "error" or "warning"."""

    key: str
    level: str
    field: str
    where: str
    words: str


def after_words(span_ms: int) -> str:
    """``+00:15``, ``+1 h 05``, ``+2 d 03 h`` since the start."""
    seconds = span_ms // 1000
    if seconds < 3_600:
        return f"+{seconds // 60:02d}:{seconds % 60:02d}"
    if seconds < 86_400:
        return f"+{seconds // 3_600} h {seconds % 3_600 // 60:02d}"
    return f"+{seconds // 86_400} d {seconds % 86_400 // 3_600:02d} h"


def plan_rows(
    taken: Sequence[TakenStep],
    policy: EscalationPolicy,
    contacts: Mapping[str, Contact],
    severity: str,
    start_ms: int,
) -> list[PlanRow]:
    """A head for each round, then its steps; a policy of one step has its rounds as rows."""
    rows: list[PlanRow] = []
    rounds, single = policy.repeat + 1, len(policy.steps) == 1
    last = 0
    for one in taken:
        if one.round != last:
            last = one.round
            if one.round == rounds + 1:
                rows.append(PlanRow(key="over", word="Repeats are over", quiet=_GOES_ON))
            if not single:
                quiet = f"of {rounds}" if 1 < rounds >= one.round else ""
                word = f"Round {one.round}"
                rows.append(PlanRow(key=f"round {one.round}", word=word, quiet=quiet))
        row = _row(one, contacts, severity, start_ms)
        rows.append(row._replace(step=f"round {one.round}") if single else row)
    return rows


def _row(one: TakenStep, contacts: Mapping[str, Contact], severity: str, start_ms: int) -> PlanRow:
    day = f"{utc_day(one.at)} " if one.at // DAY_MS != start_ms // DAY_MS else ""
    people = [_person(name, contacts, severity, one.at) for name in one.contacts]
    names = ", ".join(name for name, _ in people[:NAMES_SHOWN])
    if len(people) > NAMES_SHOWN:
        names = f"{len(people)} people: {names} and {len(people) - NAMES_SHOWN} more"
    ways = _ways(people)
    return PlanRow(
        key=f"step {one.number}",
        after=after_words(one.at - start_ms),
        utc=f"{day}{utc_clock(one.at)}",
        local=f"{local_minute(one.at)} {zone_name(one.at)}",
        step=f"step {one.step}",
        who=names,
        ways=f"all must answer; {ways}" if one.all_hands else ways,
        why=one.words,
    )


def _person(
    contact_id: str, contacts: Mapping[str, Contact], severity: str, at_ms: int
) -> tuple[str, str]:
    contact = contacts[contact_id]
    ways = [method.label or method.channel for method in contact.ways(severity, at_ms)]
    return contact.name, " and ".join(dict.fromkeys(ways))


def _ways(people: Sequence[tuple[str, str]]) -> str:
    """Whose page goes by what; those who have the same as most are named no more than once."""
    by = Counter(ways for _, ways in people)
    if len(by) <= 1:
        return "".join(f"by {ways}" for ways in by)
    usual, count = by.most_common(1)[0]
    rest = [(name, ways) for name, ways in people if count == 1 or ways != usual]
    told = [f"{name} by {ways}" for name, ways in rest[:NAMES_SHOWN]]
    if len(rest) > NAMES_SHOWN:
        told.append(f"{len(rest) - NAMES_SHOWN} more by other ways")
    if len(rest) < len(people):
        told.append(f"the others by {usual}")
    return ", ".join(told)


def spoken_plan(row: PlanRow) -> str:
    """A row for the screen reader."""
    if not row.after:
        return f"{row.word} {row.quiet}".strip()
    who = f"pages {row.who} {row.ways}" if row.who else "NOBODY is paged"
    return ", ".join(p for p in (row.after, f"{row.utc} UTC", row.step, who, row.why) if p)


def reached_words(rows: Sequence[PlanRow]) -> str:
    """How many of the steps reach somebody."""
    steps = [row for row in rows if row.after]
    nobody = sum(row.is_nobody for row in steps)
    if not steps:
        return "no step within this time"
    return count_of(len(steps), "step") + (f", {nobody} of them NOBODY" if nobody else "")


# -------------------------------------------------------------------------------------- findings


def finding_rows(faults: Sequence[DomainError], findings: Sequence[Finding]) -> list[FindingRow]:
    """What keeps it from being published first, then errors, then warnings."""
    rows = [
        _finding("missing" if is_missing(one) else "refused", one.field, fault_words(one), 0)
        for one in faults
    ]
    for number, one in enumerate(findings, start=1):
        rows.append(_finding(one.level, one.field, one.words, number))
    return rows


def _finding(level: str, field: str, words: str, number: int) -> FindingRow:
    # By place: a finding that says something else now stays where it was under the cursor.
    return FindingRow(
        key=f"{field} {number}", level=level, field=field, where=field_words(field), words=words
    )


def spoken_finding(row: FindingRow) -> str:
    """A finding for the screen reader."""
    return f"{row.level}, {row.where}: {row.words}"


# ----------------------------------------------------------------------------------------- start


def read_start(text: str, now_ms: int) -> int:
    """``now``, ``03:00`` (the next one, UTC) or ``2026-12-24 03:00`` (UTC unless it names a zone)
    as UTC ms. Raises Malformed naming ``start``."""
    plain = text.strip().removesuffix("UTC").strip()
    if plain.casefold() in ("", NOW_WORD):
        return now_ms
    if len(plain) <= len("03:00") and ":" in plain:
        today = datetime.fromtimestamp(now_ms / 1000, UTC)
        plain = f"{today:%Y-%m-%d} {plain.zfill(5)}"
        at = _moment(plain, text)
        return at if at >= now_ms else at + DAY_MS
    return _moment(plain, text)


def read_hours(text: str) -> int:
    """How many hours ahead. Raises Malformed naming ``hours``."""
    plain = text.strip().removesuffix("h").strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 4):
        raise Malformed("hours", "is no number", f"write 1 to {HOURS_LIMIT}")
    if not 1 <= int(plain) <= HOURS_LIMIT:
        raise Malformed("hours", f"{int(plain)} is out of bounds", f"write 1 to {HOURS_LIMIT}")
    return int(plain)


def _moment(plain: str, text: str) -> int:
    try:
        moment = datetime.fromisoformat(plain)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        at = round(moment.timestamp() * 1000)
        # Schedules are looked at for a month after it.
        datetime.fromtimestamp(at / 1000 + 40 * 86_400, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Malformed(
            "start", f"{text.strip()[:40]!r} is no time", "write now, 03:00 or 2026-12-24 03:00"
        ) from error
    if at < 0:
        raise Malformed("start", "is before 1970", "write a later time")
    return at
