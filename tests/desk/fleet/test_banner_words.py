"""What the banner says of hub, duty and log, and in which order."""

from __future__ import annotations

import pytest

from crisisdesk.desk.fleet.banner_words import Rejoined, fleet_banner, troubles

from tests.desk.fleet.fleets import NOW, STATES


def said(state: str, rejoined: Rejoined | None = None) -> list[str]:
    return [
        f"{t.view.subject} {t.view.rest}".strip() for t in troubles(STATES[state], rejoined, NOW)
    ]


@pytest.mark.parametrize("state", ["alone", "holds", "lag", "follows", "not-known", "ten"])
def test_nothing_is_said_while_all_is_well(state: str) -> None:
    assert said(state) == []


@pytest.mark.parametrize(
    ("state", "first"),
    [
        ("not-paging", "NOT PAGING. Nobody in sight pages, and this station has no duty rank."),
        ("refused", ("The hub refuses this station. This station was evicted on 12 Feb; join again."
                    " 1\u00a0204 events wait here.")),
        ("acting", "HUB AWAY 02:14 – this station goes on by itself; 1\u00a0204 events wait here."),
        ("clock", ("This machine's clock is 3.4 s behind the hub's. "
                  "New events carry the hub's time; set the clock.")),
        ("held-back", "Held back: BRNO-3 cannot be exchanged: its chain forks at 812."),
        ("quarantined", ("2 events could not be used. "
                        "They are kept and passed on as they are, and change nothing here.")),
        ("recovered", "The file was damaged and has been rebuilt from its last copy."),
    ],
)  # fmt: skip
def test_each_trouble_has_its_sentence(state: str, first: str) -> None:
    assert said(state)[0] == first


def test_not_paging_is_red_and_a_hub_that_is_away_is_calm() -> None:
    [red, *_] = troubles(STATES["not-paging"], None, NOW)
    assert (red.view.level, red.view.chip, red.view.goes) == ("critical", "for 02:14", "hub")
    [calm] = troubles(STATES["acting"], None, NOW)
    assert (calm.view.level, calm.view.chip) == ("station", "pages by itself")
    [waits, *_] = troubles(STATES["waiting"], None, NOW)
    assert waits.view.chip == "waits for its turn to page"


def test_the_worst_is_said_and_the_next_are_named_beside_it() -> None:
    view = fleet_banner(troubles(STATES["everything"], Rejoined(14, 3), NOW))
    assert view is not None
    assert view.subject == "NOT PAGING."
    assert view.aside == "also: hub away 02:14, clock wrong, 4 more"
    assert fleet_banner([]) is None


def test_a_split_that_needs_nobody_is_no_trouble() -> None:
    [decide] = troubles(STATES["holds"], Rejoined(14, 3), NOW)
    assert decide.view.rest == "14 things were changed on both sides; 3 to decide."
    assert (decide.view.level, decide.view.goes) == ("station", "split")
    [calm] = troubles(STATES["holds"], Rejoined(1, 0), NOW)
    assert (calm.view.rest, calm.view.level) == ("1 thing was changed on both sides.", "ok")


def test_an_answer_that_is_stale_is_not_told_as_if_it_were_now() -> None:
    assert said("stale-holds") == []
