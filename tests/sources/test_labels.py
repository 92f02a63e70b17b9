"""What a person gets to see of a label set."""

from __future__ import annotations

import pytest

from crisisdesk.sources import labels


@pytest.mark.parametrize(
    ("instance", "host"),
    [
        ("db-1:9100", "db-1"),
        ("db-1", "db-1"),
        ("192.0.2.1:80", "192.0.2.1"),
        ("[2001:db8::1]:9100", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("https://shop.example.net:8443/health?x=1", "shop.example.net"),
        ("", ""),
    ],
)
def test_host_of(instance: str, host: str) -> None:
    assert labels.host_of(instance) == host


def test_title_and_description() -> None:
    name = {"alertname": "DiskFull", "instance": "a:1"}
    assert labels.wording(name, {"summary": " S ", "description": "D"}) == ("S", "D")
    assert labels.wording(name, {"summary": " ", "message": "M"}) == ("DiskFull (a:1)", "M")
    assert labels.wording({"alertname": "DiskFull"}, {}) == ("DiskFull", "")
    assert labels.wording({"x": "y"}, {}) == ("Alert without a name", "")


def test_service_and_place_by_rank() -> None:
    assert labels.service_of({"app": "a", "job": "j", "service": "s"}) == "s"
    assert labels.service_of({"app": "a", "job": "j"}) == "j"
    assert labels.service_of({"app": "a"}) == "a"
    assert labels.place_of({"zone": "z", "region": "r", "instance": "i:1"}) == "r"
    assert labels.place_of({"zone": "z", "datacenter": "d"}) == "d"
    assert labels.place_of({"zone": "z", "instance": "i:1"}) == "z"
    assert labels.place_of({"instance": "i:1"}) == "i"


def test_kind_systems_and_group() -> None:
    assert labels.alert_type_of({"category": "Security"}) == "security"
    assert labels.alert_type_of({"alert_type": "weather"}) == "service"
    assert labels.alert_type_of({}) == "service"
    assert labels.systems_of({"instance": "i:1", "node": "n"}, "s") == ["i:1", "n", "s"]
    assert labels.systems_of({"instance": "x", "host": "x"}, "x") == ["x"]
    assert labels.group_of({"alertname": "A"}, "s") == "A|s"
    assert labels.group_of({}, "") == ""
    assert len(labels.group_of({"alertname": "A" * 900}, "s")) == 512
