"""Publishing, removing and switching alert rules, each with its way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crisisdesk.desk.planning.alert_rules.content import whole
from crisisdesk.desk.planning.policies.publishing import Publisher

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.planning.alert_rules.reading import KnownAlertRules
    from crisisdesk.desk.planning.policies.content import Content
    from crisisdesk.desk.room import Desk, Refusal
    from crisisdesk.domain.policy_version import PolicyVersion


class RulePublisher(Publisher):
    """``opened`` is the id of the rule that is open, "" while a new one is."""

    def __init__(
        self,
        desk: Desk,
        known: Callable[[], KnownAlertRules],
        told: Callable[[], None],
        opened: Callable[[], str],
    ) -> None:
        super().__init__(desk, known, told, "rule")
        self._rules, self._opened = known, opened

    def publish(
        self,
        name: str,
        content: Content,
        done: Callable[[str], None],
        refused: Callable[[Refusal], None] | None = None,
        *,
        words: str = "Published",
    ) -> None:
        """Publish it as the next version of the open rule, or as a new one; ``done`` has the
        version's id. The undo publishes what stood before, or removes it."""
        known, rule_id, fields = self._rules(), self._opened(), whole(content)
        before = known.current.get(rule_id)
        gone = next(iter(known.of_name(rule_id)), None) if before is None else None
        again = gone.version_id if gone is not None else ""

        def call(client: Any) -> Any:
            if before is not None:
                return client.change_rule(rule_id, name=name, **fields)
            return client.declare_rule(name, fields, again)

        def made(answer: dict[str, Any]) -> None:
            self._set_busy(False)
            version_id, made_id = str(answer["version_id"]), str(answer["rule_id"])
            if before is None:
                self._desk.offer_undo(
                    f"{words} “{name}”. On undo it is removed.",
                    lambda: self._remove(made_id, name),
                )
            elif before.version_id != version_id:
                self._desk.offer_undo(
                    f"{words} “{name}”. On undo the version before counts again.",
                    lambda: self._change(rule_id, before, f"publish the rule {before.name} again"),
                )
            done(version_id)

        self._send(f"publish the rule {name}", call, made, refused)

    def withdraw(self, version: PolicyVersion, done: Callable[[], None]) -> None:
        """Remove the open rule; the undo brings it back with its history."""
        rule_id = self._opened()

        def made(_: object) -> None:
            self._set_busy(False)
            self._desk.offer_undo(f"Removed “{version.name}”.", lambda: self._back(version))
            done()

        self._send(
            f"remove the rule {version.name}", lambda client: client.remove_rule(rule_id), made
        )

    def switch(self, version: PolicyVersion, *, on: bool, done: Callable[[str], None]) -> None:
        """Switch the open rule on or off; ``done`` has the new version's id."""
        rule_id, word = self._opened(), "on" if on else "off"

        def made(answer: dict[str, Any]) -> None:
            self._set_busy(False)
            ends = "" if on else " Its open alerts end."
            self._desk.offer_undo(
                f"Switched “{version.name}” {word}.{ends}",
                lambda: self._switch_back(rule_id, version.name, on=not on),
            )
            done(str(answer["version_id"]))

        self._send(
            f"switch the rule {version.name} {word}",
            lambda client: client.change_rule(rule_id, is_active=on),
            made,
        )

    # -- ways back ---------------------------------------------------------------------------

    def _remove(self, rule_id: str, name: str) -> None:
        self._send(f"remove the rule {name}", lambda c: c.remove_rule(rule_id), self._sent)

    def _change(self, rule_id: str, to: PolicyVersion, words: str) -> None:
        fields = whole(to.content)
        self._send(words, lambda c: c.change_rule(rule_id, name=to.name, **fields), self._sent)

    def _back(self, version: PolicyVersion) -> None:
        fields, again = whole(version.content), version.version_id
        self._send(
            f"bring the rule {version.name} back",
            lambda c: c.declare_rule(version.name, fields, again),
            self._sent,
        )

    def _switch_back(self, rule_id: str, name: str, *, on: bool) -> None:
        word = "on" if on else "off"
        self._send(
            f"switch the rule {name} {word}",
            lambda c: c.change_rule(rule_id, is_active=on),
            self._sent,
        )

    def _sent(self, _: object) -> None:
        self._set_busy(False)
