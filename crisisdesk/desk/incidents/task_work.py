"""Carries what is pressed and typed about tasks to the engine, and offers to take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crisisdesk.desk.incidents import orders, task_questions
from crisisdesk.desk.incidents.task_rows import phase_now
from crisisdesk.domain.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.api.client import Client
    from crisisdesk.desk.incidents.orderly import Orderly
    from crisisdesk.desk.incidents.page import IncidentPage
    from crisisdesk.desk.room import Desk
    from crisisdesk.domain.task import Task

# The reasons of what the desk takes back by its undo; they stand in the timeline.
TAKEN_BACK = "Taken back at once"


class TaskWork:
    """Orders about the tasks of the incident in view. A task of a part goes by its own incident."""

    def __init__(self, desk: Desk, page: IncidentPage, orderly: Orderly) -> None:
        self._desk, self._page, self._orderly = desk, page, orderly
        page.tasks.list.wanted.connect(self.press_task)
        page.strip.given.connect(self._answered)

    def task(self) -> Task | None:
        """The task the keyboard is on."""
        return self._page.tasks.list.current_task()

    def press(self, key: str) -> None:
        """Do what a key or an action of that name stands for."""
        dossier, task = self._page.dossier, self.task()
        if dossier is None:
            return
        if key == "add":
            phase = task.phase if task is not None else phase_now(dossier.tasks)
            self._page.ask(task_questions.add_question(phase))
        elif key == "list":
            self._page.tasks.list.begin()
        elif task is None:
            return
        elif key == "toggle":
            self.press_task(task.task_id)
        elif key == "start":
            self._start(task)
        elif key == "assign":
            self._page.ask(task_questions.assign_question(task, self._desk.operator()))
        elif key == "due":
            self._page.ask(task_questions.due_question(task))
        elif key == "drop":
            self._page.ask(task_questions.drop_question(task))

    def press_task(self, task_id: str) -> None:
        """An open one is done; an ended one is asked back."""
        task = self._find(task_id)
        if task is None:
            return
        if not task.is_open:
            self._page.ask(task_questions.reopen_question(task))
            return
        call = orders.task_call(task, "finish_task")
        undo = orders.task_call(task, "reopen_task", TAKEN_BACK)
        self._send(f"say that “{task.title}” is done", call, (f"Done: {task.title}", undo))

    def _start(self, task: Task) -> None:
        self._send(f"begin “{task.title}”", orders.task_call(task, "start_task"))

    def _find(self, task_id: str) -> Task | None:
        dossier = self._page.dossier
        tasks = () if dossier is None else dossier.tasks
        return next((task for task in tasks if task.task_id == task_id), None)

    # -- the strip ------------------------------------------------------------------------

    def _answered(self, key: str, values: dict[str, str]) -> None:
        what, _, about = key.removeprefix(task_questions.PREFIX).partition(" ")
        if not key.startswith(task_questions.PREFIX):
            return
        try:
            if what == "add":
                self._add(about, values)
            elif (task := self._find(about)) is not None:
                self._change(what, task, values)
            else:
                self._page.strip.refuse("Not saved: this task is not here any more.")
        except Malformed as error:
            self._page.strip.refuse(f"Not saved: {error.field} {error.problem}; {error.remedy}.")

    def _add(self, phase: str, values: dict[str, str]) -> None:
        title, fields = task_questions.new_task(phase, values, self._desk.now_ms())
        incident_id = self._orderly.incident_id()

        def done(answer: dict[str, Any]) -> None:
            made = str(answer["task_id"])
            undo = orders.drop_task(incident_id, made, TAKEN_BACK)
            words = f"take “{title}” back"
            self._desk.offer_undo(f"Written down: {title}", lambda: self._send(words, undo))

        call = orders.add_task(incident_id, title, fields)
        self._orderly.send(f"write down “{title}”", call, strip=True, then=done)

    def _change(self, what: str, task: Task, values: dict[str, str]) -> None:
        title = task.title
        if what == "assign":
            owner = values["owner"].strip()
            call = orders.edit_task(task, owner=owner)
            undo = orders.edit_task(task, owner=task.owner)
            said = f"{owner} has it: {title}" if owner else f"Nobody has it: {title}"
            self._send(f"give “{title}” to {owner or 'nobody'}", call, (said, undo), strip=True)
        elif what == "due":
            due_at = task_questions.due_ms(values["due"], self._desk.now_ms())
            if due_at is None:
                raise Malformed("due", "is empty", "write 20m, 4h or 3d")
            call = orders.edit_task(task, due_at=due_at)
            self._send(f"move the due time of “{title}”", call, strip=True)
        else:
            reason = values["reason"].strip()
            if not reason:
                raise Malformed("reason", "is empty", "write why; it stands in the timeline")
            if what == "drop":
                call = orders.drop_task(task.incident_id, task.task_id, reason)
                undo = orders.task_call(task, "reopen_task", TAKEN_BACK)
                self._send(f"drop “{title}”", call, (f"Dropped: {title}", undo), strip=True)
            else:
                call = orders.task_call(task, "reopen_task", reason)
                self._send(f"bring “{title}” back", call, strip=True)

    def _send(
        self,
        words: str,
        call: Callable[[Client], Any],
        undo: tuple[str, Callable[[Client], Any]] | None = None,
        *,
        strip: bool = False,
    ) -> None:
        """Give an order; ``undo`` is what to say when it is kept, and what takes it back."""

        def done(_answer: Any) -> None:
            if undo is not None:
                said, back = undo
                self._desk.offer_undo(said, lambda: self._send(f"take back: {said}", back))

        self._orderly.send(words, call, strip=strip, then=done)
