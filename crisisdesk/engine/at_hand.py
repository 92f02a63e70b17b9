"""What any decision may need: contacts, silences and published versions, kept in memory.

There are few of them, and each alert asks for all. They are loaded once and follow the workbench:
what a group of commands changes counts at once, what is taken back never did.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.causes import Causes
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.context import services
from crisisdesk.domain.correlation.candidate import Candidate
from crisisdesk.domain.correlation.rule import CorrelationRule, active_rules
from crisisdesk.domain.fold import State
from crisisdesk.domain.inhibition import QUIETING_KINDS, read_rules
from crisisdesk.domain.policy_version import PolicyVersion, current
from crisisdesk.domain.rota import Rota
from crisisdesk.domain.silence import Silence
from crisisdesk.engine.channels_at_hand import ChannelsAtHand
from crisisdesk.engine.ports import Journal
from crisisdesk.engine.related import Related

log = logging.getLogger(__name__)


class AtHand:
    """The present state of each; used by one workbench."""

    def __init__(self, journal: Journal) -> None:
        self._contacts = {c.contact_id: c for c in journal.contacts()}
        self._silences = {s.silence_id: s for s in journal.silences()}
        self._policies = {v.version_id: v for v in journal.policies()}
        self._rota: Rota | None = None
        self._rules: list[CorrelationRule] | None = None
        self._needs: frozenset[str] | None = None
        self._services: services.Services | None = None
        self.related = Related(journal)
        self.channels = ChannelsAtHand(journal)
        self._journal = journal
        self._causes: Causes | None = None
        self._other_rules = False

    def keep(self, aggregate: str, state: State | None) -> None:
        """Its state is this one now; None: there is no such thing yet."""
        self.channels.keep(aggregate, state)
        if isinstance(state, Alert):
            self.related.note(aggregate, state)
            if self._causes is not None:
                self._causes.keep(state)
        elif isinstance(state, Candidate):
            self.related.keep(aggregate, state)
        elif isinstance(state, Contact):
            self._contacts[aggregate] = state
            self._needs = None
        elif isinstance(state, Silence):
            self._silences[aggregate] = state
        elif isinstance(state, PolicyVersion):
            self._policies[aggregate] = state
            self._published(state)
        elif state is None:
            self._forget(aggregate)

    def _forget(self, aggregate: str) -> None:
        if self._contacts.pop(aggregate, None) is not None:
            self._needs = None
        self._silences.pop(aggregate, None)
        if (gone := self._policies.pop(aggregate, None)) is not None:
            self._published(gone)
        if self._causes is not None:
            self._causes.forget(aggregate)
        if aggregate.startswith("A-"):
            self.related.note(aggregate, None)
        elif aggregate.startswith("CAN-"):
            self.related.keep(aggregate, None)

    def _published(self, version: PolicyVersion) -> None:
        """Something was published, or taken back: read anew what it counts for."""
        self._rota = self._rules = self._needs = None
        if version.content.get("kind") in services.KINDS:
            self._services = None
        if version.content.get("kind") in QUIETING_KINDS:
            self._causes, self._other_rules = None, True

    def contacts(self) -> list[Contact]:
        """Every contact that can be reached, in the order of their names."""
        return sorted(
            (c for c in self._contacts.values() if not c.removed),
            key=lambda c: (c.name, c.contact_id),
        )

    def silences(self, now_ms: int) -> list[Silence]:
        """The silences that keep quiet now."""
        # Those that are over would be asked about each alert for as long as the engine runs.
        for silence_id in [s.silence_id for s in self._silences.values() if s.until <= now_ms]:
            del self._silences[silence_id]
        return [s for s in self._silences.values() if s.silences(now_ms)]

    def policies(self) -> list[PolicyVersion]:
        """Every policy, schedule and override that was not withdrawn."""
        return [v for v in self._policies.values() if v.withdrawn_at is None]

    def causes(self, touched: Mapping[str, tuple[State, int]]) -> Causes:
        """The open alerts that keep others quiet; ``touched`` are the states of this group.

        They are read when they are asked for first, and when other rules count than before.
        """
        if self._causes is None:
            versions = current(self.policies())
            rules, problems = read_rules(
                (str(v.content.get("kind", "")), v.name, v.content) for v in versions
            )
            for problem in problems:
                log.error("%s", problem)
            self._causes = Causes(rules, self._journal.open_alerts() if rules else ())
            for state, _index in touched.values() if rules else ():
                if isinstance(state, Alert):
                    self._causes.keep(state)
            if self._other_rules:
                quieting = [name for name in self._journal.quieting() if name.startswith("A-")]
                self._causes.fallen.update(dict.fromkeys(quieting))
                self._other_rules = False
        return self._causes

    def rota(self) -> Rota:
        """The same, read and ready to be asked."""
        if self._rota is None:
            self._rota = Rota(self.policies())
            for problem in self._rota.problems:
                log.error("%s", problem)
        return self._rota

    def rules(self) -> list[CorrelationRule]:
        """Which alerts belong together, by what is published and what is built in."""
        if self._rules is None:
            self._rules, problems = active_rules(self.policies())
            for problem in problems:
                log.error("%s", problem)
        return self._rules

    def services(self) -> services.Services:
        """What is published about services, and what needs what."""
        if self._services is None:
            self._services = services.services_in(self.policies())
            for problem in self._services.catalogue.problems:
                log.error("%s", problem)
        return self._services

    def known_needs(self) -> frozenset[str]:
        """Every name that a way to any contact depends on."""
        if self._needs is None:
            self._needs = self.rota().dependencies.of_contacts(self.contacts())
        return self._needs
