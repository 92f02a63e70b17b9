"""A living engine says among its problems that nobody can be reached, as long as it is so."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.engine.commands import EscalateAlert, SaveContact
from crisisdesk.engine.escalation_commands import PublishPolicy
from crisisdesk.engine.outage_commands import EndOutage, SetOutage
from crisisdesk.engine.ports import Outcome, Outgoing
from crisisdesk.engine.workers import reach_watch
from crisisdesk.engine.workers.pager import secret_name
from crisisdesk.engine.workers.reach_watch import ReachWatch

from tests.engine.workers.live import Live

MAIL = {"method_id": "m1", "channel": "email", "label": "", "masked": "mailto://…"}


def problems(live: Live) -> list[str]:
    return [words for words in live.engine.health().problems if "nobody can be reached" in words]


def test_it_is_told_until_somebody_can_be_reached_again(
    live: Live, monkeypatch: pytest.MonkeyPatch, expect_log: Any
) -> None:
    expect_log("nobody can be reached by a working way", level="ERROR")
    monkeypatch.setattr(reach_watch, "LOOK_S", 0.02)
    live.stop()
    live.start()
    live.do(SaveContact(name="Ann", methods=[MAIL]))
    assert problems(live) == []
    live.do(SetOutage(dependency="dns", reason="x"))
    live.until(lambda: problems(live) != [])
    assert problems(live)[0].startswith("nobody can be reached by a working way (dns)")
    live.do(EndOutage(dependency="dns"))
    live.until(lambda: problems(live) == [])


class MailIsBusy:
    """Takes all but mail, which is to be tried again in an hour."""

    async def send(self, outgoing: Outgoing) -> Outcome:
        if outgoing.url.startswith("mailto"):
            return Outcome(ok=False, words="451 later", retry_after_s=3_600.0)
        return Outcome(ok=True, words="taken")

    async def aclose(self) -> None: ...


def test_what_waits_goes_another_way_once_an_incident_names_the_outage(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach_watch, "LOOK_S", 0.02)
    live.stop()
    live.sender = MailIsBusy()
    live.start()
    own = {"kind": "channel_dependencies", "channels": {"sms": ["-internet", "-dns"]}}
    live.do(PublishPolicy(name="Ours", content=own))
    modem = {"method_id": "m2", "channel": "sms", "label": "", "masked": "sms://…"}
    live.do(SaveContact(name="Ann", methods=[MAIL, modem]))
    live.secrets.set(secret_name("m1"), "mailto://u:p@example.org")
    live.secrets.set(secret_name("m2"), "sms://1")
    alert_id = live.fire("disk")

    def states() -> dict[str, str]:
        found = live.read(lambda reader: reader.deliveries_of(alert_id))
        return {one.channel: one.status for one in found if one.words or one.sent_at}

    live.until(lambda: states() == {"email": "queued"})
    live.do(EscalateAlert(alert_id=live.fire("resolver", service="dns")))
    live.until(lambda: states() == {"email": "queued", "sms": "sent"})


def test_a_station_without_duty_leaves_what_waits_to_the_one_that_pages(live: Live) -> None:
    asked: list[str] = []

    def submit(command: Any, actor: str) -> Any:
        asked.append(type(command).__name__)
        return live.engine.submit(command, actor)

    live.runner.run(ReachWatch(submit, lambda: False).look())
    assert asked == ["AskReach"]
    live.runner.run(ReachWatch(submit, lambda: True).look())
    assert asked == ["AskReach", "AskReach", "RerouteWaiting"]
