"""Which series are a service's, and which one stands for it."""

from __future__ import annotations

from crisisdesk.domain.context.services import NONE, services_in
from crisisdesk.domain.detection.series import Series, series
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.service_board.of_service import main_series, series_by_service

TABLES = [{"label": "host", "rows": {"h1": {"service": "db"}, "h2": {"owner": "Ann"}}}]
SERVICES = services_in(
    [
        PolicyVersion(
            version_id="POL-1",
            name="S",
            content={"kind": "catalogue", "services": {"db": {}, "shop": {}}, "tables": TABLES},
            published_at=1,
        )
    ]
)


def names(one: Series) -> list[str]:
    return list(series_by_service([one], SERVICES, {"SRC-1": "shop"}))


def test_its_source_its_labels_and_the_tables_say_whose_it_is() -> None:
    assert names(series("SRC-1", "up")) == ["shop"]
    assert names(series("SRC-2", "up")) == []
    assert names(series("SRC-2", "m", {"job": "db"})) == ["db"]
    assert names(series("SRC-2", "m", {"host": "h1"})) == ["db"]
    assert names(series("SRC-2", "m", {"host": "h2"})) == []
    assert names(series("SRC-1", "m", {"service": "shop", "host": "h1"})) == ["shop", "db"]


def test_only_a_label_of_that_name_makes_a_service_known() -> None:
    assert names(series("SRC-2", "m", {"job": "node"})) == []
    assert names(series("SRC-2", "m", {"service": "cart"})) == ["cart"]
    assert series_by_service([series("S", "m", {"job": "db"})], NONE, {}) == {}


def test_what_was_measured_stands_for_it_before_how_the_look_went() -> None:
    up, took = series("SRC-1", "up"), series("SRC-1", "took_seconds")
    first, second = series("SRC-1", "errors"), series("SRC-1", "latency")
    assert main_series([up, took, second, first]) == first
    assert main_series([up, took]) == took
    assert main_series([up]) == up
    assert main_series([]) is None
