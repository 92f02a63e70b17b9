"""What the section *Context* says."""

from __future__ import annotations

import math

from crisisdesk.desk.alerts.context_words import LINES, context_facts, sparks, spoken
from crisisdesk.domain.context.gathered import Context, RunbookFound
from crisisdesk.domain.context.measured import Measured

BARE = Context(alert_id="A-1", services=("db",), measured_words="no series is known")


def test_what_is_missing_is_said_and_lines_are_bounded() -> None:
    facts = {fact.label: fact.value for fact in context_facts(BARE, 0)}
    assert facts == {
        "Owner": "unknown, db is in no catalogue",
        "Changes": "none in the 24 h before",
        "Measured": "no series is known",
    }
    books = tuple(RunbookFound(f"https://x.example/{n}", "of db") for n in range(20))
    many = context_facts(Context(alert_id="A-1", runbooks=books), 0)
    assert len(many[1].value.splitlines()) == LINES


def test_a_curve_is_drawn_from_its_least_to_its_greatest_value() -> None:
    points = ((0, 5.0), (10, math.nan), (20, 15.0), (40, 10.0))
    drawn = Context(alert_id="A-1", measured=(Measured('load{h="1"}', points),))
    [spark] = sparks(drawn)
    assert spark.points == ((0.0, 0.0), (0.5, 1.0), (1.0, 0.5))
    assert (spark.name, spark.words) == ('load{h="1"}', "10, 5 to 15")
    assert spoken([spark]) == 'load{h="1"}: 10, 5 to 15'
    assert "Measured" not in [fact.label for fact in context_facts(drawn, 0)]


def test_a_flat_series_lies_in_the_middle_and_one_without_numbers_is_not_drawn() -> None:
    flat = Measured("up", ((7, 1.0),))
    never = Measured("bad", ((7, math.inf), (8, math.nan)))
    [spark] = sparks(Context(alert_id="A-1", measured=(flat, never)))
    assert spark.points == ((0.0, 0.5),)
