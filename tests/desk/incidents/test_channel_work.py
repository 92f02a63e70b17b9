"""Channels from the page: opened by the machine's own programs, copied, named, taken away."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QApplication

from crisisdesk.desk.incidents.channel_work import ChannelWork, channel_actions, first_address
from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.room import Action, Refusal

from tests.desk.incidents.desk_stand_in import StandInDesk, change_of
from tests.domain.incident_log import INCIDENT, MINUTE, LogBook

TEL = "tel:+420221000000"


def named(log: LogBook, room: IncidentsRoom, name: str = "War room", address: str = TEL) -> None:
    body = {"name": name, "kind": "bridge", "address": address, "use": "for all"}
    event = log.write(INCIDENT, "incident.channel_set", body, at=30 * MINUTE)
    room.on_snapshot(change_of(log, [event]))


def actions(room: IncidentsRoom, held: str = "") -> dict[str, Action]:
    dossier = room.page.dossier
    assert dossier is not None
    return {a.key: a for a in channel_actions(room.channel_work, dossier, held)}


def test_it_is_named_in_the_strip(room: IncidentsRoom, desk: StandInDesk) -> None:
    found = actions(room)
    assert not found["incident.channel.open"].enabled
    assert "Shift+C names one" in found["incident.channel.open"].detail
    found["incident.channel.set"].run()
    strip = room.page.strip
    assert strip.question is not None
    told = {"name": " War room ", "kind": "In person", "address": f" {TEL} ", "use": ""}
    desk.refuse_with = Refusal(words="address is no tel address", field="address")
    strip.given.emit(strip.question.key, told)
    assert "no tel address" in strip.words.text()
    desk.refuse_with = None
    strip.given.emit(strip.question.key, told)
    order = ("set_incident_channel", (INCIDENT, "War room", "in_person"))
    assert desk.client.orders[-1] == (*order, {"address": TEL, "use": ""})
    assert strip.question is None


def test_it_is_taken_away_and_brought_back(
    room: IncidentsRoom, desk: StandInDesk, log: LogBook
) -> None:
    named(log, room)
    actions(room)["incident.channel.remove War room"].run()
    assert desk.client.orders == [("remove_incident_channel", (INCIDENT, "War room"), {})]
    said, undo = desk.undos[-1]
    assert said == "War room taken away"
    undo()
    told = {"address": TEL, "use": "for all"}
    again: tuple[str, tuple[str, ...], dict[str, str]] = desk.client.orders.pop()
    assert again == ("set_incident_channel", (INCIDENT, "War room", "bridge"), told)
    held = actions(room, "not in the past")
    assert held["incident.channel.open"].enabled
    assert not held["incident.channel.set"].enabled
    assert not held["incident.channel.remove War room"].enabled


@pytest.mark.parametrize(
    ("address", "opens", "said"),
    [
        (TEL, True, ""),
        (TEL, False, "No program of this machine opens"),
        ("file:///etc/passwd", True, "Its address is no address that can be opened."),
        ("javascript:alert(1)", True, "Its address is no address that can be opened."),
    ],
)
def test_only_what_may_be_opened_reaches_the_machine(
    room: IncidentsRoom, desk: StandInDesk, address: str, opens: bool, said: str
) -> None:
    asked: list[QUrl] = []

    def open_url(url: QUrl) -> bool:
        asked.append(url)
        return opens

    work = ChannelWork(desk, room.page, room.orderly, open_url)
    work.open(address)
    assert [url.toString() for url in asked] == ([TEL] if address == TEL else [])
    assert [words for _title, words in desk.said if said and said in words] == (
        [desk.said[-1][1]] if said else []
    )


def test_the_first_address_is_that_of_where_people_speak(
    room: IncidentsRoom, desk: StandInDesk, log: LogBook, qapp: QApplication
) -> None:
    named(log, room, "Hall", "")
    named(log, room)
    dossier = room.page.dossier
    assert dossier is not None
    assert first_address(dossier.incident) == TEL
    actions(room)["incident.channel.copy"].run()
    assert qapp.clipboard().text() == TEL
    assert desk.said[-1] == ("Copied", TEL)
    assert len(room.page.channels.rows) == 2
