"""Puts a message of the response plan into the composer, to be completed before it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.incidents.choice import Option
from crisisdesk.desk.incidents.draft import Draft
from crisisdesk.desk.incidents.strip import Asked, Question
from crisisdesk.desk.room import Action
from crisisdesk.domain.playbook.messages import messages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.desk.incidents.orderly import Orderly
    from crisisdesk.desk.incidents.page import IncidentPage
    from crisisdesk.desk.room import Desk
    from crisisdesk.domain.incident import Incident
    from crisisdesk.domain.playbook.content import Playbook, Template

QUESTION = "message"
NONE_READY = "The response plan has no messages ready, or the incident follows none."
_NAME = 40


def which_question(ready: Sequence[Template]) -> Question:
    """Which of several messages."""
    options = tuple(Option(str(i), _short(one)) for i, one in enumerate(ready))
    return Question(
        key=QUESTION,
        title="Message of the plan",
        verb="Put it into the note",
        asked=(Asked(field="which", word="Message", value="0", options=options),),
    )


def _short(one: Template) -> str:
    words = f"{one.name} ({one.audience})"
    return words if len(words) <= _NAME else f"{words[: _NAME - 1].rstrip()}…"


def draft_of(one: Template) -> Draft:
    """An update that begins with the message's name."""
    text = f"{one.name}\n{one.text}"
    return Draft(text=text, update_type="communication", is_public=one.audience == "customers")


class MessageWork:
    """Reads the plan when it is asked for; what stands in the composer is never overwritten."""

    def __init__(self, desk: Desk, page: IncidentPage, orderly: Orderly) -> None:
        self._desk, self._page, self._orderly = desk, page, orderly
        self._ready: tuple[Template, ...] = ()
        page.strip.given.connect(self._answered)

    def ask(self) -> None:
        """Ask which message, or take the only one."""
        dossier = self._page.dossier
        if dossier is None:
            return
        incident = dossier.incident

        def answer(plan: Playbook | None) -> None:
            if self._orderly.incident_id() != incident.incident_id:
                return
            self._ready = () if plan is None else messages(plan, incident, self._desk.now_ms())
            if len(self._ready) == 1:
                self._write(self._ready[0])
            elif self._ready:
                self._page.ask(which_question(self._ready))
            else:
                self._desk.say("No message", NONE_READY)

        self._desk.ask(lambda reader: reader.followed_plan(incident), answer)

    def _answered(self, key: str, values: dict[str, str]) -> None:
        if key == QUESTION and self._ready:
            self._page.strip.settle()
            self._write(self._ready[int(values["which"])])

    def _write(self, one: Template) -> None:
        composer = self._page.timeline.composer
        if composer.draft().text.strip():
            composer.write()
            self._desk.say("A note is being written", "Send it, or empty it, and ask again.")
            return
        composer.take_draft(draft_of(one))
        composer.write()


def message_actions(work: MessageWork, incident: Incident, held: str) -> list[Action]:
    """For the incident in view. ``held`` is why nothing can be changed now, "" where it can."""
    return [
        Action(
            key="incident.message", title="Write with a message of the plan", keys="Shift P",
            icon="file-text", run=work.ask, enabled=not held, detail=held,
            group=f"{incident.incident_id}, {incident.title}",
            also=("template", "customers", "announce"),
        ),
    ]  # fmt: skip
