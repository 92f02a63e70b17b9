"""Answers by mail: one mailbox is read, and who was paged answers the page that a mail refers to.

To read the same mail twice does nothing more: a page is answered once.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from crisisdesk.comms.channels import AddressError, scheme_of
from crisisdesk.comms.imap_line import ImapLine, Mailbox, MailboxAway
from crisisdesk.comms.mail_address import mail_route
from crisisdesk.comms.mail_reply import Reply, read_reply
from crisisdesk.domain.answer_token import BadToken
from crisisdesk.domain.answering import Answered, Way
from crisisdesk.domain.errors import DomainError
from crisisdesk.engine.answer_commands import AnswerPage, ListMethods
from crisisdesk.engine.answer_links import AnswerLinks
from crisisdesk.engine.command import ENGINE, Submit
from crisisdesk.engine.ports import Clock, Secrets
from crisisdesk.engine.workers.pager import secret_name

log = logging.getLogger(__name__)

PASSWORD_NAME = "answers:mail-password"


class MailAnswers:
    """Reads answers out of one mailbox; implements `engine.ports.Inbox`."""

    name = "answers by mail"

    def __init__(
        self, secrets: Secrets, clock: Clock, links: AnswerLinks, mailbox: Mailbox
    ) -> None:
        self._secrets = secrets
        self._clock = clock
        self._links = links
        self._line = ImapLine(mailbox)
        # A thread of its own: a server that hangs must not hold up anybody else's.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail-answers")
        self.problem = ""
        self.looked_at: int | None = None

    async def poll(self, submit: Submit) -> None:
        """Read what came since the last look, and answer with it."""
        password = await asyncio.to_thread(self._secrets.get, PASSWORD_NAME)
        if not password:
            self.problem = "answers by mail: no password; see `crisisdesk answers password`"
            return
        loop, now = asyncio.get_running_loop(), self._clock.now_ms()
        try:
            mails = await loop.run_in_executor(self._thread, self._line.fresh, password, now)
        except MailboxAway as error:
            self.problem = f"the mailbox of answers cannot be read: {error}"
            return
        if mails:
            methods = await self._methods(submit)
            for uid, raw in mails:
                await self._take(submit, methods, read_reply(raw))
                self._line.done(uid)
        self.problem, self.looked_at = "", now

    async def aclose(self) -> None:
        """Hang up; a read under way is left to its deadline."""
        self._thread.submit(self._line.close)
        self._thread.shutdown(wait=False)

    async def _take(self, submit: Submit, methods: dict[str, str], reply: Reply) -> None:
        if reply.why_not or reply.action is None:
            if reply.tokens or "automatic" in reply.why_not:
                log.info("a mail answers no page: %s", reply.why_not)
            return
        own = [name for name, address in methods.items() if address == reply.sender]
        page = await self._page(reply)
        if page is None or not own:
            log.warning("a mail answers no page: %s", _stranger(known=page is not None))
            return
        order = AnswerPage(
            delivery_id=page,
            action=reply.action,
            way=Way.MAIL,
            ref=reply.mail_id,
            only_methods=own,
        )
        try:
            given: Answered = await submit(order, ENGINE)
        except DomainError as error:
            log.warning("a mail answers no page: %s", error)
            return
        log.info("an answer by mail: %s (%s)", given.outcome, given.words)

    async def _page(self, reply: Reply) -> str | None:
        """The page that one of its codes is good for."""
        for token in reply.tokens:
            try:
                claim = await self._links.read(token)
            except BadToken:
                continue
            if claim.order == "reply":
                return claim.delivery_id
        return None

    async def _methods(self, submit: Submit) -> dict[str, str]:
        """The address of every contact method by mail that is in use, in small letters."""
        found: dict[str, str] = {}
        for name in await submit(ListMethods(channel="email"), ENGINE):
            url = await asyncio.to_thread(self._secrets.get, secret_name(name))
            try:
                if url and scheme_of(url) in ("mailto", "mailtos"):
                    route = await asyncio.to_thread(mail_route, url)
                    found[name] = route.to.casefold()
            except AddressError as error:
                log.warning("the address of contact method %s cannot be read: %s", name, error)
        return found


def _stranger(*, known: bool) -> str:
    return "its sender was not paged" if known else "its code is not one of this station, or old"
