"""The lines of the page: what wants a decision, what both sides touched, what one side did."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.domain.amounts import count_words, span_words
from crisisdesk.domain.split import Attention

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

    from crisisdesk.desk.splits.choices import Choice
    from crisisdesk.desk.splits.reading import CutOff, Page
    from crisisdesk.domain.split import Deed, SplitItem

OPENABLE = ("A-", "INC-")
DEEDS_SHOWN = 3
KEPT = "Nothing collided: both stand."


class Line(NamedTuple):
    """A line of the list. Without ``item`` it heads a band; ``folded`` None cannot be folded.

    ``brief`` ones were touched by one side only and take one line. ``sides`` are the two sides as
    seen from this desk, within a sentence.
    """

    key: str
    word: str = ""
    quiet: str = ""
    item: SplitItem | None = None
    choices: tuple[Choice, ...] = ()
    folded: bool | None = None
    brief: bool = False
    sides: tuple[str, str] = ("here", "elsewhere")

    @property
    def wants_decision(self) -> bool:
        """Whether somebody has to choose."""
        return self.item is not None and self.item.attention == Attention.DECISION

    @property
    def opens(self) -> str:
        """The alert or incident to open for it, "" for none."""
        return self.item.opens if self.item and self.item.opens.startswith(OPENABLE) else ""


def lines_of(page: Page, unfolded: Set[str]) -> list[Line]:
    """All of it, decisions first; bands of one side only are folded unless ``unfolded``."""
    view = page.view
    everything = (*view.both, *view.only_mine, *view.only_theirs)
    decide = [item for item in everything if item.attention == Attention.DECISION]
    # Who commands is settled before what an alert is called.
    decide.sort(key=lambda item: item.kind != "incident")
    rest = [item for item in view.both if item.attention != Attention.DECISION]
    found = _band("decide", "To decide", decide, page)
    found += _band("both", "Changed on both sides", rest, page)
    for key, word, items in (
        ("mine", f"Only {here_words(page.cut)}", view.only_mine),
        ("theirs", f"Only {page.cut.there}", view.only_theirs),
    ):
        calm = [item for item in items if item.attention != Attention.DECISION]
        if not calm:
            continue
        folded = key not in unfolded
        quiet = f"{_things(len(calm))}{', Enter shows them' if folded else ''}"
        found.append(Line(key=key, word=word, quiet=quiet, folded=folded))
        if not folded:
            sides = sides_of(page.cut)
            found += [Line(f"{key} {i.subject}", item=i, brief=True, sides=sides) for i in calm]
    return found


def _band(key: str, word: str, items: Sequence[SplitItem], page: Page) -> list[Line]:
    if not items:
        return []
    lines = [
        Line(
            key=f"{key} {i.subject}",
            item=i,
            choices=page.choices.get(i.subject, ()),
            sides=sides_of(page.cut),
        )
        for i in items
    ]
    return [Line(key=key, word=word, quiet=_things(len(items))), *lines]


def calm_words(page: Page) -> str:
    """What each side did, when nothing was touched on both."""
    mine, theirs = (_things(len(items)) for items in (page.view.only_mine, page.view.only_theirs))
    here, there = sides_of(page.cut)
    return (
        f"{_capital(mine)} changed {here}, {theirs} {there}, none on both sides. All of it stands."
    )


def _things(count: int) -> str:
    return _counted(count, "thing")


def _counted(count: int, word: str) -> str:
    return f"{count_words(count)} {word}{'' if count == 1 else 's'}"


def here_words(cut: CutOff) -> str:
    """The side that was cut off, within a sentence."""
    return "here" if cut.here else f"at {cut.station or 'the other station'}"


def sides_of(cut: CutOff) -> tuple[str, str]:
    """Both sides within a sentence: who was cut off, then who was not."""
    return here_words(cut), cut.there


def shown_deeds(deeds: Sequence[Deed]) -> tuple[int, Sequence[Deed]]:
    """How many earlier ones are left out, and the last ones."""
    hidden = max(0, len(deeds) - DEEDS_SHOWN)
    # One left out would take the line that it saves.
    return (hidden, deeds[hidden:]) if hidden > 1 else (0, deeds)


def findings_of(item: SplitItem) -> list[tuple[str, bool]]:
    """What stands now, sentence by sentence, and whether it wants a decision."""
    told = [(_capital(f.words), f.attention == Attention.DECISION) for f in item.findings]
    return told or [(KEPT, False)]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def spoken(line: Line) -> str:
    """A line for the screen reader."""
    item = line.item
    if item is None:
        fold = {None: "", True: ", folded", False: ", unfolded"}[line.folded]
        return f"{line.word}, {line.quiet}{fold}"
    parts = [item.title]
    for side, deeds in zip(line.sides, (item.mine, item.theirs), strict=True):
        parts += [f"{side} {deed.words} by {deed.by}" for deed in deeds]
    if not line.brief:
        parts += [words for words, _ in findings_of(item)]
    parts += [f"choice: {choice.words}" for choice in line.choices]
    return "; ".join(parts)


def title_words(cut: CutOff) -> str:
    """Who was cut off, and for how long."""
    who = "This station" if cut.here else cut.station or "Another station"
    name = f", {cut.station}," if cut.here and cut.station else ""
    split = cut.split
    return f"{who}{name} was cut off for {span_words(split.until_ms - split.since_ms)}"


def fact_words(page: Page) -> str:
    """How many events each side wrote meanwhile."""
    split, view = page.cut.split, page.view
    mine = max(0, split.last_seq - split.first_seq + 1)
    theirs = sum(max(0, last - first + 1) for first, last in split.others.values())
    names = sorted({d.station for i in (*view.both, *view.only_theirs) for d in i.theirs})
    where = f" ({', '.join(names)})" if names and page.cut.there != "here" else ""
    words = f"{_counted(mine, 'event')} {here_words(page.cut)}, "
    words += f"{count_words(theirs)} {page.cut.there}{where}"
    if view.repeats:
        words += f"; {_counted(view.repeats, 'machine report')} merged"
    return words
