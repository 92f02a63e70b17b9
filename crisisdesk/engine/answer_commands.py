"""What is asked of the engine about answers that come back from whoever was paged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crisisdesk.engine.command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPage(Command):
    """Answer a page as the contact it went to, whoever submits this.

    ``action`` is a `domain.answering.Action`, ``way`` a `domain.answering.Way`. ``ref`` names what
    brought it (a message's id at its provider). With ``only_methods``, it is refused when the page
    went to none of these contact methods. The result is a `domain.answering.Answered`.
    """

    delivery_id: str
    action: str
    way: str
    ref: str = ""
    only_methods: Sequence[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerByCode(Command):
    """Answer the page that one of these contact methods was sent with this code.

    ``written_at`` (UTC ms) is when the answer was written, as far as that is known: a code that was
    given anew since is not meant. The result is a `domain.answering.Answered`.
    """

    method_ids: Sequence[str]
    code: int
    action: str
    way: str
    written_at: int | None = None
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMethods(Command):
    """Ask which contact methods of a channel are in use; the result is a list of their ids."""

    channel: str
