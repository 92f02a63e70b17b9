"""The orders of the page: overrides published and taken back, each with its way back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.oncall.drafts import Draft, Order, again, order_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crisisdesk.api.client import Client
    from crisisdesk.desk.planning.oncall.reading import Published
    from crisisdesk.desk.room import Desk, Refusal
    from crisisdesk.domain.oncall.schedule import Override


def refusal_words(refusal: Refusal) -> str:
    """What was wrong and what to do."""
    return f"{refusal.words}; {refusal.remedy}." if refusal.remedy else f"{refusal.words}."


class Orders:
    """Sends what the page wants published. ``refused`` of each order carries field and words."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def stamp(self) -> str:
        """The time of day, UTC, that sets two orders with the same content apart."""
        return f"{datetime.fromtimestamp(self._desk.now_ms() / 1000, UTC):%H:%M:%S}"

    def add(
        self,
        draft: Draft,
        schedule: str,
        published: Published,
        given_at: str,
        done: Callable[[], None],
        refused: Callable[[str, str], None],
    ) -> None:
        """Publish a draft; checked here first. ``given_at`` is the same for each try of one draft,
        so that a second try after a doubtful first one publishes nothing twice."""
        zone = published.rota.schedules[schedule].zone
        who = published.name_of(draft.contact) if draft.contact else ""
        try:
            order = order_of(draft, schedule, zone, who, given_at)
        except Malformed as error:
            refused(error.field, f"{error.problem}; {error.remedy}.")
            return

        def added(made: dict[str, Any]) -> None:
            done()
            version_id = str(made["version_id"])
            self._desk.offer_undo(f"{who} steps in for {schedule}", lambda: self._undo(version_id))

        self._desk.command(
            f"the override of {schedule}",
            lambda client: client.publish_policy(order.name, order.content),
            added,
            lambda refusal: refused(refusal.field, refusal_words(refusal)),
        )

    def _undo(self, version_id: str) -> None:
        self._desk.command(
            "take the override back", lambda client: client.withdraw_policy(version_id)
        )

    def take_back(self, override: Override, published: Published) -> None:
        """Withdraw an override; undone, it is published again as it was."""
        version = published.version_of(override)
        who = published.name_of(override.contact)
        if version is None:
            self._desk.say("Taken back already", f"The override of {who} counts no more.")
            return
        restored = again(override, who, self.stamp())

        def done(_: object) -> None:
            self._desk.offer_undo(
                f"Override of {override.schedule} by {who} taken back",
                lambda: self._publish("the override once more", restored),
            )

        self._desk.command(
            f"take the override of {who} back",
            lambda client: client.withdraw_policy(version.version_id),
            done,
        )

    def _publish(self, words: str, order: Order) -> None:
        self._desk.command(words, lambda client: client.publish_policy(order.name, order.content))

    def take_in(
        self,
        wanted: Sequence[Order],
        done: Callable[[int], None],
        refused: Callable[[str, str], None],
    ) -> None:
        """Publish the overrides of a file, one after the other; ``done`` carries how many.

        What is refused in their midst says how many were published before it; a second try
        publishes none of these twice.
        """
        published: list[str] = []

        def publish(client: Client) -> int:
            for order in wanted:
                made = client.publish_policy(order.name, order.content)
                published.append(str(made["version_id"]))
            return len(published)

        def broken_off(refusal: Refusal) -> None:
            before = f"{len(published)} of {len(wanted)} were published. " if published else ""
            refused(refusal.field, before + refusal_words(refusal))

        self._desk.command("the overrides of the file", publish, done, broken_off)
