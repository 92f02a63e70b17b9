"""Every command about what an incident is has a handler."""

from __future__ import annotations

from crisisdesk.engine import incident_commands as ic
from crisisdesk.engine.handlers import HANDLERS


def test_each_is_served() -> None:
    made = [
        ic.MergeIncident(incident_id="INC-1", into="INC-2"),
        ic.UnmergeIncident(incident_id="INC-1"),
        ic.SplitIncident(incident_id="INC-1", alerts=["A-1"]),
        ic.RestrictIncident(incident_id="INC-1", restricted=True),
        ic.MindRings(),
        ic.SetChannel(incident_id="INC-1", name="War room", kind="bridge"),
        ic.RemoveChannel(incident_id="INC-1", name="War room"),
    ]
    assert {type(one) for one in made} <= HANDLERS.keys()
