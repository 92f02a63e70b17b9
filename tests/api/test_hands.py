"""The routes of who has an alert, against a real engine and store."""

from __future__ import annotations

import pytest

from tests.api.station import DESK, Station


def ask(station: Station, who: str, method: str, path: str, **more: object) -> tuple[int, dict]:  # type: ignore[type-arg]
    headers = {"authorization": f"Bearer {DESK}", "X-CrisisDesk-Operator": who}
    answer = station.bare(method, path, headers=headers, **more)
    return answer.status_code, answer.json()


def taken(station: Station) -> str:
    """Ann has a critical alert; Bob is a contact."""
    made = station.raised(severity="critical")
    path = f"/crisis/alerts/{made['id']}/"
    assert ask(station, "Ann", "POST", f"{path}acknowledge/")[0] == 200
    assert ask(station, "Ann", "POST", "/crisis/contacts/", json={"name": "Bob"})[0] == 201
    return path


def test_what_is_acknowledged_has_an_end_and_a_word_moves_it(station: Station) -> None:
    path = taken(station)
    _code, before = ask(station, "Ann", "GET", path)
    assert before["hold_until"] > before["acknowledged_at"]
    code, after = ask(station, "Ann", "POST", f"{path}still/")
    assert (code, after["owner"]) == (200, "Ann")
    assert after["hold_until"] >= before["hold_until"]
    _code, history = ask(station, "Ann", "GET", f"{path}history/")
    assert history["results"][-1]["kind"] == "alert.ack_renewed"
    many = {"alert_ids": [after["id"]], "epochs": [after["epoch"]]}
    code, said = ask(station, "Ann", "POST", "/crisis/alerts/still/", json=many)
    assert (code, said) == (200, {"changed": [after["id"]]})


def test_a_hand_off_waits_for_its_answer(station: Station) -> None:
    path = taken(station)
    body = {"to": "bob", "note": "yours"}
    code, told = ask(station, "Ann", "POST", f"{path}hand-off/", json=body)
    assert code == 200
    offer = told["handoff"]
    assert (told["owner"], offer["by"], offer["to"], offer["note"]) == (
        "Ann",
        "Ann",
        "Bob",
        "yours",
    )
    code, said = ask(station, "Ann", "POST", f"{path}hand-off/accept/")
    assert (code, said["error"]["field"]) == (409, "alert_id")
    code, told = ask(station, "Bob", "POST", f"{path}hand-off/accept/")
    assert (code, told["owner"], told["handoff"]) == (200, "Bob", None)


def test_declined_or_taken_back_it_stays(station: Station) -> None:
    path = taken(station)
    for who, method, way, body in (
        ("Bob", "POST", "hand-off/decline/", {"reason": "asleep"}),
        ("Ann", "DELETE", "hand-off/", None),
    ):
        ask(station, "Ann", "POST", f"{path}hand-off/", json={"to": "Bob"})
        code, told = ask(station, who, method, f"{path}{way}", json=body)
        assert (code, told["owner"], told["handoff"]) == (200, "Ann", None)


def test_claiming_takes_it_over(station: Station) -> None:
    path = taken(station)
    code, told = ask(station, "Bob", "POST", f"{path}claim/")
    assert (code, told["owner"], told["status"]) == (200, "Bob", "investigating")
    assert told["acknowledged_by"] == "Ann"


@pytest.mark.parametrize(
    ("way", "body", "code", "field"),
    [
        ("hand-off/", {"to": "Nobody Known"}, 404, "to"),
        ("hand-off/", {"to": ""}, 400, "to"),
        ("hand-off/", {}, 400, "to"),
        ("hand-off/decline/", {"reason": ""}, 400, "reason"),
        ("hand-off/accept/", None, 409, "alert_id"),
    ],
)
def test_a_refusal_names_its_field_and_changes_nothing(
    station: Station, way: str, body: object, code: int, field: str
) -> None:
    path = taken(station)
    before = station.head()
    got, said = ask(station, "Ann", "POST", f"{path}{way}", json=body)
    assert (got, said["error"]["field"]) == (code, field)
    assert said["error"]["remedy"]
    assert station.head() == before


def test_an_alert_that_is_not_here_is_said_to_be_unknown(station: Station) -> None:
    for way in ("still/", "claim/", "hand-off/accept/"):
        code, said = ask(station, "Ann", "POST", f"/crisis/alerts/A-000000000000/{way}")
        assert (code, said["error"]["field"]) == (404, "alert_id")
