"""Which services there are and what needs what: the catalogue and the published dependencies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from crisisdesk.domain.context.catalogue import KIND, Catalogue, Row, joined
from crisisdesk.domain.context.topology import Topology
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.inhibition import DEPENDENCIES, read_dependencies
from crisisdesk.domain.matchers import Subject, matches
from crisisdesk.domain.policy_version import PolicyVersion, current

KINDS = (KIND, DEPENDENCIES)


class Described(Protocol):
    """What is asked about of an alert."""

    @property
    def service(self) -> str: ...
    @property
    def labels(self) -> Mapping[str, str]: ...
    @property
    def affected_systems(self) -> Sequence[str]: ...


class Services(NamedTuple):
    """All that is published about services. An edge counts wherever it is said."""

    catalogue: Catalogue
    topology: Topology

    def knows(self, name: str) -> bool:
        """Whether anything is published about a service of this name."""
        return name in self.catalogue.services or name in self.topology

    def of(self, alert: Described) -> list[str]:
        """The services that an alert is about, the nearest first.

        Its own; where nothing is published about that, what its labels mean by the tables; and
        those of the affected systems that are services.
        """
        rows = self.rows_for(alert)
        meant = [row.service for row in rows if row.service]
        own = [alert.service] if alert.service else []
        names = [*own, *meant] if not own or self.knows(own[0]) else [*meant, *own]
        names += [name for name in alert.affected_systems if self.knows(name)]
        return list(dict.fromkeys(names))

    def rows_for(self, alert: Described) -> list[Row]:
        """What its labels and its service mean by the tables."""
        return self.catalogue.rows_for({"service": alert.service, **alert.labels})

    def runbooks_by_matchers(self, alert: Subject) -> list[str]:
        """The addresses of the runbooks whose matchers hold."""
        return [one.url for one in self.catalogue.runbooks if matches(one.matching, alert)]


NONE = Services(Catalogue(), Topology())


def services_in(versions: Iterable[PolicyVersion]) -> Services:
    """What counts of all that was published; what cannot be read is told among the problems of the
    catalogue."""
    counting = current(versions)
    catalogue = joined((v.name, v.content) for v in counting if v.content.get("kind") == KIND)
    edges = list(catalogue.edges())
    for version in counting:
        if version.content.get("kind") == DEPENDENCIES:
            try:
                rule = read_dependencies(version.name, version.content)
            except Malformed:
                continue  # told where quieting is read; nothing of it counts there either
            edges += [(user, need) for user, needs in rule.services.items() for need in needs]
    return Services(catalogue, Topology(edges))
