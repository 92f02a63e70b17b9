"""What is done with policies and drafts: begun, published, withdrawn, taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.planning.policies.content import fresh, with_step_added
from crisisdesk.desk.planning.policies.shelf import DRAFT, NAME
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.escalation.policy import EVERYONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.planning.policies.content import Content
    from crisisdesk.desk.planning.policies.drafting import DraftingPage
    from crisisdesk.desk.room import Refusal


class Orders:
    """Works on the page's book; nothing is done while the engine is away."""

    def __init__(self, page: DraftingPage) -> None:
        self._page = page

    def offer_step(self, step: Content, at: int) -> None:
        """Offer to put a step back that was taken out of the open draft."""
        draft = self._page.book.working()
        if draft is None:
            return
        key = draft.key

        def back() -> None:
            found = self._page.book.drafts.get(key)
            if found is not None and not found.raw:
                steps = len(found.content["steps"])
                self._page.put(
                    found._replace(content=with_step_added(found.content, min(at, steps), step))
                )

        self._page.desk.offer_undo(f"Removed step {at + 1} from the draft.", back)

    def new(self, content: Content | None = None, name: str = "") -> None:
        """Begin one, with a content of its own or as an escalation policy begins."""
        self._begin(name, fresh() if content is None else content)

    def duplicate(self) -> None:
        """Begin a draft that says the same under another name."""
        draft = self._page.book.working()
        if draft is None:
            self._begin("", _everyone())
        elif draft.raw:
            self._page.jump("content")
        else:
            self._begin(f"{draft.name.strip()} copy".strip(), draft.content)

    def _begin(self, name: str, content: Content) -> None:
        if self._page.is_away():
            return
        self._page.editor.settle()
        self._page.book.begin(name, content, self._page.desk.now_ms())
        self._page.keep()
        self._page.list.filter.clear()
        self._page.editor.open_tab(self._page.first_tab)
        self._page.show_all()
        self._page.focus_name()

    def discard(self) -> None:
        """Forget the open draft; the undo brings it back."""
        draft = self._page.book.working()
        if draft is None or not self._page.book.is_draft() or self._page.is_away():
            return
        self._page.book.drop(draft.key)
        self._page.keep()
        self._page.show_all()

        def back() -> None:
            self._page.book.put(draft)
            self._page.open(
                NAME + draft.of if draft.of in self._page.book.known.current else DRAFT + draft.key
            )
            self._page.keep()

        name = f"the draft of “{draft.name.strip()}”" if draft.name.strip() else "a new draft"
        self._page.desk.offer_undo(f"Discarded {name}.", back)

    def publish(self) -> None:
        """Publish the open draft; what cannot be is led to instead, and nothing is sent."""
        self._page.editor.settle()
        draft = self._page.book.working()
        if draft is None or self._page.is_away() or self._page.publisher.busy:
            return
        fault = self._page.fault()
        if fault is not None:
            self._page.insist(fault)
            return
        if not self._page.book.is_draft() and self._page.book.counts() is not None:
            return
        name = draft.name.strip()

        def done(version_id: str) -> None:
            self._page.book.sent(version_id, draft)
            self._page.read_anew()

        self._publish(name, self._page.checked(draft), done)

    def _publish(
        self, name: str, content: Content, done: Callable[[str], None], words: str = "Published"
    ) -> None:
        def refused(refusal: Refusal) -> None:
            self._page.refuse(Malformed(refusal.field or "content", refusal.words, refusal.remedy))

        try:
            self._page.publisher.publish(name, content, done, refused, words=words)
        except Malformed as error:
            self._page.refuse(error)

    def withdraw(self) -> None:
        """Withdraw the version that counts; the undo publishes it again."""
        counts = self._page.book.counts()
        published = counts is not None and counts.version_id
        if (
            counts is not None
            and published
            and not self._page.is_away()
            and not self._page.publisher.busy
        ):
            self._page.publisher.withdraw(counts, self._page.read_anew)

    def take_version(self, version_id: str) -> None:
        """Begin a draft of the open policy as it was in one of its versions."""
        draft = self._page.book.working()
        version = next((v for v in self._page.book.versions() if v.version_id == version_id), None)
        if draft is None or version is None or self._page.is_away():
            return
        self._page.put(draft._replace(content=version.content, raw=""))
        self._page.editor.open_tab(self._page.first_tab)
        self._page.editor.focus_first()

    def publish_again(self, version_id: str) -> None:
        """Publish an earlier version once more, so that it counts."""
        version = next((v for v in self._page.book.versions() if v.version_id == version_id), None)
        if version is not None and not self._page.is_away() and not self._page.publisher.busy:
            self._publish(
                version.name, version.content, lambda _: self._page.read_anew(), "Published again"
            )


def _everyone() -> Content:
    """The built-in policy as a content; its place is behind all that can be published."""
    [step] = EVERYONE.steps
    return {
        "kind": "escalation",
        "for": EVERYONE.matching,
        "steps": [{"to": [{"everyone": True}], "wait_s": step.wait_ms // 1000, "ack": "one"}],
        "repeat": EVERYONE.repeat,
    }
