"""The catalogue: what may be published, what is refused with its field, several made one."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.context.catalogue import CONTENT_LIMIT, Row, joined, read_catalogue
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.publishing import checked_content


def content(**services: Any) -> dict[str, Any]:
    return {"kind": "catalogue", "services": services}


def test_all_that_can_be_said_of_a_service_is_read() -> None:
    told = content(
        shop={
            "owner": "Kim",
            "team": "Web",
            "tier": 1,
            "depends_on": ["db", "db"],
            "regions": ["eu"],
            "users": 10,
            "money_per_minute": "1 200.5",
            "recovery_minutes": 45,
            "runbook": "https://wiki.example/shop",
            "dashboard": "http://grafana.example/d/1",
        },
        db={"runbook": "file:///srv/runbooks/db.html"},
    )
    assert checked_content("Shop", told) == told
    shop = read_catalogue("Shop", told).services["shop"]
    assert (shop.owner, shop.team, shop.tier, shop.depends_on) == ("Kim", "Web", "1", ("db",))
    assert (shop.users, shop.money_per_minute_cents) == (10, 120_050)
    assert (shop.recovery_minutes, shop.availability_ppm) == (45, None)
    assert list(read_catalogue("Shop", told).edges()) == [("shop", "db")]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"kind": "catalogue"}, "services"),
        (content(shop={"ownr": "Kim"}), "services.shop.ownr"),
        (content(shop=[]), "services.shop"),
        (content(shop={"users": -1}), "services.shop.users"),
        (content(shop={"users": True}), "services.shop.users"),
        (content(shop={"recovery_minutes": 0}), "services.shop.recovery_minutes"),
        (content(shop={"recovery_minutes": "45m"}), "services.shop.recovery_minutes"),
        (content(shop={"money_per_minute": "-3"}), "services.shop.money_per_minute"),
        (content(shop={"money_per_minute": [1]}), "services.shop.money_per_minute"),
        (content(shop={"runbook": "javascript:alert(1)"}), "services.shop.runbook"),
        (content(shop={"runbook": "file://server/x"}), "services.shop.runbook"),
        (content(shop={"dashboard": "file:///x"}), "services.shop.dashboard"),
        (content(shop={"depends_on": "db"}), "services.shop.depends_on"),
        (content(shop={"depends_on": ["shop"]}), "services.shop.depends_on"),
        (content(shop={"depends_on": [str(n) for n in range(201)]}), "services.shop.depends_on"),
        ({"kind": "catalogue", "tables": [{"label": "host"}]}, "tables[0].rows"),
        (
            {"kind": "catalogue", "tables": [{"label": "h", "rows": {"a": {"x": "y"}}}]},
            "tables[0].rows.a.x",
        ),
        ({"kind": "catalogue", "runbooks": [{"for": "a=b"}]}, "runbooks[0].url"),
        (
            {"kind": "catalogue", "runbooks": [{"for": "a~b", "url": "https://x"}]},
            "runbooks[0].for",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_field(told: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as refused:
        checked_content("Shop", told)
    assert refused.value.field == field


def test_a_document_beyond_its_limit_is_refused_and_one_beyond_a_policys_is_not() -> None:
    size = CONTENT_LIMIT // 200
    fits = content(**{f"s{n}": {"owner": "x" * 100} for n in range(size)})
    assert checked_content("Big", fits) == fits
    with pytest.raises(Malformed, match="too long"):
        checked_content("Big", content(**{f"s{n}": {"owner": "x" * 190} for n in range(2 * size)}))


def test_several_documents_are_one_catalogue_and_what_is_said_twice_is_told() -> None:
    table = {"label": "host", "rows": {"db-1": {"service": "db"}, "w": {"owner": "Ann"}}}
    other = {"label": "host", "rows": {"db-1": {"service": "else"}, "w2": {"team": "T"}}}
    catalogue = joined(
        [
            ("B", content(shop={"owner": "Bob"}, db={}) | {"tables": [other]}),
            ("A", content(shop={"owner": "Ann"}) | {"tables": [table]}),
            ("C", {"kind": "catalogue", "services": {"x": 3}}),
        ]
    )
    assert catalogue.services["shop"].owner == "Ann"
    assert set(catalogue.services) == {"shop", "db"}
    assert catalogue.tables["host"] == {
        "db-1": Row(service="db"),
        "w": Row(owner="Ann"),
        "w2": Row(team="T"),
    }
    told = "\n".join(catalogue.problems)
    assert "shop stands in A and in B; A counts" in told
    assert "catalogue C is not used, it cannot be read" in told
    assert catalogue.rows_for({"host": "db-1", "job": "x"}) == [Row(service="db")]
    assert catalogue.rows_for({"host": "none"}) == []
