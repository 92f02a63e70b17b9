"""The direct providers' addresses, led to a receiver on this machine by their own parameter."""

from __future__ import annotations

from crisisdesk.comms.senders import Senders
from crisisdesk.engine.ports import Confirmation

from tests.comms.receivers import Receiver

KEY = "R0UT1NGk3y" + "k" * 22
GENIE = "11111111-2222-3333-4444-555555555555"
SID, TOKEN = "AC" + "a1" * 16, "b2" * 16
TOPIC = "s3cret-topic-of-ann"


def pagerduty(receiver: Receiver, more: str = "") -> str:
    return f"pagerduty://{KEY}/?host=http://{receiver.host}{more}"


def opsgenie(receiver: Receiver, more: str = "", path: str = "") -> str:
    return f"opsgenie://{GENIE}/{path}?host=http://{receiver.host}{more}"


def twilio(receiver: Receiver, more: str = "", sender: str = "15551230000") -> str:
    return f"twilio://{SID}:{TOKEN}@{sender}/15551231111?host=http://{receiver.host}{more}"


def ntfy(receiver: Receiver, more: str = "") -> str:
    return f"ntfy://tk_s3crett0ken@{receiver.host}/{TOPIC}?{more}"


ADDRESS = {"pagerduty": pagerduty, "opsgenie": opsgenie, "twilio": twilio, "ntfy": ntfy}
YES = {
    "pagerduty": (202, '{"status":"success","dedup_key":"A/1","message":"Event processed"}'),
    "opsgenie": (202, '{"result":"Request will be processed","requestId":"O1"}'),
    "twilio": (201, '{"sid":"SM1","status":"queued","error_code":null}'),
    "ntfy": (200, '{"id":"Y1","event":"message"}'),
}
SECRETS = (KEY, GENIE, TOKEN, SID, "tk_s3crett0ken", TOPIC)


async def confirm(url: str, provider_id: str) -> Confirmation:
    """Ask once by senders of its own."""
    senders = Senders()
    try:
        return await senders.confirm(url, provider_id, 5.0)
    finally:
        await senders.aclose()
