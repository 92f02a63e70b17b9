"""A page as a mail: whole, in seven bits, with stable ids and no way to slip headers in."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.comms.direct_sender import cut
from crisisdesk.comms.mail_address import MailRoute, Relay
from crisisdesk.comms.mail_text import mail_of
from crisisdesk.domain.answering import Offer

from tests.comms.pages import page

NOW_MS = 1_795_228_560_000
ROUTE: dict[str, Any] = {
    "relay": Relay(host="h", port=25, mode="insecure"),
    "sender": "desk@example.org",
    "sender_name": "CrisisDesk",
    "to": "bob@example.org",
}


def mail(route: dict[str, Any] | None = None, **changes: Any) -> tuple[bytes, EmailMessage]:
    raw = mail_of(page("x", **changes), MailRoute(**(ROUTE | (route or {}))), NOW_MS)
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return raw, found


def test_what_stands_in_it() -> None:
    extra: dict[str, Any] = {"cc": ("sam@example.org",), "bcc": ("boss@example.org",)}
    extra["reply_to"] = ("ops@x.org",)
    raw, found = mail(
        {**extra, "headers": (("X-Team", "web"), ("Subject", "forged"))}, thread="A/1"
    )
    assert found["Subject"] == "CRITICAL: Checkout fails"
    assert (found["From"], found["To"]) == ("CrisisDesk <desk@example.org>", "bob@example.org")
    assert (found["Cc"], found["Reply-To"]) == ("sam@example.org", "ops@x.org")
    assert (found["X-Team"], found["Importance"], found["Auto-Submitted"]) == (
        "web",
        "high",
        "auto-generated",
    )
    assert found["References"].endswith("@example.org>")
    assert b"boss" not in raw
    assert found.get_content_type() == "text/plain"
    assert found.get_content().splitlines() == ["CRITICAL: Checkout fails", "Since: now"]


def test_what_answers_come_back_by_stands_in_it() -> None:
    token = "T" * 40
    offer = Offer(reply_token=token, reply_to="pages@example.org")
    found = mail({"reply_to": ("ops@x.org",)}, answer=offer)[1]
    assert found["Message-ID"] == f"<cd.{token}@example.org>"
    assert found["Reply-To"] == "pages@example.org"


def test_a_link_is_added_once() -> None:
    link = "https://desk.example.org/a/1"
    assert mail(link=link)[1].get_content().count(link) == 1
    assert mail(link=link, text=f"see {link}")[1].get_content().count(link) == 1


def test_low_severities_are_not_marked() -> None:
    assert mail(severity="medium")[1]["Importance"] is None


@given(title=st.text(max_size=300), text=st.text(max_size=2000), key=st.text(max_size=50))
def test_any_page_becomes_a_mail_in_seven_bits(title: str, text: str, key: str) -> None:
    raw, found = mail(title=title, text=text, key=key)
    assert raw.isascii()
    assert found["Subject"] == " ".join(
        "".join(c if c.isprintable() else " " for c in cut(title, 250)).split()
    )
    read = found.get_content().splitlines()
    assert read == "\n".join([*re.split(r"\r\n|\r|\n", text or title), ""]).splitlines()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert set(found.keys()) <= {
        *("Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "Importance"),
        *("X-Priority", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
    }


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_ids_are_the_same_for_the_same_key_only(one: str, two: str) -> None:
    ids = [
        mail(key=k.encode("utf-8", "replace").decode())[1]["Message-ID"] for k in (one, one, two)
    ]
    assert ids[0] == ids[1]
    assert (ids[0] == ids[2]) is (one == two)


def test_addresses_outside_ascii_stay_as_they_are() -> None:
    raw, _found = mail({"to": "jürgen@example.org"})
    assert "jürgen@example.org".encode() in raw
