"""The channel map: what each channel depends on, what is out, and who is left without a way.

Pure functions of contacts, verdicts, dependencies and what is taken out; a name may also be
*supposed* to be out, to see what would follow.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from crisisdesk.domain.channel_dependencies import Dependencies
from crisisdesk.domain.channel_health import (
    ChannelLine,
    Channels,
    Stranded,
    Use,
    Verdict,
    look_at,
    stranded_card,
)
from crisisdesk.domain.contact import Contact, ContactMethod
from crisisdesk.domain.outages import TakenOut
from crisisdesk.domain.routing import channel_word

# Failing channels that share a dependency before it is suspected.
SEVERAL = 2
# Providers that say no more than their channel does.
_SAME_AS_CHANNEL = frozenset({"workflow", "workflows", "victorops"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """A dependency that several failing channels share and no working one needs."""

    dependency: str
    failing: tuple[str, ...]

    def words(self) -> str:
        """What it rests on: "mail and Slack fail, and nothing that needs it works"."""
        return f"{listed(self.failing)} fail, and nothing that needs it works"


@dataclass(frozen=True, slots=True, kw_only=True)
class MapColumn:
    """One dependency: why it is out (None: it is not), a suspicion, whether it is supposed out.

    ``channels`` counts the rows that need it.
    """

    dependency: str
    taken: TakenOut | None = None
    suspicion: Suspicion | None = None
    supposed: bool = False
    channels: int = 0

    @property
    def is_out(self) -> bool:
        """Whether the map counts it as gone."""
        return self.taken is not None or self.supposed


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRow:
    """One channel at a provider: what it needs, which of that is gone, whom it reaches.

    ``contacts`` rely on it; ``saved`` of these have another way that is left.
    """

    channel: str
    provider: str
    verdict: Verdict
    needs: tuple[str, ...]
    missing: tuple[str, ...]
    contacts: int
    saved: int

    @property
    def key(self) -> str:
        """Its name for good."""
        return f"{self.channel} {self.provider}".strip()

    @property
    def name(self) -> str:
        """What people call it."""
        return named(self.channel, self.provider)

    @property
    def arrives(self) -> bool:
        """Whether nothing that it needs is gone."""
        return not self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelMap:
    """The whole of it. ``unreachable`` of ``people`` have no way left that counts as working."""

    rows: tuple[MapRow, ...] = ()
    columns: tuple[MapColumn, ...] = ()
    unreachable: tuple[Stranded, ...] = ()
    people: int = 0

    def column(self, dependency: str) -> MapColumn | None:
        """The one of this name."""
        return next((c for c in self.columns if c.dependency == dependency), None)


def named(channel: str, provider: str) -> str:
    """What people call a channel at a provider: "push by ntfy.sh", "Slack"."""
    word = channel_word(channel)
    alone = provider in ("", channel) or provider in _SAME_AS_CHANNEL
    return word if alone else f"{word} by {provider}"


def suspicions(
    lines: Iterable[ChannelLine], needs: Dependencies, out: Collection[str] = ()
) -> tuple[Suspicion, ...]:
    """Dependencies that are not known to be out and may be: several failing channels need them, and
    none that was used lately and went through."""
    failing: dict[str, list[str]] = {}
    cleared: set[str] = set()
    for line in lines:
        of = needs.of(line.channel, line.provider)
        if line.verdict is Verdict.FAILING:
            for name in of:
                failing.setdefault(name, []).append(named(line.channel, line.provider))
        elif line.verdict is not Verdict.UNUSED:
            cleared |= set(of)
    return tuple(
        Suspicion(dependency=name, failing=tuple(names))
        for name, names in sorted(failing.items())
        if len(names) >= SEVERAL and name not in cleared and name not in out
    )


def blocked(contact: Contact, needs: Dependencies, out: Collection[str]) -> tuple[str, ...] | None:
    """What is gone of all that the contact's methods in use need, where none of them is left; None
    while one is. Nothing of a contact without any."""
    methods = [m for m in (ContactMethod(**m) for m in contact.methods) if m.enabled]
    gone: dict[str, None] = {}
    for method in methods:
        missing = [name for name in needs.of_method(method) if name in out]
        if not missing:
            return None
        gone.update(dict.fromkeys(missing))
    return tuple(gone)


def channel_map(
    contacts: Sequence[Contact],
    uses: Mapping[str, Use],
    needs: Dependencies,
    out: Mapping[str, TakenOut],
    now_ms: int,
    without: Collection[str] = (),
) -> ChannelMap:
    """The map at ``now_ms`` (UTC), with ``without`` supposed to be out as well.

    ``uses`` are by the id of the contact method, as `channel_health.look_at` takes them.
    """
    found: Channels = look_at(contacts, uses, now_ms)
    gone = {*out, *without}
    people = [c for c in contacts if c.enabled and not c.removed]
    lost = {c.contact_id: blocked(c, needs, gone) for c in people}
    rows = tuple(_row(line, needs, gone, lost) for line in found.lines)
    doubts = {one.dependency: one for one in suspicions(found.lines, needs, out)}
    return ChannelMap(
        rows=rows,
        columns=_columns(rows, out, doubts, without),
        unreachable=tuple(
            stranded_card(contact, _why(missing))
            for contact in people
            if (missing := lost[contact.contact_id]) is not None
        ),
        people=len(people),
    )


def _row(
    line: ChannelLine,
    needs: Dependencies,
    gone: Collection[str],
    lost: Mapping[str, tuple[str, ...] | None],
) -> MapRow:
    of = needs.of(line.channel, line.provider)
    relying = {m.contact_id for m in line.methods if m.on}
    return MapRow(
        channel=line.channel,
        provider=line.provider,
        verdict=line.verdict,
        needs=of,
        missing=tuple(name for name in of if name in gone),
        contacts=len(relying),
        saved=sum(lost[contact_id] is None for contact_id in relying),
    )


def _columns(
    rows: Sequence[MapRow],
    out: Mapping[str, TakenOut],
    doubts: Mapping[str, Suspicion],
    without: Collection[str],
) -> tuple[MapColumn, ...]:
    """What is out first, then what is suspected, then what most channels need."""
    counts: dict[str, int] = {}
    for row in rows:
        for name in row.needs:
            counts[name] = counts.get(name, 0) + 1
    columns = [
        MapColumn(
            dependency=name,
            taken=out.get(name),
            suspicion=doubts.get(name),
            supposed=name in without,
            channels=counts.get(name, 0),
        )
        for name in {*counts, *out, *without}
    ]
    columns.sort(key=lambda c: (c.taken is None, c.suspicion is None, -c.channels, c.dependency))
    return tuple(columns)


def _why(missing: tuple[str, ...]) -> str:
    return f"needs {listed(missing)}" if missing else "no contact method in use"


def listed(names: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def headline(found: ChannelMap) -> str:
    """ "Slack and mail will not arrive; SMS will. 2 of 14 people cannot be reached.\""""
    return " ".join(part for part in (_arriving(found), _reached(found)) if part)


