"""Which services an alert is about, by what is published."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from crisisdesk.domain.context.services import NONE, services_in
from crisisdesk.domain.policy_version import PolicyVersion


def version(number: int, name: str, **content: Any) -> PolicyVersion:
    return PolicyVersion(
        version_id=f"POL-{number}", name=name, content=content, published_at=number
    )


def about(service: str, affected: tuple[str, ...] = (), **labels: str) -> Any:
    return SimpleNamespace(service=service, labels=labels, affected_systems=affected)


SERVICES: dict[str, Any] = {"db": {}, "shop": {"depends_on": ["db"]}}
TABLES = [{"label": "host", "rows": {"h1": {"service": "db"}, "h2": {"owner": "Ann"}}}]


def test_the_newest_version_of_each_document_counts_and_edges_of_both_kinds() -> None:
    found = services_in(
        [
            version(1, "Shop", kind="catalogue", services={"old": {}}),
            version(2, "Shop", kind="catalogue", services=SERVICES),
            version(3, "Needs", kind="dependencies", services={"portal": ["shop"]}),
            version(4, "Bad", kind="dependencies", services={"a": ["a"]}),
            version(5, "Who", kind="escalation"),
        ]
    )
    assert set(found.catalogue.services) == {"db", "shop"}
    assert [s.service for s in found.topology.downstream(["db"])] == ["shop", "portal"]
    assert found.knows("portal")
    assert not found.knows("a")


def test_its_own_service_goes_before_what_its_labels_mean_unless_nobody_knows_it() -> None:
    found = services_in([version(1, "S", kind="catalogue", services=SERVICES, tables=TABLES)])
    assert found.of(about("shop", host="h1")) == ["shop", "db"]
    assert found.of(about("strange", host="h1")) == ["db", "strange"]
    assert found.of(about("", host="h1")) == ["db"]
    assert found.of(about("strange", ("db", "rack"), host="h2")) == ["strange", "db"]
    assert found.of(about("")) == []
    assert NONE.of(about("shop")) == ["shop"]
