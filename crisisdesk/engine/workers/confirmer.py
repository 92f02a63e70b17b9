"""The confirmer: asks providers, some time after they took a message, whether it arrived."""

from __future__ import annotations

import asyncio
import logging

from crisisdesk.domain.delivery import Delivery
from crisisdesk.engine.command import ENGINE, Submit
from crisisdesk.engine.commands import ListQuestions, NoteConfirmation
from crisisdesk.engine.committer import Overloaded
from crisisdesk.engine.duty.ports import PagerGate
from crisisdesk.engine.patience import within
from crisisdesk.engine.ports import Confirmation, Confirmer, Secrets, StoreFailed
from crisisdesk.engine.workers.pager import secret_name

log = logging.getLogger(__name__)

TICK_S = 5.0
AT_ONCE = 20
DEADLINE_S = 10.0
GRACE_S = 2.0


class ConfirmingWorker:
    """Runs on the engine's loop. What is due to be asked stands in the log, so that a restart or
    another station goes on with it; with a ``gate`` only the station that pages asks."""

    def __init__(
        self,
        submit: Submit,
        confirmer: Confirmer,
        secrets: Secrets,
        gate: PagerGate | None = None,
    ) -> None:
        self._submit = submit
        self._confirmer = confirmer
        self._secrets = secrets
        self._gate = gate

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            if await self.look() < AT_ONCE:
                await asyncio.sleep(TICK_S)

    async def look(self) -> int:
        """Ask once for what is due now, side by side; how many were asked for."""
        if self._gate is not None and self._gate.leave() is None:
            return 0
        try:
            due: list[Delivery] = await self._submit(ListQuestions(limit=AT_ONCE), ENGINE)
            answers = await asyncio.gather(*(self._answer(delivery) for delivery in due))
            for delivery, answer in zip(due, answers, strict=True):
                await self._note(delivery, answer)
        except (StoreFailed, Overloaded) as error:
            log.error("confirmations could not be saved, asking again: %s", error)
            return 0
        return len(due)

    async def _note(self, delivery: Delivery, answer: Confirmation) -> None:
        note = NoteConfirmation(
            delivery_id=delivery.delivery_id,
            provider_id=delivery.provider_id,
            confirmation=answer,
        )
        is_more_left = True
        while is_more_left:
            is_more_left = await self._submit(note, ENGINE)

    async def _answer(self, delivery: Delivery) -> Confirmation:
        url = await asyncio.to_thread(self._secrets.get, secret_name(delivery.method_id))
        if url is None:
            return Confirmation(state="unknown", words="no address is stored for this method")
        question = self._confirmer.confirm(url, delivery.provider_id, DEADLINE_S)
        try:
            return await within(DEADLINE_S + GRACE_S, question)
        except TimeoutError:
            return Confirmation(state="unknown", words=f"no answer within {DEADLINE_S:.0f} s")
        except Exception as bug:
            log.exception("asking after delivery %s failed", delivery.delivery_id)
            return Confirmation(state="unknown", words=f"asking failed ({type(bug).__name__})")