def _arriving(found: ChannelMap) -> str:
    used = [row for row in found.rows if row.contacts]
    lost, left = _words(used, arrives=False), _words(used, arrives=True)
    supposed = any(column.supposed and column.taken is None for column in found.columns)
    will = "would" if supposed else "will"
    if not lost:
        return _calm(used)
    if not left:
        return f"{_capital(listed(lost))} {will} not arrive, and there is no other channel."
    return f"{_capital(listed(lost))} {will} not arrive; {listed(left)} {will}."


def _calm(used: Sequence[MapRow]) -> str:
    """Where nothing is out; channels that fail all the same are named."""
    if not used:
        return ""
    failing = [row.name for row in used if row.verdict is Verdict.FAILING]
    verb = "fails" if len(failing) == 1 else "fail"
    more = f" {_capital(listed(failing))} {verb} all the same." if failing else ""
    return f"Nothing that a channel needs is known to be out.{more}"


def _words(rows: Sequence[MapRow], *, arrives: bool) -> list[str]:
    """Channels, told with their provider where one of a kind arrives and another does not."""
    words: dict[str, None] = {}
    for row in rows:
        if row.arrives is arrives:
            mixed = any(r.channel == row.channel and r.arrives is not arrives for r in rows)
            words[row.name if mixed else channel_word(row.channel)] = None
    return list(words)


def _reached(found: ChannelMap) -> str:
    lost, people = len(found.unreachable), found.people
    if not people:
        return ""
    if not lost:
        return "Everybody can be reached."
    if lost == people:
        return "Nobody can be reached." if people > 1 else "The one contact cannot be reached."
    return f"{lost} of {people} people cannot be reached."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
