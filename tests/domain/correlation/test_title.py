"""Titles of candidates: only known names between braces, and nothing that runs."""

from __future__ import annotations

import pytest

from crisisdesk.domain.correlation.title import check_title, fill_title
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.signal import TITLE_LIMIT


@pytest.mark.parametrize(
    "template",
    [
        "{nobody}",
        "{}",
        "{0}",
        "{service.__class__}",
        "{service[0]}",
        "{service!r}",
        "{service:>10}",
        "{service:{count}}",
        "{count} {place}",
        "{",
        "}",
        "{count",
    ],
)
def test_what_could_not_be_filled_in_is_refused(template: str) -> None:
    with pytest.raises(Malformed) as refused:
        check_title(template, ["service"])
    assert refused.value.field == "name"
    assert "{service}" in refused.value.remedy


@pytest.mark.parametrize(
    ("template", "title"),
    [
        ("{count} on {service}", "3 on db"),
        ("{{count}} {severity}", "{count} high"),
        ("plain", "plain"),
        ("{service}\n{count}", "db 3"),
    ],
)
def test_known_names_are_filled_in(template: str, title: str) -> None:
    assert check_title(template, ["service"]) == template
    values = {"count": "3", "service": "db", "severity": "high"}
    assert fill_title(template, values) == title


def test_a_value_is_never_read_as_a_template() -> None:
    assert fill_title("{service}", {"service": "{count}", "count": "3"}) == "{count}"


def test_whatever_another_station_wrote_gives_a_title_that_fits() -> None:
    for template in ("{", "{x}", "{service.y}", "x" * 5_000, ""):
        assert len(fill_title(template, {"service": "db"})) <= TITLE_LIMIT
    assert len(fill_title("{service}", {"service": "y" * 500})) == TITLE_LIMIT
