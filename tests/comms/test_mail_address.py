"""Mail addresses: the relay, the login, the sender and the recipients of each form."""

from __future__ import annotations

import pytest

from crisisdesk.comms.channels import AddressError
from crisisdesk.comms.mail_address import MailRoute, Relay, check_mail, mail_route

BASE = "mailtos://ann:s3cret-pw@mail.example.org"


def test_the_usual_form() -> None:
    assert mail_route(f"{BASE}?to=bob@example.net") == MailRoute(
        relay=Relay(
            host="mail.example.org",
            port=587,
            mode="starttls",
            user="ann",
            password="s3cret-pw",
        ),
        sender="ann@mail.example.org",
        sender_name="CrisisDesk",
        to="bob@example.net",
    )


@pytest.mark.parametrize(
    ("url", "host", "port", "mode", "user"),
    [
        (f"{BASE}:2525", "mail.example.org", 2525, "starttls", "ann"),
        (f"{BASE}?mode=ssl", "mail.example.org", 465, "ssl", "ann"),
        (f"{BASE}?smtp=relay.example.org", "relay.example.org", 587, "starttls", "ann"),
        ("mailto://127.0.0.1?from=a@example.org", "127.0.0.1", 25, "insecure", ""),
        ("mailto://ann:pw@gmail.com", "smtp.gmail.com", 587, "starttls", "ann@gmail.com"),
    ],
)
def test_relays(url: str, host: str, port: int, mode: str, user: str) -> None:
    relay = mail_route(url).relay
    assert (relay.host, relay.port, relay.mode, relay.user) == (host, port, mode, user)


def test_senders_and_recipients() -> None:
    route = mail_route(
        f"{BASE}/bob+night@example.net?from=desk@example.org&name=The%20Desk&reply=ops@example.org"
        "&cc=Sam%20Lee%20%3Csam@example.net%3E,max@example.net&bcc=boss@example.net&+X-Team=web"
    )
    assert (route.sender, route.sender_name) == ("desk@example.org", "The Desk")
    assert route.to == "bob+night@example.net"
    assert route.cc == ("sam@example.net", "max@example.net")
    assert route.reply_to == ("ops@example.org",)
    assert route.headers == (("X-Team", "web"),)
    assert route.everyone == (
        "bob+night@example.net",
        "sam@example.net",
        "max@example.net",
        "boss@example.net",
    )


def test_without_a_recipient_it_goes_to_the_sender() -> None:
    assert mail_route(BASE).to == "ann@mail.example.org"


def test_the_password_is_not_shown() -> None:
    assert "s3cret" not in repr(mail_route(BASE))


@pytest.mark.allow_log("Invalid|Could not load|invalid")
@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mailtos://mail.example.org?to=ann@example.org", "from=desk@example.org"),
        (f"{BASE}?mode=maybe", "no valid mail address"),
        (f"{BASE}?to=a@example.org,b@example.org", "2 recipients"),
        (f"{BASE}?to=nobody", "no mail address"),
        (f"{BASE}?to=a%0Ab@example.org", "control characters"),
        (f"{BASE}?to=a@example.org&wkd=yes", "“wkd”"),
        (f"{BASE}?to=a@example.org&verify=no", "always checked"),
        (f"{BASE}?to=a@example.org&+X%20Y=b", "mail header"),
        (f"{BASE}?to=a@example.org&delay=1h", "“delay”"),
    ],
)
def test_refused_addresses(url: str, words: str) -> None:
    with pytest.raises(AddressError, match=words) as caught:
        check_mail(url)
    assert "s3cret" not in str(caught.value)
