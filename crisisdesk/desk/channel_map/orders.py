"""What the channel map orders: something is out, it is there again; each with its way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.channel_map.outage_form import Wanted
    from crisisdesk.desk.room import Desk, Refusal
    from crisisdesk.domain.outages import TakenOut


def refusal_words(refusal: Refusal) -> str:
    """What was wrong and what to do."""
    return f"{refusal.words}; {refusal.remedy}." if refusal.remedy else f"{refusal.words}."


def fields_of(wanted: Wanted) -> dict[str, Any]:
    """The fields of an order besides name and reason."""
    fields: dict[str, Any] = {"incident_id": wanted.incident_id} if wanted.incident_id else {}
    return fields if wanted.duration_s is None else fields | {"duration_s": wanted.duration_s}


class Orders:
    """Sends what the page wants said."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def take_out(
        self, wanted: Wanted, done: Callable[[], None], refused: Callable[[str, str], None]
    ) -> None:
        """Say that something is out."""
        name = wanted.dependency

        def end() -> None:
            self._desk.command(f"{name} is there again", lambda client: client.end_outage(name))

        def said(_: object) -> None:
            done()
            self._desk.offer_undo(f"{name} counts as out: pages go around it", end)

        self._desk.command(
            f"say that {name} is out",
            lambda client: client.set_outage(name, wanted.reason, **fields_of(wanted)),
            said,
            lambda refusal: refused(refusal.field, refusal_words(refusal)),
        )

    def end(self, taken: TakenOut, now_ms: int) -> None:
        """Say that it is there again; undone, it is out once more as it was."""
        name = taken.dependency
        fields: dict[str, Any] = {"incident_id": taken.incident_id} if taken.incident_id else {}
        if taken.until is not None:
            fields["duration_s"] = max(1, (taken.until - now_ms) // 1_000)
        reason = taken.reason or "taken back"

        def restore() -> None:
            self._desk.command(
                f"say that {name} is out", lambda client: client.set_outage(name, reason, **fields)
            )

        def said(_: object) -> None:
            self._desk.offer_undo(f"{name} counts as there again", restore)

        self._desk.command(
            f"say that {name} is there again", lambda client: client.end_outage(name), said
        )
