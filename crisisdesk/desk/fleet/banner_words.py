"""What the banner says of hub, duty and the log, the worst first, as functions of what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.fleet.bar_words import NOT_PAGING, events, waits_here
from crisisdesk.desk.frame.banner import BannerView
from crisisdesk.desk.look.countdown import format_span
from crisisdesk.domain.amounts import count_words

if TYPE_CHECKING:
    from crisisdesk.desk.fleet.standing import Standing

HUB, SPLIT = "hub", "split"


class Rejoined(NamedTuple):
    """A split that has ended and was not marked as read: things changed on both sides, and how
    many of them wait for a decision."""

    both: int
    decisions: int


class Trouble(NamedTuple):
    """One thing that is not as it should be; ``short`` names it beside a worse one."""

    view: BannerView
    short: str


def troubles(standing: Standing, rejoined: Rejoined | None, now_ms: int) -> list[Trouble]:
    """Everything to be said, the worst first; nothing of an answer that is stale."""
    fleet = standing.fleet
    found: list[Trouble | None] = []
    if fleet is not None and not standing.stale:
        found = [
            _not_paging(standing, now_ms),
            _refused(standing),
            _away(standing, now_ms),
            _clock(standing),
            _held_back(fleet.held_back),
            _quarantined(fleet.quarantined),
            *(_problem(words) for words in fleet.problems),
        ]
    found.append(_rejoined(rejoined))
    return [one for one in found if one is not None]


def fleet_banner(found: list[Trouble]) -> BannerView | None:
    """The worst of them, the next ones named at its side."""
    if not found:
        return None
    view, others = found[0].view, [one.short for one in found[1:]]
    if not others:
        return view
    more = f", {len(others) - 2} more" if len(others) > 2 else ""
    also = f"also: {', '.join(others[:2])}{more}"
    return view._replace(aside=f"{view.aside}; {also}" if view.aside else also)


def _station(subject: str, rest: str, icon: str, *, chip: str = "") -> BannerView:
    return BannerView(
        level="station",
        subject=subject,
        rest=rest,
        icon=icon,
        chip=chip,
        button="Look",
        goes=HUB,
    )


def _not_paging(standing: Standing, now_ms: int) -> Trouble | None:
    fleet = standing.fleet
    if fleet is None or fleet.duty.kind != "not_paging":
        return None
    lasted = format_span(standing.since(fleet.duty.since_ms, now_ms))
    rest = fleet.duty.words or "Nobody in sight pages, and this station has no duty rank."
    view = _station(f"{NOT_PAGING}.", rest, "phone-off", chip=f"for {lasted}")
    return Trouble(view._replace(level="critical"), "not paging")


def _refused(standing: Standing) -> Trouble | None:
    fleet = standing.fleet
    if fleet is None or fleet.hub.state != "refused":
        return None
    why = f" {_sentence(fleet.hub.words)}" if fleet.hub.words else ""
    rest = f"{waits_here(standing.waiting())}."
    view = _station(f"The hub refuses this station.{why}", rest, "unplug")
    return Trouble(view, "the hub refuses this station")


def _away(standing: Standing, now_ms: int) -> Trouble | None:
    fleet = standing.fleet
    if fleet is None or fleet.hub.state != "away":
        return None
    lasted = format_span(standing.since(fleet.hub.since_ms, now_ms))
    waits = standing.waiting()
    rest = "– this station goes on by itself"
    rest += f"; {waits_here(waits)}." if waits else "."
    chip = {
        "acting": "pages by itself",
        "waiting": "waits for its turn to page",
        "follows": f"{fleet.duty.name or 'another station'} pages",
    }.get(fleet.duty.kind, "")
    return Trouble(_station(f"HUB AWAY {lasted}", rest, "unplug", chip=chip), f"hub away {lasted}")


def _clock(standing: Standing) -> Trouble | None:
    fleet = standing.fleet
    if fleet is None or not fleet.hub.clock_suspect:
        return None
    apart, way = abs(fleet.hub.offset_ms), "behind" if fleet.hub.offset_ms > 0 else "ahead of"
    lasted = f"{apart / 1000:.1f} s" if apart < 60_000 else format_span(apart // 1000)
    subject = f"This machine's clock is {lasted} {way} the hub's."
    rest = "New events carry the hub's time; set the clock."
    return Trouble(_station(subject, rest, "clock-alert"), "clock wrong")


def _held_back(sentences: tuple[str, ...]) -> Trouble | None:
    if not sentences:
        return None
    more = f"{len(sentences) - 1} more" if len(sentences) > 1 else ""
    view = _station("Held back:", _sentence(sentences[0]), "hand")
    return Trouble(view._replace(aside=more), f"{len(sentences)} held back")


def _quarantined(count: int) -> Trouble | None:
    if not count:
        return None
    subject = f"{events(count)} could not be used."
    rest = "They are kept and passed on as they are, and change nothing here."
    return Trouble(_station(subject, rest, "triangle-alert"), f"{count_words(count)} unusable")


def _problem(words: str) -> Trouble:
    return Trouble(_station(_sentence(words), "", "triangle-alert"), "engine trouble")


def _rejoined(rejoined: Rejoined | None) -> Trouble | None:
    if rejoined is None:
        return None
    both, open_ones = rejoined
    things = f"{count_words(both)} thing{' was' if both == 1 else 's were'} changed on both sides"
    rest = f"{things}; {count_words(open_ones)} to decide." if open_ones else f"{things}."
    view = BannerView(
        level="station" if open_ones else "ok",
        subject="Rejoined:",
        rest=rest,
        icon="git-merge",
        button="Look",
        goes=SPLIT,
    )
    return Trouble(
        view, f"rejoined, {count_words(open_ones)} to decide" if open_ones else "rejoined"
    )


def _sentence(words: str) -> str:
    words = words.strip()
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?")) else ".")
