"""A catalogue out of CSV."""

from __future__ import annotations

import pytest

from crisisdesk.domain.context.catalogue import Row, read_catalogue
from crisisdesk.domain.context.catalogue_csv import content_of
from crisisdesk.domain.errors import Malformed


def test_services_are_read_whatever_parts_the_cells() -> None:
    text = (
        "\ufeffService;Owner;Depends on;Users;Money per minute;Regions;Recovery minutes\n"
        '\nshop;Kim;db|cdn;9 000;120.50;eu us;45\n"db; main";;;;;;\n'
    )
    content = content_of(text)
    assert content["services"] == {
        "shop": {
            "owner": "Kim",
            "depends_on": ["db", "cdn"],
            "users": 9_000,
            "money_per_minute": "120.50",
            "regions": ["eu", "us"],
            "recovery_minutes": 45,
        },
        "db; main": {},
    }
    assert read_catalogue("S", content).services["shop"].users == 9_000


def test_a_table_says_what_the_values_of_a_label_mean() -> None:
    content = content_of("value,service,owner\nh1,db,\nh2,,Ann\n", "host")
    assert read_catalogue("T", content).tables["host"] == {
        "h1": Row(service="db"),
        "h2": Row(owner="Ann"),
    }


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "file"),
        ("service,owner\n", "file"),
        ("service,colour\nshop,red\n", "heads"),
        ("owner\nKim\n", "heads"),
        ("service,service\na,b\n", "heads"),
        ("service,owner\n,Kim\n", "line 2"),
        ("service,owner\na,x\na,y\n", "line 3"),
        ("service,owner\na,x,y\n", "line 2"),
        ("service,users\na,many\n", "line 2, users"),
        ("service,owner\na," + "x" * 200_000 + "\n", "line 2"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, field: str) -> None:
    with pytest.raises(Malformed) as refused:
        content_of(text)
    assert refused.value.field == field
