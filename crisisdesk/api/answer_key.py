"""The route that changes the key of links and mail codes."""

from __future__ import annotations

from fastapi import APIRouter

from crisisdesk.api.documented import errors
from crisisdesk.api.room import InRoom, Operator
from crisisdesk.api.schemas import Out
from crisisdesk.domain.errors import Conflict

router = APIRouter(prefix="/crisis/answers", tags=["overview"])


class AnswerKeyOut(Out):
    """How many keys are good now: the new one, and the one before it, if there was one."""

    good_keys: int


@router.post("/key/", responses=errors(409))
async def change_answer_key(room: InRoom, operator: Operator) -> AnswerKeyOut:
    """Seal with a new key from now on; what the last one sealed stays good until its time is over,
    what older ones did ends at once."""
    del operator  # asked for, so that nobody does this without a name
    if room.answers is None:
        remedy = "set [answers] in settings.toml; a sealed station takes none"
        raise Conflict("station", "takes no answers to pages", remedy)
    return AnswerKeyOut(good_keys=await room.answers.change_key())
