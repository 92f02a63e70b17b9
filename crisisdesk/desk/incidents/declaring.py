"""Declaring: opens the form, says what plans there are, and carries what was filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crisisdesk.desk.incidents import orders
from crisisdesk.desk.incidents.plan_words import PlanChoice, read_plans

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.incidents.declare import Declaration, DeclareForm
    from crisisdesk.desk.room import Desk, Refusal


class Declaring:
    """``declared`` takes the id of what was declared. ``plans`` are those known, by type."""

    def __init__(self, desk: Desk, form: DeclareForm, declared: Callable[[str], None]) -> None:
        self._desk, self._form, self._declared = desk, form, declared
        self.plans: dict[str, PlanChoice] = {}
        form.declared.connect(self._declare)

    def begin(self) -> None:
        """Give the form the keyboard, and read the plans as they are now."""
        self._form.begin(self._desk.operator())
        self.learn()

    def learn(self) -> None:
        """Read which plans there are."""
        self._desk.ask(read_plans, self._take)

    def _take(self, plans: list[PlanChoice]) -> None:
        self.plans = {plan.name: plan for plan in plans}
        self._form.show_plans(plans)

    def _declare(self, declaration: Declaration) -> None:
        def done(answer: dict[str, Any]) -> None:
            self._form.settle()
            self._declared(str(answer["incident_id"]))

        def refused(refusal: Refusal) -> None:
            self._form.refuse(orders.refusal_words(refusal))

        words = f"declare “{declaration.title}”"
        self._desk.command(words, orders.declare(declaration), done, refused)
