"""Of several alerts those can be renewed that this operator has until some moment."""

from __future__ import annotations

from crisisdesk.desk.alerts.keeping import renewable, still_title, still_words

from tests.desk.alerts.rows import NOW, alert_row, taken

MINE = taken(alert_row("A-1", "critical"))._replace(owner="Ana", hold_until=NOW + 9)


def test_what_is_in_other_hands_without_an_end_or_over_is_left() -> None:
    rows = [
        MINE,
        MINE._replace(alert_id="A-2", owner="Bo"),
        MINE._replace(alert_id="A-3", hold_until=None),
        MINE._replace(alert_id="A-4", status="resolved"),
        alert_row("A-5"),
    ]
    assert renewable(rows, "Ana") == [MINE]
    assert renewable(rows, "") == []
    assert renewable([], "Ana") == []


def test_the_words_say_how_many() -> None:
    assert (still_title([MINE]), still_words([MINE])) == ("Still on it", "still on A-1")
    assert still_title([MINE, MINE]) == "Still on 2 alerts"
    assert still_words([MINE, MINE]) == "still on 2 alerts"
