"""The orders of the Recovery room as calls of the engine's door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.api.client import Client
    from crisisdesk.desk.recovery_room.offers import Offer
    from crisisdesk.desk.recovery_room.start_words import Start
    from crisisdesk.domain.checklist import Run

Json = dict[str, Any]


class Answered(NamedTuple):
    """What was said to an `offers.Ask`: the choice ("" without any) and the words."""

    choice: str = ""
    words: str = ""


def order(run: Run, step_id: str, offer: Offer, said: Answered) -> Callable[[Client], Json]:
    """The call for an offer; ``step_id`` says nothing for one that is about the whole run."""
    run_id = run.run_id
    if offer.of_run:
        more: Json = {"why": said.words} if offer.do != "take" else {}
        if offer.do == "end":
            more["verdict"] = said.choice
        return lambda client: client.do_run(run_id, offer.do, **more)
    do, told = _step_order(run, step_id, offer.do, said)
    return lambda client: client.do_step(run_id, step_id, do, **told)


def _step_order(run: Run, step_id: str, do: str, said: Answered) -> tuple[str, Json]:
    if do == "unclaimed":
        return "start", {"unclaimed": True}
    if do == "approve":
        # The hash of the run as it was read: another one is refused.
        return do, {"binding": run.binding}
    if do == "settle":
        attempts = run.attempts.get(step_id, [])
        name = next(
            (a["id"] for a in attempts if "settled" not in a and a["state"] == "unknown"),
            attempts[-1]["id"] if attempts else "",
        )
        return do, {"attempt": name, "outcome": said.choice, "note": said.words}
    if do == "answer":
        return do, {"answer": said.choice, "note": said.words}
    if do == "done":
        return do, {"note": said.words}
    if do in ("failed", "refuse", "break_glass"):
        return do, {"why": said.words}
    return do, {}


def start(order: Start) -> Callable[[Client], Json]:
    """Begin a run of the version that was read."""
    return lambda client: client.start_run(
        order.procedure, order.arguments, order.incident_id, order.version_id
    )


def look_ahead(order: Start) -> Callable[[Client], Json]:
    """What a run would do; nothing is done."""
    return lambda client: client.dry_run(order.procedure, order.arguments)


def confirm(run_id: str, step_ids: list[str]) -> Callable[[Client], Json]:
    """Mark prerequisites as done, one after the other; the run."""

    def call(client: Client) -> Json:
        told: Json = {}
        for step_id in step_ids:
            told = client.do_step(run_id, step_id, "done")
        return told

    return call
