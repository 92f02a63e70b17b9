"""The room on a real station: orders through door, engine and store, and back on screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.api.client import ApiRefused, Client
from crisisdesk.desk.incidents.draft import Draft
from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.room import Refusal
from crisisdesk.desk.snapshot import Change
from crisisdesk.domain.event import unseal
from crisisdesk.engine.clock import SystemClock
from crisisdesk.store.queries import StationReader

from tests.api.station import BASE, DESK, Station
from tests.desk.incidents.desk_stand_in import StandInDesk
from tests.domain.incident_log import LogBook


class ToStation(httpx.BaseTransport):
    """Carries the client's requests to the station's real application."""

    def __init__(self, station: Station) -> None:
        self.station = station

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.station.run(
            self.station.http.request(
                request.method, request.url, headers=request.headers, content=request.read()
            )
        )
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


class StationDesk(StandInDesk):
    """A desk whose commands and questions go to the real station, within the call."""

    def __init__(self, station: Station) -> None:
        super().__init__(LogBook(), 0)
        self.clock = SystemClock()
        self.reader = StationReader(station.path)
        self.door = Client(BASE, DESK, "Klára Langová", transport=ToStation(station))
        self.pos = 0

    def now_ms(self) -> int:
        return self.clock.now_ms()

    def command(self, words: str, call: Any, done: Any = None, refused: Any = None) -> None:
        try:
            result = call(self.door)
        except ApiRefused as error:
            refused(Refusal(words=error.problem, remedy=error.remedy, field=error.field))
        else:
            if done is not None:
                done(result)

    def ask(self, question: Any, answer: Any) -> None:
        answer(question(self.reader))

    def change(self) -> Change:
        """What the reader thread would hand over now."""
        events = [unseal(row.raw, row.body) for row in self.reader.events_after(self.pos, 1_000)]
        full, self.pos = self.pos == 0, self.reader.head_pos()
        return Change(
            incidents=self.reader.incident_rows(),
            full=full,
            touched=frozenset(event.agg for event in events),
            updates_changed=any(event.kind.startswith("update.") for event in events),
        )


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path)
    yield made
    made.close()


@pytest.fixture
def desk(station: Station) -> Iterator[StationDesk]:
    made = StationDesk(station)
    yield made
    made.door.close()
    made.reader.close()


@pytest.fixture
def room(look: Look, desk: StationDesk, qtbot: QtBot) -> IncidentsRoom:
    made = IncidentsRoom(desk)
    qtbot.addWidget(made)
    made.resize(1228, 674)
    made.show()
    made.on_snapshot(desk.change())
    return made


def declare(room: IncidentsRoom, desk: StationDesk, qtbot: QtBot) -> str:
    room.begin_declaring()
    qtbot.keyClicks(room.form.title, "Orders are down")
    qtbot.keyClick(room.form.title, Qt.Key.Key_Return)
    room.on_snapshot(desk.change())
    return room.current()


def lines(room: IncidentsRoom) -> list[str]:
    return [entry.told.plain for entry in room.page.timeline.view.rows.rows()]


def test_an_incident_from_its_declaration_to_its_reopening(
    room: IncidentsRoom, desk: StationDesk, station: Station, qtbot: QtBot
):
    incident_id = declare(room, desk, qtbot)
    assert incident_id.startswith("INC-")
    assert room.page.value_of("commander") == "Klára Langová"

    alert = station.raised(title="Disk full", severity="critical", service="orders-db")["id"]
    desk.door.link_alert(incident_id, alert)
    composer = room.page.timeline.composer
    composer.take_draft(Draft(text="Lag holds at 41 s.\nsince the freeze", is_public=True))
    composer._post()
    assert composer.draft() == Draft()
    for field, text in (
        ("user_impact_count", "18 400"),
        ("financial_impact_cents", "40 200.50"),
        ("response_team", "Mateo Ruiz, Priya Nair"),
        ("root_cause", "The link broke."),
    ):
        editor = room.page.editors()[field]
        editor.take_draft(text)
        editor._save()
        assert not editor.is_editing(), editor.refusal
    room.on_snapshot(desk.change())
    assert room.page.value_of("financial_impact_cents") == 4_020_050
    assert room.page.value_of("response_team") == ["Mateo Ruiz", "Priya Nair"]
    assert room.page.figures.cells["alerts"].figure.below == "1 firing"

    room.page.ladder.begin()
    qtbot.keyClick(room.page.ladder, Qt.Key.Key_Return)
    room.page.strip.given.emit("resolve", {"summary": "fra2 took over"})
    room.on_snapshot(desk.change())
    assert (room.page.value_of("status"), room.count()) == ("resolved", 0)
    room.orderly.press("reopen")
    room.page.strip.given.emit("reopen", {"reason": "errors are back"})
    room.role_work.press_about("fill", "commander")
    named = {"who": "Mateo Ruiz", "role": "commander", "reason": "he is on site"}
    room.page.strip.given.emit("role.fill commander", named)
    room.on_snapshot(desk.change())
    told = lines(room)
    assert told[:4] == [
        "Command handed over: Klára Langová → Mateo Ruiz",
        "Reopened, it had been resolved",
        "Status: investigating → resolved",
        "Status: open → investigating",
    ]
    assert set(told[4:]) == {
        "Incident declared as major, led by Klára Langová",
        "orders-db fired (critical): Disk full",
        "Alert attached: orders-db, Disk full",
        "Lag holds at 41 s.",
        "Users affected: 0 → 18\u00a0400",
        "Money: nothing → 40\u00a0200.50",
        "Team: Mateo Ruiz, Priya Nair joined",
        "Root cause written",
    }


def test_an_entry_happens_earlier_is_edited_and_withdrawn(
    room: IncidentsRoom, desk: StationDesk, qtbot: QtBot
):
    declare(room, desk, qtbot)
    composer = room.page.timeline.composer
    composer.take_draft(Draft(text="Seen before", happened="00:00"))
    composer._post()
    room.on_snapshot(desk.change())
    view = room.page.timeline.view
    view.setCurrentIndex(view.rows.index(1, 0))
    entry = room.orderly.entry()
    assert entry is not None
    assert entry.happened_at % 86_400_000 == 0
    assert entry.logged_at > entry.happened_at
    room.orderly.edit_entry()
    composer.field.setPlainText("Seen at midnight")
    composer._post()
    room.on_snapshot(desk.change())
    edited = view.rows.row(1)
    assert (edited.told.plain, [r.title for r in edited.revisions]) == (
        "Seen at midnight",
        ["Seen before"],
    )
    room.orderly.flag_entry("hidden", value=True)
    room.on_snapshot(desk.change())
    assert lines(room)[1] == "Entry withdrawn"


def test_what_the_engine_refuses_is_said_and_kept(
    room: IncidentsRoom, desk: StationDesk, qtbot: QtBot
):
    declare(room, desk, qtbot)
    editor = room.page.editors()["user_impact_count"]
    editor.take_draft("99 999 999 999")
    editor._save()
    assert editor.draft() == "99 999 999 999"
    assert editor.refusal.startswith("Not saved: ")
    title = room.page.editors()["title"]
    title.take_draft("   ")
    title._save()
    assert title.is_editing()
    assert title.refusal.startswith("Not saved: ")


def test_command_is_handed_over_and_a_role_taken_over_by_brief_and_read_back(
    room: IncidentsRoom, desk: StationDesk, station: Station, qtbot: QtBot
):
    incident_id = declare(room, desk, qtbot)
    for name in ("Mateo Ruiz", "Klára Langová"):
        desk.door.save_contact({"name": name, "methods": []})
    form = room.page.form

    def answer(**values: str) -> None:
        assert form.question is not None
        form.given.emit(form.question.key, {**form.values(), **values})
        room.on_snapshot(desk.change())

    room.role_work.press("hand")
    answer(to="Nobody Here")
    assert "nobody here is called" in form._rows["to"].words.text()
    answer(to="Mateo Ruiz", next="Stop one writer")
    assert form.question is None
    assert "offered to Mateo Ruiz" in room.page.team.list.lines.row(0).aside

    mateo = Client(BASE, DESK, "Mateo Ruiz", transport=ToStation(station))
    mateo.decline_role(incident_id, "commander", "I am on a train")
    mateo.assume_role(incident_id, "scribe")
    mateo.offer_role(incident_id, "scribe", "Klára Langová", {"known": "Nothing is written yet"})
    room.on_snapshot(desk.change())
    assert [cell.label for cell in room.clocks()][:1] == ["hand-over: scribe"]
    room.role_work.press("hand")
    answer(said="Nothing is written yet")
    assert "own words" in form._rows["said"].words.text()
    answer(said="I write the log from zero")
    seats = {line.role: line for line in room.page.team.list.lines.rows()}
    assert seats["scribe"].names == seats["commander"].names == ("Klára Langová",)
    assert "scribe at once" in room.page.team.strain.text()
    mateo.close()


def test_a_decision_from_its_writing_to_its_taking_back(
    room: IncidentsRoom, desk: StationDesk, qtbot: QtBot
):
    incident_id = declare(room, desk, qtbot)
    form, strip = room.page.form, room.page.strip

    def answer(**values: str) -> None:
        asker = form if form.question is not None else strip
        assert asker.question is not None
        asker.given.emit(asker.question.key, {**asker.values(), **values})
        room.on_snapshot(desk.change())
        room.tick(desk.now_ms())

    room.decision_work.press("log")
    answer(title="Fail over to fra2", options="Wait", objections="Bo: 4 s", check="15m")
    view = room.page.decisions.list
    view.setCurrentIndex(view.lines.index(0, 0))
    assert view.lines.row(0).options == ["Wait"]
    room.decision_work.press("answer")
    answer(answer="taken into account")
    assert view.lines.row(0).unanswered == []
    room.decision_work.press("look")
    answer(result="orders flow", check="1h")
    assert view.lines.row(0).checks[0]["result"] == "orders flow"
    room.decision_work.press("change")
    answer(risk="4 s of orders")
    room.decision_work.press("revert")
    answer(reason="the lag grew")
    one = desk.door.decisions(incident_id)[0]
    assert (one["status"], one["risk"], one["reason"]) == (
        "reverted", "4 s of orders", "the lag grew",
    )  # fmt: skip
    assert room.page.decisions.head.accessibleName() == "Decisions 0 standing, 1 reverted"
