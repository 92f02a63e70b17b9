"""Merging, splitting and restricting from the page: what is asked, sent, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crisisdesk.desk.incidents import move_questions, orders
from crisisdesk.desk.incidents.team import split_names
from crisisdesk.domain.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crisisdesk.desk.incidents.orderly import Orderly
    from crisisdesk.desk.incidents.page import IncidentPage
    from crisisdesk.desk.room import Desk
    from crisisdesk.domain.alert import Alert
    from crisisdesk.store.queries import IncidentRow


class MoveWork:
    """Orders that move an incident as a whole. ``rows`` are all incidents that are known."""

    def __init__(
        self,
        desk: Desk,
        page: IncidentPage,
        orderly: Orderly,
        rows: Callable[[], Iterable[IncidentRow]],
    ) -> None:
        self._desk, self._page, self._orderly, self._rows = desk, page, orderly, rows
        page.strip.given.connect(self._answered)

    def chosen(self) -> list[Alert]:
        """The attached alerts that are selected and belong to the incident itself."""
        dossier = self._page.dossier
        own = set() if dossier is None else set(dossier.incident.alerts)
        return [alert for alert in self._page.alerts.chosen() if alert.alert_id in own]

    def press(self, key: str) -> None:
        """Do what a key or an action of that name stands for."""
        dossier = self._page.dossier
        if dossier is None:
            return
        incident, ask = dossier.incident, self._page.ask
        incident_id = incident.incident_id
        if key == "merge":
            others = move_questions.others_of(incident_id, self._rows())
            ask(move_questions.merge_question(incident, others))
        elif key == "unmerge":
            self._orderly.send(f"let {incident_id} stand for itself", orders.unmerge(incident_id))
        elif key == "split" and (alerts := self.chosen()):
            ask(move_questions.split_question(alerts))
        elif key == "restrict":
            ask(move_questions.restrict_question(incident))
        elif key == "unrestrict":
            self._unrestrict(incident_id, incident.readers)

    def _unrestrict(self, incident_id: str, readers: list[str]) -> None:
        back = orders.restrict(incident_id, readers, "Taken back at once")

        def done(_answer: Any) -> None:
            self._undo(f"{incident_id} is shown to all", f"restrict {incident_id} again", back)

        self._orderly.send(f"show {incident_id} to all", orders.unrestrict(incident_id), then=done)

    def _undo(self, said: str, words: str, back: Callable[[Any], Any]) -> None:
        self._desk.offer_undo(said, lambda: self._orderly.send(words, back))

    # -- the strip ------------------------------------------------------------------------

    def _answered(self, key: str, values: dict[str, str]) -> None:
        what, _, about = key.removeprefix(move_questions.PREFIX).partition(" ")
        incident_id = self._orderly.incident_id()
        if not key.startswith(move_questions.PREFIX) or not incident_id:
            return
        reason = values["reason"].strip()
        if what == "merge":
            self._merge(incident_id, values["into"], reason)
        elif what == "split":
            self._split(incident_id, about.split(), values["title"].strip(), reason)
        else:
            readers = split_names(values["readers"])
            call = orders.restrict(incident_id, readers, reason)
            self._orderly.send(f"restrict {incident_id}", call, strip=True)

    def _merge(self, incident_id: str, text: str, reason: str) -> None:
        others = move_questions.others_of(incident_id, self._rows())
        try:
            into = move_questions.find_other(text, others).incident_id
        except Malformed as error:
            self._page.strip.refuse(f"Not saved: {error.problem}; {error.remedy}.")
            return

        def done(_answer: Any) -> None:
            words = f"let {incident_id} stand for itself"
            self._undo(f"{incident_id} is a part of {into}", words, orders.unmerge(incident_id))
            self._desk.show_thing(into)

        call = orders.merge(incident_id, into, reason)
        self._orderly.send(f"merge {incident_id} into {into}", call, strip=True, then=done)

    def _split(self, incident_id: str, alerts: list[str], title: str, reason: str) -> None:
        def done(answer: dict[str, Any]) -> None:
            self._desk.show_thing(str(answer["incident_id"]))

        call = orders.split_off(incident_id, alerts, title, reason)
        self._orderly.send(f"split alerts off {incident_id}", call, strip=True, then=done)
