"""How a draft is written as a file, and read from one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from crisisdesk.desk.planning.policies.drafts import from_yaml, to_yaml
from crisisdesk.domain.errors import DomainError

if TYPE_CHECKING:
    from crisisdesk.desk.planning.policies.drafts import Draft


class FileShape(Protocol):
    """One kind of file."""

    def text(self, draft: Draft) -> str:
        """The draft as such a file."""

    def draft(self, text: str, draft: Draft) -> Draft:
        """The draft as the file has it; raises Malformed for what is none, or has another shape."""


class PolicyFile:
    """What ``policy publish`` takes: name and content."""

    def text(self, draft: Draft) -> str:
        """The draft as such a file."""
        return to_yaml(draft.name, draft.content)

    def draft(self, text: str, draft: Draft) -> Draft:
        """The draft as the file has it; raises Malformed."""
        name, content = from_yaml(text)
        return draft._replace(name=name, content=content, raw="")


def file_fault(shape: FileShape, draft: Draft) -> DomainError | None:
    """Why the text of a draft that could not be read cannot be taken; None when it can."""
    try:
        shape.draft(draft.raw, draft)
    except DomainError as error:
        return error
    return None
