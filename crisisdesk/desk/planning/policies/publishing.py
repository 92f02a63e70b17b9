"""Publishing and withdrawing, each with its way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.publishing import spelled_anew

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.planning.policies.book import Published
    from crisisdesk.desk.planning.policies.content import Content
    from crisisdesk.desk.room import Desk, Refusal
    from crisisdesk.domain.policy_version import PolicyVersion


class Publisher:
    """``busy`` while a command is under way, so that none is sent twice; ``told`` is called when
    that changes. ``noun`` is what is published."""

    def __init__(
        self,
        desk: Desk,
        known: Callable[[], Published],
        told: Callable[[], None],
        noun: str = "policy",
    ) -> None:
        self._desk, self._known, self._told, self._noun = desk, known, told, noun
        self.busy = False

    def publish(
        self,
        name: str,
        content: Content,
        done: Callable[[str], None],
        refused: Callable[[Refusal], None] | None = None,
        *,
        words: str = "Published",
    ) -> None:
        """Publish it; ``done`` has the version's id. The undo withdraws that version.

        Raises Malformed when it is an earlier version to the letter and cannot be written anew.
        """
        known = self._known()
        now = {version.version_id for version in known.current.values()}
        told = spelled_anew(name, content, known.ids() - now)
        replaced = known.current.get(known.ident(name, content))

        def made(answer: dict[str, Any]) -> None:
            version_id = str(answer["version_id"])
            self._set_busy(False)
            if replaced is None or replaced.version_id != version_id:
                back = "it is withdrawn"
                if replaced is not None:
                    before = "version before" if replaced.version_id else "built-in one"
                    back = f"the {before} counts again"
                self._desk.offer_undo(
                    f"{words} “{name}”. On undo {back}.", lambda: self._take_back(name, version_id)
                )
            done(version_id)

        self._send(
            f"publish the {self._noun} {name}",
            lambda c: c.publish_policy(name, told),
            made,
            refused,
        )

    def withdraw(self, version: PolicyVersion, done: Callable[[], None]) -> None:
        """Withdraw it; the undo publishes the same once more."""

        def made(_: object) -> None:
            self._set_busy(False)
            self._desk.offer_undo(f"Withdrew “{version.name}”.", lambda: self._again(version))
            done()

        self._send(
            f"withdraw the {self._noun} {version.name}",
            lambda c: c.withdraw_policy(version.version_id),
            made,
        )

    def _again(self, version: PolicyVersion) -> None:
        """Publish a withdrawn version once more; what was published meanwhile stays."""
        try:
            content = spelled_anew(
                version.name, version.content, self._known().ids() | {version.version_id}
            )
        except Malformed as error:
            self._desk.say(f"Not published again: {version.name}", str(error), "high")
            return
        self._send(
            f"publish the {self._noun} {version.name} again",
            lambda c: c.publish_policy(version.name, content),
            lambda _: self._set_busy(False),
        )

    def _take_back(self, name: str, version_id: str) -> None:
        self._send(
            f"withdraw the {self._noun} {name}",
            lambda c: c.withdraw_policy(version_id),
            lambda _: self._set_busy(False),
        )

    def _send(
        self,
        words: str,
        call: Callable[[Any], Any],
        made: Callable[[Any], None],
        refused: Callable[[Refusal], None] | None = None,
    ) -> None:
        def failed(refusal: Refusal) -> None:
            self._set_busy(False)
            if refused is not None and not refusal.away:
                refused(refusal)
                return
            body = f"{refusal.words}. {refusal.remedy}"
            self._desk.say(f"Not saved: {words}", body, "high")

        self._set_busy(True)
        self._desk.command(words, call, made, failed)

    def _set_busy(self, busy: bool) -> None:
        self.busy = busy
        self._told()
