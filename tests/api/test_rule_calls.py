"""The client's calls about rules, against the real application."""

from __future__ import annotations

from crisisdesk.api.rule_calls import RULES, RuleCalls

from tests.api.called import Called
from tests.api.station import Station


class Calls(Called[Station], RuleCalls):
    """Asks a station of the tests."""


def test_every_call_leads_somewhere(station: Station) -> None:
    calls = Calls(station)
    fields = {"rule_type": "threshold", "conditions": {"metric": "load", "op": ">", "value": 1}}
    data = {"csv": "at,value\n1,9\n"}
    made = calls.declare_rule("high", fields)["rule_id"]
    assert [one["rule_id"] for one in calls.rules()] == [made]
    assert calls.change_rule(made, severity="low")["severity"] == "low"
    assert len(calls.rule_history(made)) == 2
    assert len(calls.test_rule(made, data)["spans"]) == 1
    assert len(calls.try_rule("x", fields, data)["spans"]) == 1
    calls.remove_rule(made)
    assert calls.rules() == []
    assert RULES.endswith("/")
