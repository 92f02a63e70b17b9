"""Carries what is pressed and typed about the roles of an incident to the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crisisdesk.desk.incidents import role_questions, seat_orders
from crisisdesk.desk.incidents.role_lines import is_me, role_at_hand, step_of
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.handover_brief import BRIEF_WORDS, draft_brief
from crisisdesk.domain.roles import role_word

if TYPE_CHECKING:
    from crisisdesk.desk.incidents.dossier import Dossier
    from crisisdesk.desk.incidents.orderly import Orderly
    from crisisdesk.desk.incidents.page import IncidentPage
    from crisisdesk.desk.room import Desk
    from crisisdesk.domain.incident import Incident

_NAMES = 4


class RoleWork:
    """Orders about the roles of the incident in view."""

    def __init__(self, desk: Desk, page: IncidentPage, orderly: Orderly) -> None:
        self._desk, self._page, self._orderly = desk, page, orderly
        page.team.list.entered.connect(lambda: self.press("hand"))
        page.head.pressed.connect(lambda key: self.press("hand") if key == "commander" else None)
        page.offers.pressed.connect(self.press_about)
        page.strip.given.connect(self._answered)
        page.form.given.connect(self._answered)

    def selected(self) -> str:
        """The role that the keyboard is on; "" for none."""
        return self._page.team.list.current_role()

    def role(self) -> str:
        """The role that the keys are about."""
        dossier = self._page.dossier
        if dossier is None:
            return ""
        return self.selected() or role_at_hand(dossier.incident, self._desk.operator())

    def press(self, key: str) -> None:
        """Do what a key or an action of that name stands for."""
        if key == "list":
            self._page.team.list.begin()
        else:
            self.press_about(key, self.role())

    def press_about(self, key: str, role: str) -> None:
        """The same about one role."""
        dossier, operator = self._page.dossier, self._desk.operator()
        if dossier is None or not role or not self._page.takes_orders():
            return
        incident = dossier.incident
        if key == "fill":
            self._page.ask(role_questions.fill_question(incident, dossier.planned, role, operator))
        elif key == "leave" and incident.holders(role):
            self._page.ask(role_questions.leave_question(incident, role, operator))
        elif key == "withdraw" and incident.offer_of(role) is not None:
            words = f"take the offer of {role_word(role).lower()} back"
            self._orderly.send(words, seat_orders.withdraw(incident.incident_id, role))
        elif key == "hand":
            self._hand(dossier, role, operator)

    def _hand(self, dossier: Dossier, role: str, operator: str) -> None:
        incident, step = dossier.incident, step_of(dossier.incident, role, operator)
        if step == "answer":
            self._page.ask_more(role_questions.answer_question(incident, role))
        elif step in ("hand", "offered"):
            brief = draft_brief(
                incident, dossier.tasks, dossier.decisions, dossier.updates.values()
            )
            names = [n for n in dossier.known if not is_me(n, operator)][:_NAMES]
            self._page.ask_more(role_questions.offer_question(incident, role, brief, names))
        else:
            self.press_about("fill", role)

    # -- what was answered ----------------------------------------------------------------

    def _answered(self, key: str, values: dict[str, str]) -> None:
        what, _, about = key.removeprefix(role_questions.PREFIX).partition(" ")
        dossier = self._page.dossier
        if not key.startswith(role_questions.PREFIX) or dossier is None:
            return
        incident, role = dossier.incident, about.partition(" ")[0]
        if what == "offer":
            self._offer(incident, role, values)
        elif what == "answer":
            offer = incident.offer_of(role)
            if offer is None or offer["offer"] != about.partition(" ")[2]:
                words = "Not sent: this offer is over; leave, and look who has the role now."
                self._page.form.refuse(words)
            else:
                self._answer(incident, role, values)
        else:
            self._sit(incident, what, role, values)

    def _sit(self, incident: Incident, what: str, role: str, values: dict[str, str]) -> None:
        who, reason = values.get("who", "").strip(), values["reason"].strip()
        incident_id = incident.incident_id
        if what == "fill":
            role = values["role"]
            words = f"put {who or 'you'} into {role_word(role).lower()}"
            call = seat_orders.assume(incident_id, role, who, reason)
        else:
            who = who or incident.holders(role)[0]
            words = f"let {who} give up {role_word(role).lower()}"
            call = seat_orders.renounce(incident_id, role, who, reason)
        self._orderly.send(words, call, strip=True)

    def _offer(self, incident: Incident, role: str, values: dict[str, str]) -> None:
        to, form = values["to"].strip(), self._page.form
        try:
            within = role_questions.within_s(values["within"])
        except Malformed as error:
            form.refuse(f"Not offered: {error.problem}; {error.remedy}.", error.field)
            return
        if not to:
            form.refuse("Not offered: nobody is named; write who is asked.", "to")
            return
        brief = {name: values[name].strip() for name in BRIEF_WORDS}
        if not brief["known"]:
            form.refuse("Not offered: nothing is told; write what is known.", "known")
            return
        word = role_word(role).lower()

        def done(_answer: Any) -> None:
            self._desk.say(f"Offered to {to}: {word}", "It stays yours until they accept.")

        call = seat_orders.offer(incident.incident_id, role, to, brief, within)
        self._orderly.send(f"offer {word} to {to}", call, form=True, then=done)

    def _answer(self, incident: Incident, role: str, values: dict[str, str]) -> None:
        said, word = values["said"].strip(), role_word(role).lower()
        accepts = values["answer"] == role_questions.ACCEPT
        if not said:
            told = "read back what you have understood" if accepts else "write why"
            self._page.form.refuse(f"Not sent: nothing is written; {told}.", "said")
            return
        if accepts:
            call, words = seat_orders.accept(incident.incident_id, role, said), f"take {word} over"
        else:
            call, words = seat_orders.decline(incident.incident_id, role, said), f"decline {word}"
        self._orderly.send(words, call, form=True)
