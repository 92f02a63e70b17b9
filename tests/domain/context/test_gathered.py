"""What is close by, and how the parts are put together."""

from __future__ import annotations

from crisisdesk.domain.context.catalogue import Catalogue
from crisisdesk.domain.context.gathered import NEAR_LIMIT, nearby
from crisisdesk.domain.context.services import Services
from crisisdesk.domain.context.topology import Topology


def test_services_within_two_edges_are_near_with_the_reason_the_nearest_first() -> None:
    edges = [("portal", "shop"), ("shop", "db"), ("db", "san"), ("san", "power"), ("web", "portal")]
    near = nearby(Services(Catalogue(), Topology(edges)), ["shop"])
    assert [(n.service, n.distance, n.words) for n in near.values()] == [
        ("db", 1, "shop needs it"),
        ("portal", 1, "needs shop"),
        ("san", 2, "db needs it"),
        ("web", 2, "needs portal"),
    ]


def test_a_service_that_everything_needs_has_only_so_many_neighbours() -> None:
    edges = [(f"s{n}", "hub") for n in range(10_000)]
    near = nearby(Services(Catalogue(), Topology(edges)), ["hub"])
    assert len(near) == NEAR_LIMIT


def test_a_circle_is_near_to_itself_only_once() -> None:
    services = Services(Catalogue(), Topology([("a", "b"), ("b", "a")]))
    assert [n.words for n in nearby(services, ["a"]).values()] == ["a needs it"]
