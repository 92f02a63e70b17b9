"""The lines of a real split: decisions first, both sides beside each other, the rest folded."""

from __future__ import annotations

import re
from dataclasses import replace

from crisisdesk.desk.splits.lines import (
    KEPT,
    calm_words,
    fact_words,
    findings_of,
    lines_of,
    shown_deeds,
    spoken,
    title_words,
)
from crisisdesk.desk.splits.reading import Page
from crisisdesk.domain.split import SplitItem

from tests.desk.splits.conftest import CUT
from tests.desk.splits.story import Story

pytestmark = CUT


def heads(page: Page, *unfolded: str) -> list[str]:
    return [f"{line.word}: {line.quiet}" for line in lines_of(page, set(unfolded)) if not line.item]


def test_what_wants_a_decision_comes_first_and_one_side_is_folded(page: Page, told: Story) -> None:
    assert heads(page) == [
        "To decide: 2 things",
        "Changed on both sides: 1 thing",
        "Only here: 2 things, Enter shows them",
        "Only elsewhere: 1 thing, Enter shows them",
    ]
    lines = [line for line in lines_of(page, set()) if line.item]
    assert [line.wants_decision for line in lines] == [True, True, False]
    assert lines[0].opens == told.incident
    assert lines[1].opens == told.alerts[0]
    assert lines[2].opens == told.alerts[1]


def test_a_band_is_unfolded_into_brief_lines(page: Page, told: Story) -> None:
    assert heads(page, "theirs")[3] == "Only elsewhere: 1 thing"
    brief = [line for line in lines_of(page, {"theirs"}) if line.brief]
    assert [line.opens for line in brief] == [told.alerts[4]]
    assert "elsewhere resolved by Mateo Ruiz" in spoken(brief[0])


def test_everything_on_a_line_is_read_aloud(page: Page) -> None:
    line = next(line for line in lines_of(page, set()) if line.item)
    words = spoken(line)
    assert "here commander: Aki Tanaka by Klára Langová" in words
    assert "elsewhere commander: Mateo Ruiz by Mateo Ruiz" in words
    assert "Two commanders named" in words
    assert "choice: Aki Tanaka commands" in words
    folded = next(line for line in lines_of(page, set()) if line.folded)
    assert spoken(folded).endswith("folded")


def test_the_head_says_who_was_cut_off_and_what_each_side_wrote(page: Page) -> None:
    assert title_words(page.cut) == "This station, BRNO-1, was cut off for 13 min"
    assert "elsewhere (BRNO-2)" in fact_words(page)
    elsewhere = page._replace(cut=page.cut._replace(here=False, there="here"))
    assert title_words(elsewhere.cut) == "BRNO-1 was cut off for 13 min"
    assert heads(elsewhere)[2].startswith("Only at BRNO-1")
    assert heads(elsewhere)[3].startswith("Only here")
    assert re.search(r"events at BRNO-1, \d+ here", fact_words(elsewhere))


def test_a_desk_calls_its_own_side_here(page: Page) -> None:
    elsewhere = page._replace(cut=page.cut._replace(here=False, there="here"))
    line = next(line for line in lines_of(elsewhere, set()) if line.item)
    assert "at BRNO-1 commander: Aki Tanaka by Klára Langová" in spoken(line)
    assert "here commander: Mateo Ruiz by Mateo Ruiz" in spoken(line)


def test_commanders_are_decided_before_alerts(page: Page) -> None:
    view = replace(page.view, both=tuple(reversed(page.view.both)))
    decide = [x.item for x in lines_of(page._replace(view=view), set()) if x.wants_decision]
    assert [item.kind for item in decide if item] == ["incident", "alert"]


def test_without_a_collision_the_sides_are_counted(calm: Page) -> None:
    told = "2 things changed here, 1 thing elsewhere, none on both sides. All of it stands."
    assert calm_words(calm) == told


def test_of_many_deeds_the_last_are_shown(page: Page) -> None:
    deed = page.view.both[0].mine[0]
    assert shown_deeds([deed] * 4) == (0, [deed] * 4)
    hidden, shown = shown_deeds([deed] * 9)
    assert (hidden, len(shown)) == (6, 3)


def test_without_a_finding_both_stand(page: Page) -> None:
    item: SplitItem = replace(page.view.both[0], findings=())
    assert findings_of(item) == [(KEPT, False)]
