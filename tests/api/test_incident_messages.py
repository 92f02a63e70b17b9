"""The messages that an incident's response plan has ready."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.planned import PlannedStation


@pytest.fixture
def planned(tmp_path: Path) -> Iterator[PlannedStation]:
    made = PlannedStation(tmp_path)
    yield made
    made.close()


def path(incident_id: str) -> str:
    return f"/crisis/incidents/{incident_id}/messages/"


class TestMessages:
    def test_they_come_with_what_is_known(self, planned: PlannedStation) -> None:
        made = planned.opened(crisis_type="data_breach")
        told = planned.ask("GET", path(made["id"])).json()["results"]
        assert [one["audience"] for one in told] == ["management", "customers"]
        assert "Known so far: Checkout down, since 20" in told[0]["text"]

    def test_one_that_follows_no_plan_has_none(self, planned: PlannedStation) -> None:
        assert planned.ask("GET", path(planned.opened(crisis_type="")["id"])).json() == {
            "results": []
        }

    def test_a_restricted_one_tells_nobody_else(self, planned: PlannedStation) -> None:
        made = planned.opened(crisis_type="data_breach", restricted=True)
        assert planned.by_other("GET", path(made["id"])).status_code == 409
        assert planned.by_nobody(path("INC-NONE")).status_code == 404
