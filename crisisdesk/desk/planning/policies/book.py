"""What the page works on: what is published, the drafts beside it, and which one is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from crisisdesk.desk.planning.policies.drafts import Draft, decoded
from crisisdesk.desk.planning.policies.reading import NOTHING, Known
from crisisdesk.desk.planning.policies.shelf import BUILT_IN_KEY, DRAFT, GONE, NAME, lines_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from crisisdesk.desk.planning.policies.content import Content
    from crisisdesk.desk.planning.policies.shelf import ShelfLine
    from crisisdesk.domain.policy_version import PolicyVersion

_OF = "of:"


class Published(Protocol):
    """What is published of some kinds; ``ident`` tells one from all others in ``current``."""

    @property
    def current(self) -> dict[str, PolicyVersion]: ...
    def of_name(self, name: str) -> list[PolicyVersion]: ...
    def ids(self) -> frozenset[str]: ...
    def ident(self, name: str, content: Content, /) -> str: ...


K = TypeVar("K", bound=Published)


class BookOf(Generic[K]):
    """``selected`` is the key of a line of the list, ``noun`` what each of them is, and ``after``
    what publishing one means for what is under way."""

    noun, after = "policy", "Escalations under way go on by theirs."
    # How one is called that was taken away.
    gone = "withdrawn"

    def __init__(
        self,
        known: K,
        lines: Callable[[K, Sequence[Draft]], list[ShelfLine]],
        kept: Iterable[Any] = (),
    ) -> None:
        self.known = known
        self._lines = lines
        self.drafts = {draft.key: draft for draft in decoded(kept)}
        self.selected = ""
        self._sent: dict[str, Draft] = {}

    # -- what is open ------------------------------------------------------------------------

    def working(self) -> Draft | None:
        """The open draft, or one as the open policy stands; None for the built-in one."""
        kept = self._kept()
        if kept is not None:
            return kept
        base = self.base()
        if base is None:
            return None
        of = self.open_name()
        return Draft(_OF + of, base.name, base.content, of, base.version_id)

    def _kept(self) -> Draft | None:
        if self.selected.startswith(DRAFT):
            return self.drafts.get(self.selected.removeprefix(DRAFT))
        return self.drafts.get(_OF + self.open_name()) if self.open_name() else None

    def ident_of(self, draft: Draft) -> str:
        """What tells the draft from others once it is published."""
        return self.known.ident(draft.name.strip(), draft.content)

    def replaces(self, draft: Draft) -> bool:
        """Whether publishing it takes the place of another than it was begun from."""
        ident = self.ident_of(draft)
        return ident in self.known.current and ident != draft.of

    def published_as(self, _version_id: str, draft: Draft) -> str:
        """What tells it from others now that it is published."""
        return self.ident_of(draft)

    def open_name(self) -> str:
        """What tells the open one from others, "" when a new draft or the built-in one is open."""
        for prefix in (NAME, GONE, DRAFT + _OF):
            if self.selected.startswith(prefix):
                return self.selected.removeprefix(prefix)
        return ""

    def base(self) -> PolicyVersion | None:
        """The version that counts under the open name, else the newest there was."""
        name = self.open_name()
        versions = self.known.of_name(name) if name else []
        return self.known.current.get(name) or next(iter(versions), None)

    def versions(self) -> list[PolicyVersion]:
        """All versions of the open policy, the newest first."""
        return self.known.of_name(self.open_name()) if self.open_name() else []

    def counts(self) -> PolicyVersion | None:
        """The version of the open policy that alerts are paged by."""
        return self.known.current.get(self.open_name())

    def counts_word(self) -> str:
        """How the version that counts stands, in a word or two."""
        return "counts now"

    def is_draft(self) -> bool:
        """Whether what is open differs from what is published."""
        return self._kept() is not None

    def listed(self) -> list[Draft]:
        """Every draft, the oldest first."""
        return list(self.drafts.values())

    # -- what is done ------------------------------------------------------------------------

    def select(self, key: str) -> None:
        """Open a line."""
        self.selected = key
        self._settle()

    def take(self, known: K) -> None:
        """Learn what is published now; what was open stays open under whatever key it has now."""
        self.known = known
        for version_id in self._sent.keys() & known.ids():
            self._arrived(version_id, self._sent.pop(version_id))
        self._settle()

    def sent(self, version_id: str, draft: Draft) -> None:
        """A draft was published as this version; it goes once the version has been read."""
        self._sent[version_id] = draft

    def _arrived(self, version_id: str, draft: Draft) -> None:
        name = self.published_as(version_id, draft)
        was_open = self._kept() is not None and self.working() == self.drafts.get(draft.key)
        kept = self.drafts.pop(draft.key, draft)
        if kept != draft:
            # What was typed while it was under way is a draft of what comes next.
            key = _OF + name
            self.drafts[key] = kept._replace(key=key, of=name, began=version_id)
        if was_open:
            self.selected = NAME + name

    def _settle(self) -> None:
        name = self.open_name()
        if name in self.known.current:
            self.selected = NAME + name
        elif name and _OF + name in self.drafts:
            self.selected = f"{DRAFT}{_OF}{name}"
        elif name and self.known.of_name(name):
            self.selected = GONE + name
        elif self._kept() is None and self.selected != BUILT_IN_KEY:
            lines = self._lines(self.known, self.listed())
            self.selected = next((line.key for line in lines if line.name), "")

    def put(self, draft: Draft) -> None:
        """Keep a draft as it is now; one that says what is published is none any more."""
        self.drafts[draft.key] = draft
        base = self.known.current.get(draft.of)
        same = base is not None and (draft.name, draft.content) == (base.name, base.content)
        if same and not draft.raw:
            del self.drafts[draft.key]
        self._settle()

    def drop(self, key: str) -> Draft | None:
        """Forget a draft; returns it."""
        found = self.drafts.pop(key, None)
        self._settle()
        return found

    def begin(self, name: str, content: Content, now_ms: int) -> Draft:
        """Begin a draft of a policy of its own, and open it."""
        number = now_ms
        while f"new:{number}" in self.drafts:
            number += 1
        draft = Draft(f"new:{number}", name, content)
        self.put(draft)
        self.select(DRAFT + draft.key)
        return draft

    def is_outdated(self) -> bool:
        """Whether something was published under this name since the open draft was begun."""
        kept, counts = self._kept(), self.counts()
        if kept is None or counts is None or not counts.version_id:
            return False
        return kept.began != counts.version_id


class Book(BookOf[Known]):
    """The book of escalation policies."""

    def __init__(self, kept: Iterable[Any] = ()) -> None:
        super().__init__(NOTHING, lines_of, kept)
