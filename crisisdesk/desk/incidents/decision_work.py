"""Carries what is pressed and typed about decisions to the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crisisdesk.desk.incidents import decision_questions as asking
from crisisdesk.desk.incidents import seat_orders
from crisisdesk.desk.incidents.task_work import TAKEN_BACK
from crisisdesk.domain.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.api.client import Client
    from crisisdesk.desk.incidents.orderly import Orderly
    from crisisdesk.desk.incidents.page import IncidentPage
    from crisisdesk.desk.room import Desk
    from crisisdesk.domain.decision import Decision

# What the form asks; the strip asks the rest.
_IN_FORM = frozenset({"log", "change", "look", "object", "answer"})


class DecisionWork:
    """Orders about the decisions of the incident in view; one of a part goes by its incident."""

    def __init__(self, desk: Desk, page: IncidentPage, orderly: Orderly) -> None:
        self._desk, self._page, self._orderly = desk, page, orderly
        page.decisions.list.entered.connect(lambda: self.press("change"))
        page.decisions.list.looked.connect(lambda: self.press("look"))
        page.strip.given.connect(self._answered)
        page.form.given.connect(self._answered)

    def decision(self) -> Decision | None:
        """The decision the keyboard is on."""
        return self._page.decisions.list.current_decision()

    def press(self, key: str) -> None:
        """Do what a key or an action of that name stands for."""
        page, operator = self._page, self._desk.operator()
        if key == "list":
            page.decisions.list.begin()
            return
        if page.dossier is None or not page.takes_orders():
            return
        decision = page.decisions.list.selected()
        if key == "log":
            page.ask_more(asking.log_question(operator))
        elif decision is not None:
            self._ask_about(decision, key, operator)

    def _ask_about(self, decision: Decision, key: str, operator: str) -> None:
        page = self._page
        if key == "change" or not decision.stands:
            page.ask_more(asking.change_question(decision))
        elif key == "look":
            page.ask_more(asking.look_question(decision))
        elif key == "object":
            page.ask_more(asking.object_question(decision, operator))
        elif key == "answer" and decision.unanswered:
            page.ask_more(asking.answer_question(decision))
        elif key == "when":
            page.ask(asking.when_question(decision))
        elif key == "revert":
            page.ask(asking.revert_question(decision))

    # -- what was answered ----------------------------------------------------------------

    def _answered(self, key: str, values: dict[str, str]) -> None:
        what, _, about = key.removeprefix(asking.PREFIX).partition(" ")
        if not key.startswith(asking.PREFIX):
            return
        decision = self._find(about)
        try:
            if what == "log":
                self._log(values)
            elif decision is not None:
                self._tell(what, decision, values)
            else:
                raise Malformed("decision_id", "is not here any more", "look at the list")
        except Malformed as error:
            asker = self._page.form if what in _IN_FORM else self._page.strip
            asker.refuse(f"Not saved: {error.problem}; {error.remedy}.", error.field)

    def _find(self, decision_id: str) -> Decision | None:
        dossier = self._page.dossier
        known = () if dossier is None else dossier.decisions
        return next((one for one in known if one.decision_id == decision_id), None)

    def _log(self, values: dict[str, str]) -> None:
        title, fields = asking.new_decision(values, self._desk.now_ms())
        incident_id = self._orderly.incident_id()

        def done(answer: dict[str, Any]) -> None:
            made = str(answer["decision_id"])

            def back(client: Client) -> Any:
                return client.revert_decision(incident_id, made, TAKEN_BACK)

            words = f"take “{title}” back"
            self._desk.offer_undo(f"Written down: {title}", lambda: self._orderly.send(words, back))

        call = seat_orders.log_decision(incident_id, title, fields)
        self._orderly.send(f"write down “{title}”", call, form=True, then=done)

    def _tell(self, what: str, decision: Decision, values: dict[str, str]) -> None:
        if what == "change":
            changes = asking.changes_of(decision, values)
            if not changes:
                self._page.form.settle()
                return
            call, words = seat_orders.edit_decision(decision, changes), "change"
        elif what == "look":
            call, words = self._look(decision, values)
        elif what == "object":
            text = _said(values, "text", "write what stands against it")
            by, answer = values["by"].strip(), values["answer"].strip()
            call, words = seat_orders.object_to(decision, text, by, answer), "object to"
        elif what == "answer":
            said = _said(values, "answer", "write what is said to it")
            call = seat_orders.answer_objection(decision, values["objection"], said)
            words = "answer an objection to"
        elif what == "when":
            check_at = asking.check_ms(values["check"], self._desk.now_ms())
            call = seat_orders.edit_decision(decision, {"check_at": check_at})
            words = "move the check-back of"
        else:
            reason = _said(values, "reason", "write why; it stands in the timeline")
            call, words = seat_orders.revert_decision(decision, reason), "take back"
        in_form = what in _IN_FORM
        self._orderly.send(f"{words} “{decision.title}”", call, strip=not in_form, form=in_form)

    def _look(
        self, decision: Decision, values: dict[str, str]
    ) -> tuple[Callable[[Client], Any], str]:
        result = values["result"].strip()
        if values["verdict"] == asking.REVERT:
            reason = _said(values, "result", "write why it is taken back")
            return seat_orders.revert_decision(decision, reason), "take back"
        fields: dict[str, Any] = {"result": result} if result else {}
        check_at = asking.check_ms(values["check"], self._desk.now_ms())
        fields |= {} if check_at is None else {"check_at": check_at}
        return seat_orders.check_decision(decision, fields), "say that somebody looked at"


def _said(values: dict[str, str], field: str, remedy: str) -> str:
    text = values[field].strip()
    if not text:
        raise Malformed(field, "nothing is written", remedy)
    return text
