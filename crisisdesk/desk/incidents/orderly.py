"""Carries what is typed and pressed on the page to the engine, and the answers back to the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from crisisdesk.desk.incidents import orders, questions
from crisisdesk.desk.incidents.draft import Draft, Entry
from crisisdesk.desk.incidents.plan_words import PlanChoice, read_plans
from crisisdesk.desk.incidents.strip import Question
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.incident import Incident, IncidentStatus
from crisisdesk.domain.timeline_words import FIELD_WORDS

if TYPE_CHECKING:
    from crisisdesk.api.client import Client
    from crisisdesk.desk.incidents.page import IncidentPage, Unsaved
    from crisisdesk.desk.room import Desk, Refusal
    from crisisdesk.domain.timeline import TimelineEntry

_QUESTIONS: dict[str, Callable[[Incident], Question]] = {
    "reopen": questions.reopen_question,
    "severity": questions.severity_question,
}
# The questions of the strip that are answered here; others have their own who asked them.
_OWN = frozenset({"resolve", "category", *_QUESTIONS})


class Orderly:
    """Knows for which incident an order was given, so that an answer that comes after the operator
    went on to another neither closes nor refuses what stands there now."""

    def __init__(self, desk: Desk, page: IncidentPage, unsaved: dict[str, Unsaved]) -> None:
        self._desk, self._page, self._unsaved = desk, page, unsaved
        page.head.pressed.connect(self.press)
        page.ladder.asked.connect(self.climb)
        page.ladder.left.connect(page.timeline.view.setFocus)
        page.figures.typed.connect(self.save_field)
        page.figures.wanted.connect(self.press)
        page.team.typed.connect(self.save_field)
        page.facts.typed.connect(self.save_field)
        page.facts.wanted.connect(self.press)
        page.strip.given.connect(self._answered)
        page.timeline.composer.posted.connect(self.post)

    def incident_id(self) -> str:
        """The incident that orders are about; "" for none."""
        dossier = self._page.dossier
        return dossier.incident.incident_id if dossier is not None else ""

    # -- keys and buttons -----------------------------------------------------------------

    def press(self, key: str) -> None:
        """Do what a button, a figure or a key of that name stands for."""
        page, dossier = self._page, self._page.dossier
        if dossier is None:
            return
        incident = dossier.incident
        if key == "category":
            self._ask_kind(incident)
        elif key in _QUESTIONS:
            if key != "reopen" or not incident.is_open:
                page.ask(_QUESTIONS[key](incident))
        elif key in ("post", "note"):
            page.timeline.composer.write(public=key == "post")
        elif key == "status":
            page.ladder.begin()
        elif key in ("alerts", "response"):
            (page.alerts if key == "alerts" else page.timeline.view).setFocus()
        elif key in page.editors():
            page.editors()[key].begin()

    def _ask_kind(self, incident: Incident) -> None:
        """What kind of trouble it is; which types of crisis there are is read first."""

        def answer(plans: list[PlanChoice]) -> None:
            if self.incident_id() == incident.incident_id:
                self._page.ask(questions.category_question(incident, plans))

        self._desk.ask(read_plans, answer)

    def climb(self, status: str) -> None:
        """Move up the ladder; resolving asks what ended it."""
        dossier = self._page.dossier
        if dossier is None:
            return
        if status == IncidentStatus.RESOLVED:
            self._page.ask(questions.resolve_question(dossier.incident))
            return
        incident_id = dossier.incident.incident_id
        self.send(f"move {incident_id} to {status}", orders.climb(incident_id, status))

    # -- fields ---------------------------------------------------------------------------

    def save_field(self, field: str, text: str) -> None:
        """Keep what was typed into a field where it stands."""
        page = self._page
        if page.dossier is None:
            return
        editor, incident = page.editors()[field], page.dossier.incident
        try:
            value = orders.typed_value(field, text)
        except Malformed as error:
            editor.refuse(f"Not saved: {error.problem}; {error.remedy}.")
            return
        if not orders.is_news(incident, field, value):
            editor.settle()
            return
        incident_id = incident.incident_id

        def done(_answer: Any) -> None:
            self._drop_text(incident_id, field)
            if self.incident_id() == incident_id:
                editor.settle()

        def refused(refusal: Refusal) -> None:
            if self.incident_id() == incident_id and editor.is_editing():
                editor.refuse(orders.refusal_words(refusal))
            else:
                self._say_later(words, refusal)

        word = FIELD_WORDS.get(field, field.replace("_", " ")).lower()
        words = f"change {word} of {incident_id}"
        call = orders.edit_field(incident_id, field, value)
        self._desk.command(words, call, done, refused)

    def _drop_text(self, incident_id: str, field: str) -> None:
        kept = self._unsaved.get(incident_id)
        if kept is not None:
            kept.texts.pop(field, None)

    # -- the strip ------------------------------------------------------------------------

    def _answered(self, key: str, values: dict[str, str]) -> None:
        incident_id = self.incident_id()
        if not incident_id or key not in _OWN:
            return
        if key == "resolve":
            call = orders.climb(incident_id, IncidentStatus.RESOLVED, values["summary"])
            words = f"resolve {incident_id}"
        elif key == "reopen":
            call, words = orders.reopen(incident_id, values["reason"]), f"reopen {incident_id}"
        else:
            changes = self._changes(values)
            if not changes:
                self._page.strip.dismiss()
                return
            call, words = orders.edit_fields(incident_id, changes), f"change {key} of {incident_id}"
        self.send(words, call, strip=True)

    def _changes(self, values: dict[str, str]) -> dict[str, str]:
        dossier = self._page.dossier
        return values if dossier is None else orders.changed(dossier.incident, values)

    def send(
        self,
        words: str,
        call: Callable[[Client], Any],
        *,
        strip: bool = False,
        form: bool = False,
        then: Callable[[Any], None] | None = None,
    ) -> None:
        """Give an order about the incident in view; with ``strip`` or ``form`` it is the answer to
        what is asked there.

        ``then`` takes the engine's answer.
        """
        incident_id, page = self.incident_id(), self._page
        asker = page.strip if strip else page.form if form else None
        question = None if asker is None else asker.question

        def is_asked() -> bool:
            return self.incident_id() == incident_id and asker is not None and (
                asker.question == question
            )  # fmt: skip

        def done(answer: Any) -> None:
            if incident_id in self._unsaved:
                self._unsaved[incident_id].kept(question)
            if self.incident_id() == incident_id:
                if question is not None:
                    page.form.drafts.pop(question.key, None)
                if asker is not None and is_asked():
                    asker.settle()
            if then is not None:
                then(answer)

        def refused(refusal: Refusal) -> None:
            if asker is not None and is_asked():
                asker.refuse(orders.refusal_words(refusal), refusal.field)
            else:
                self._say_later(words, refusal)

        self._desk.command(words, call, done, refused)

    def _say_later(self, words: str, refusal: Refusal) -> None:
        self._desk.say(f"Not saved: {words}", orders.refusal_words(refusal), icon="circle-alert")

    # -- the timeline ---------------------------------------------------------------------

    def post(self, entry: Entry) -> None:
        """Write an entry, or save the edit of one."""
        incident_id, composer = self.incident_id(), self._page.timeline.composer

        def done(_answer: Any) -> None:
            if self.incident_id() == incident_id:
                composer.settle()
            elif incident_id in self._unsaved:
                self._unsaved[incident_id].composer = None

        def refused(refusal: Refusal) -> None:
            if self.incident_id() == incident_id:
                composer.refuse(orders.refusal_words(refusal))
            else:
                self._say_later(words, refusal)

        words = f"write on the timeline of {incident_id}"
        self._desk.command(words, orders.write_entry(incident_id, entry), done, refused)

    def entry(self) -> TimelineEntry | None:
        """The selected entry when a person wrote it and it still stands."""
        entry = self._page.timeline.view.current_entry()
        if entry is None or not entry.update_id or entry.told.withdrawn:
            return None
        return entry

    def edit_entry(self) -> None:
        """Bring the selected entry into the composer."""
        entry, dossier = self.entry(), self._page.dossier
        if entry is None or dossier is None:
            return
        update = dossier.updates[entry.update_id]
        self._page.timeline.composer.edit(
            Draft(
                text=f"{update.title}\n{update.description}".strip(),
                update_type=update.update_type,
                is_public=update.is_public,
                is_pinned=update.is_pinned,
                update_id=update.update_id,
            )
        )

    def flag_entry(self, flag: str, value: bool) -> None:
        """Pin, publish or withdraw the selected entry, or take that back."""
        entry = self.entry()
        if entry is not None:
            incident_id = self.incident_id()
            call = orders.flag_entry(incident_id, entry.update_id, **{flag: value})
            self.send(f"change an entry of {incident_id}", call)
