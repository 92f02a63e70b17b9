"""Commands about what surrounds alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crisisdesk.domain.context.change_record import ChangeReport
from crisisdesk.engine.command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChanges(Command):
    """Write down changes, all or none; the result are their ids, in the same order.

    One that is known already is not written again.
    """

    changes: Sequence[ChangeReport]
