"""Mails that come in: people's answers are understood, machines' never are, nothing breaks it."""

from __future__ import annotations

import email.policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.comms.mail_reply import Reply, read_reply
from crisisdesk.domain.answering import Action

TOKEN = "AbC_-" * 8


def mail(text: str = "ack\n", subtype: str = "plain", **headers: str) -> bytes:
    made = EmailMessage(policy=email.policy.SMTP)
    told = {
        "From": "Priya Nair <Priya@Example.org>",
        "To": "pages@example.org",
        "In-Reply-To": f"<cd.{TOKEN}@example.org>",
        "Message-ID": "<m1@example.org>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    for name, value in told.items():
        if value:
            made[name] = value
    made.set_content(text, subtype=subtype)
    return made.as_bytes()


def test_an_answer_is_understood() -> None:
    assert read_reply(mail()) == Reply(
        sender="priya@example.org",
        tokens=(TOKEN,),
        action=Action.HAVE,
        mail_id="<m1@example.org>",
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"References": f"<a@x> <cd.{TOKEN}@example.org> <b@x>"},
        {"To": f"pages+{TOKEN}@example.org"},
        {"Delivered_To": f"pages+{TOKEN}@example.org"},
    ],
)
def test_the_page_is_found_by_any_reference(headers: dict[str, str]) -> None:
    found = read_reply(mail(In_Reply_To="", **headers))
    assert found.tokens == (TOKEN,)
    assert found.why_not == ""


def test_the_page_is_found_by_what_is_quoted() -> None:
    text = f"next\n\nOn Monday CrisisDesk wrote:\n> CRITICAL\n> Answer code: cd.{TOKEN}\n"
    found = read_reply(mail(text, In_Reply_To=""))
    assert (found.tokens, found.action) == ((TOKEN,), Action.NEXT)


def test_a_page_in_html_is_read_like_what_it_shows() -> None:
    html = (
        "<html><head><style>p{color:red}</style><title>ack</title></head><body>"
        "<div>I have it<br></div><blockquote><div>next</div></blockquote></body></html>"
    )
    found = read_reply(mail(html, subtype="html"))
    assert (found.action, found.why_not) == (Action.HAVE, "")
    quoted = "<blockquote><p>ack</p></blockquote><p>what is this?</p>"
    assert read_reply(mail(quoted, subtype="html")).action is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner=x"},
        {"Precedence": "bulk"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
        {"X_Auto_Reply": "yes"},
        {"List_Id": "<pages.example.org>"},
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@example.org"},
        {"From": "postmaster@example.org"},
        {"From": "noreply@example.org"},
        {"From": "a@example.org, b@example.org"},
        {"From": ""},
    ],
)
def test_machines_never_answer(headers: dict[str, str]) -> None:
    found = read_reply(mail(**headers))
    assert found.why_not
    assert found.action is None


def test_a_report_of_delivery_never_answers() -> None:
    raw = (
        f"From: x@example.org\r\nIn-Reply-To: <cd.{TOKEN}@e>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nack\r\n--b--\r\n"
    )
    assert read_reply(raw.encode()).why_not == "it is a report of delivery"


def test_who_says_that_a_person_wrote_it_is_believed() -> None:
    assert read_reply(mail(Auto_Submitted="no")).why_not == ""


def test_why_a_mail_orders_nothing() -> None:
    assert read_reply(mail("I am away until Monday\n")).why_not.startswith("its first line")
    assert read_reply(mail(In_Reply_To="")).why_not == "it names no page"


def test_only_a_few_codes_are_looked_at() -> None:
    many = " ".join(f"<cd.{n:040d}@x>" for n in range(100))
    assert len(read_reply(mail(References=many)).tokens) == 8


def test_an_attachment_alone_says_nothing() -> None:
    raw = (
        f"From: x@example.org\r\nIn-Reply-To: <cd.{TOKEN}@e>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nYWNr\r\n"
    )
    assert read_reply(raw.encode()).action is None


@given(st.binary(max_size=300))
def test_no_bytes_break_it(raw: bytes) -> None:
    assert read_reply(raw).action in (None, *Action)


PIECES = st.sampled_from(
    [
        b"From: ",
        b"a@b",
        b"=?utf-8?b?=?=",
        b"=?x?q?",
        b"<",
        b">",
        b",",
        b";",
        b'"',
        b"\r\n",
        b"\r\n ",
        b"Content-Type: text/plain; charset=nonsense\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"--b\r\n",
        b"In-Reply-To: <cd." + TOKEN.encode() + b"@x>\r\n",
        b"Message-ID: <[",
        b"ack\r\n",
        b"\xff\xfe",
        b":",
        b"To: group:;",
    ]
)


@given(st.lists(PIECES, max_size=20))
def test_no_mail_however_malformed_breaks_it(pieces: list[bytes]) -> None:
    found: Any = read_reply(b"".join(pieces))
    assert bool(found.why_not) != bool(found.action)
