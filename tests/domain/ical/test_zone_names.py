"""Zones by the names that calendars give them."""

from __future__ import annotations

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.ical import zone_names
from crisisdesk.domain.ical.zone_names import zone_of
from crisisdesk.domain.oncall.wall import checked_zone


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Prague", "Europe/Prague"),
        ("Central Europe Standard Time", "Europe/Budapest"),
        ("Eastern Standard Time", "America/New_York"),
        ("US/Pacific", "America/Los_Angeles"),
        ("/vendor.example/20260101_1/Europe/Prague", "Europe/Prague"),
        ("/vendor.example/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("UTC", "UTC"),
        ("My zone", "Asia/Kathmandu"),
    ],
)
def test_a_name_is_understood(name: str, zone: str):
    assert zone_of(name, "DTSTART", {"My zone": "Asia/Kathmandu"}) == zone


def test_every_zone_of_the_table_is_known():
    for name, zone in zone_names._OTHER_NAMES.items():
        assert checked_zone(zone, name) == zone


@pytest.mark.parametrize(
    "name", ["", "Customized Time Zone", "My zone", "/etc/localtime", "x" * 9999]
)
def test_a_name_that_nobody_knows_is_refused(name: str):
    with pytest.raises(
        Malformed, match=r"DTSTART: .* is no time zone known here; export"
    ) as refused:
        zone_of(name, "DTSTART", {"My zone": "Nowhere/Land"})
    assert len(str(refused.value)) < 250
