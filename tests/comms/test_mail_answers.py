"""Answers by mail from the sent page to the acknowledged alert: a real mailbox, real handlers."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.comms.mail_address import mail_route
from crisisdesk.comms.mail_answers import PASSWORD_NAME, MailAnswers
from crisisdesk.comms.mail_text import mail_of
from crisisdesk.domain.delivery import Delivery
from crisisdesk.engine.answer_links import AnswerLinks, AnswerWays
from crisisdesk.engine.clock import SystemClock

from tests.comms.answer_bench import Bench
from tests.comms.imap_server import PASSWORD, ImapServer, imap_server
from tests.comms.pages import page

ADDRESS = "mailtos://desk:pw@mail.example.org?to=Ann@example.org&from=desk@example.org"

Boxes = Callable[[], MailAnswers]


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with imap_server() as made:
        yield made


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.secrets.set(PASSWORD_NAME, PASSWORD)
    yield made
    made.close()


def links(bench: Bench) -> AnswerLinks:
    return AnswerLinks(bench.secrets, bench, AnswerWays(mail_to="pages@example.org"))


@pytest.fixture
def boxes(bench: Bench, server: ImapServer) -> Iterator[Boxes]:
    """Makes readers of the mailbox; all hang up when the test ends."""
    made: list[MailAnswers] = []

    def make() -> MailAnswers:
        # The server dates what arrives by the machine's clock, pages are dated by the bench's.
        made.append(MailAnswers(bench.secrets, SystemClock(), links(bench), server.mailbox()))
        return made[-1]

    yield make
    for box in made:
        asyncio.run(box.aclose())
        box._thread.shutdown(wait=True)


def poll(bench: Bench, box: MailAnswers) -> None:
    asyncio.run(box.poll(bench.submit))


def paged(bench: Bench) -> Delivery:
    return bench.page(bench.contact("Ann", "email", ADDRESS), bench.fire())


def sent(bench: Bench, delivery: Delivery) -> EmailMessage:
    """The mail of this page, as its reader gets it."""
    offer = asyncio.run(links(bench).offer(delivery, ADDRESS))
    outgoing = page(ADDRESS, key=delivery.delivery_id, answer=offer)
    raw = mail_of(outgoing, mail_route(ADDRESS), delivery.queued_at)
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def reply(to: EmailMessage, text: str, **changes: str) -> bytes:
    """What the reader's program sends back."""
    made = EmailMessage(policy=email.policy.SMTP)
    told = {
        "From": "Ann <ann@example.org>",
        "To": str(to["Reply-To"]),
        "Subject": f"Re: {to['Subject']}",
        "In-Reply-To": str(to["Message-ID"]),
        "Message-ID": "<r1@example.org>",
        **{name.replace("_", "-"): value for name, value in changes.items()},
    }
    for name, value in told.items():
        if value:
            made[name] = value
    made.set_content(text)
    return made.as_bytes()


def test_a_mail_that_is_answered_takes_the_alert(
    bench: Bench, server: ImapServer, boxes: Boxes
) -> None:
    delivery = paged(bench)
    mail = sent(bench, delivery)
    assert mail["Reply-To"] == "pages@example.org"
    server.put(reply(mail, "I have it\n\n> CRITICAL\n"))
    box = boxes()
    poll(bench, box)
    assert bench.holder(delivery.alert_id) == "Ann"
    after = bench.after(delivery)
    assert (after.answered_way, after.answer, box.problem) == ("mail", "have", "")
    pos = bench.station.journal.head().pos
    poll(bench, box)
    poll(bench, boxes())
    assert bench.station.journal.head().pos == pos, "each mail is handled once"


def test_next_by_mail_passes_it_on(bench: Bench, server: ImapServer, boxes: Boxes) -> None:
    delivery = paged(bench)
    server.put(reply(sent(bench, delivery), "next"))
    poll(bench, boxes())
    assert bench.after(delivery).answer == "next"
    assert bench.holder(delivery.alert_id) == ""


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("ack", {"Auto_Submitted": "auto-replied"}),
        ("ack", {"From": "stranger@example.org"}),
        ("ack", {"In_Reply_To": "<cd." + "A" * 40 + "@example.org>"}),
        ("ack", {"In_Reply_To": ""}),
        ("I am away until Monday", {}),
    ],
)
def test_what_is_no_answer_acknowledges_nothing(
    bench: Bench,
    server: ImapServer,
    boxes: Boxes,
    text: str,
    changes: dict[str, str],
    expect_log: Any,
) -> None:
    expect_log("a mail answers no page", required=False)
    delivery = paged(bench)
    server.put(reply(sent(bench, delivery), text, **changes))
    box = boxes()
    poll(bench, box)
    assert bench.holder(delivery.alert_id) == ""
    assert bench.after(delivery).answered_at is None
    assert box.problem == ""


def test_somebody_else_who_was_paged_cannot_answer_for_ann(
    bench: Bench, server: ImapServer, boxes: Boxes
) -> None:
    delivery = paged(bench)
    bench.contact("Bob", "email", ADDRESS.replace("Ann@", "Bob@"))
    server.put(reply(sent(bench, delivery), "ack", From="bob@example.org"))
    poll(bench, boxes())
    assert bench.holder(delivery.alert_id) == ""


def test_a_mailbox_that_cannot_be_read_is_a_problem_in_words(
    bench: Bench, server: ImapServer, boxes: Boxes
) -> None:
    bench.secrets.set(PASSWORD_NAME, "wrong-password")
    box = boxes()
    poll(bench, box)
    assert box.problem.startswith("the mailbox of answers cannot be read: ")
    assert "wrong-password" not in box.problem
    bench.secrets.delete(PASSWORD_NAME)
    poll(bench, box)
    assert "no password" in box.problem
    bench.secrets.set(PASSWORD_NAME, PASSWORD)
    poll(bench, box)
    assert box.problem == ""
