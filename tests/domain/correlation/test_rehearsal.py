"""A rule played on what has been."""

from __future__ import annotations

from crisisdesk.domain.correlation.rehearsal import played

from tests.domain.correlation.making import START, alert, rule


def test_it_says_when_and_of_what_it_would_have_proposed() -> None:
    fired = [
        *(alert(n, n) for n in range(4)),
        *(alert(n, 100 + n, service="shop") for n in range(2)),
        # Within the rest of the first proposal, and after it.
        *(alert(n + 10, 600 + n) for n in range(3)),
        *(alert(n + 20, 3_600 + n) for n in range(3)),
    ]
    found = played(rule(), reversed(fired))
    assert [(one.opened_at - START, one.alerts) for one in found] == [(0, 4), (3_600_000, 3)]
    assert found[0].group == (("service", "db"),)
    assert played(rule(at_least=5), fired) == []


def test_one_alert_that_fires_again_is_one_alert() -> None:
    assert played(rule(), [alert(1, at) for at in (0, 30, 60, 90)]) == []
    again = [alert(1, 0), alert(1, 30), alert(2, 40), alert(3, 50)]
    assert [one.alerts for one in played(rule(), again)] == [3]
