"""The routes of contacts and of the station."""

from __future__ import annotations

from typing import Any

from tests.api.station import Station

URL = "mailtos://ana:hunter22@mail.example.org?to=ana@example.org"


def saved(station: Station, **fields: Any) -> dict[str, Any]:
    card = {"name": "Ana", "methods": [{"label": "mail", "url": URL}], **fields}
    answer = station.ask("POST", "/crisis/contacts/", json=card)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_an_address_goes_in_and_never_comes_out(station: Station) -> None:
    made = saved(station)
    [method] = made["methods"]
    assert station.secrets.kept == {f"method:{method['method_id']}": URL}
    assert method["channel"]
    assert "hunter22" not in str(made)
    listed = station.ask("GET", "/crisis/contacts/")
    assert "hunter22" not in listed.text
    path = f"/crisis/contacts/{made['contact_id']}/"
    card = {"name": "Ana B", "methods": [{"method_id": method["method_id"], "label": "new"}]}
    kept = station.ask("PUT", path, json=card).json()
    assert kept["methods"][0]["masked"] == method["masked"]
    assert station.secrets.kept == {f"method:{method['method_id']}": URL}
    other = URL.replace("hunter22", "hunter33")
    card["methods"][0]["url"] = other  # type: ignore[index]
    assert station.ask("PUT", path, json=card).status_code == 200
    assert station.secrets.kept == {f"method:{method['method_id']}": other}
    for pos, raw, body in station.reader(lambda r: r.events_after(0)):
        assert pos
        assert b"hunter" not in raw + body


def test_refusals_never_repeat_the_address(station: Station) -> None:
    made = saved(station)
    path = f"/crisis/contacts/{made['contact_id']}/"
    before, kept = station.head(), dict(station.secrets.kept)
    for methods, status, field in [
        ([{"url": "nonsense-hunter22"}], 400, "methods[0].url"),
        ([{"url": {"x": "hunter22"}}], 400, "methods[0].url"),
        ([{"label": "no url"}], 400, "methods[0].url"),
        ([{"method_id": "M-other", "url": URL}], 404, "methods[0].method_id"),
        ([{"url": URL, "token": "hunter22"}], 400, "methods[0].token"),
        ([{"url": URL, "min_severity": "bad"}], 400, "methods[0].min_severity"),
    ]:
        answer = station.ask("PUT", path, json={"name": "Ana", "methods": methods})
        assert answer.status_code == status, answer.text
        assert answer.json()["error"]["field"] == field
        assert "hunter22" not in answer.text
    twice = [{"method_id": made["methods"][0]["method_id"]}] * 2
    assert station.ask("PUT", path, json={"name": "A", "methods": twice}).status_code == 400
    assert station.ask("PUT", path, json={"name": " ", "methods": []}).status_code == 400
    assert (station.head(), station.secrets.kept) == (before, kept)


def test_a_test_page_is_queued_and_a_contact_removed(station: Station) -> None:
    made = saved(station)
    path = f"/crisis/contacts/{made['contact_id']}/"
    method = made["methods"][0]["method_id"]
    answer = station.ask("POST", f"{path}methods/{method}/test/")
    assert answer.status_code == 202
    delivery = answer.json()["delivery_id"]
    listed = station.ask("GET", "/crisis/notifications/").json()["results"]
    assert [n["notification_id"] for n in listed] == [delivery]
    assert listed[0]["recipients"] == ["Ana"]
    assert station.ask("POST", f"{path}methods/M-none/test/").status_code == 404
    assert station.ask("DELETE", path).status_code == 204
    assert station.ask("DELETE", path).status_code == 404
    assert station.ask("GET", "/crisis/contacts/").json() == {"results": []}


def test_the_station_has_a_name_and_an_operator(station: Station) -> None:
    assert station.ask("GET", "/crisis/station/").json()["operator"] == ""
    told = station.ask("PUT", "/crisis/station/", json={"name": "North", "operator": "Zoë Ng"})
    assert (told.json()["name"], told.json()["operator"]) == ("North", "Zoë Ng")
    before = station.head()
    same = station.ask("PUT", "/crisis/station/", json={"name": "North", "operator": "Zoë Ng"})
    assert same.json() == told.json()
    assert station.ask("PUT", "/crisis/station/", json={"operator": None}).status_code == 400
    assert (
        station.ask("PUT", "/crisis/station/", json={"name": "x", "operator": " "}).status_code
        == 400
    )
    assert station.head() == before
    heard = station.ask("POST", "/crisis/station/sounds/critical/heard/").json()
    assert list(heard["sounds_heard"]) == ["critical"]
    assert station.ask("POST", "/crisis/station/sounds/loud/heard/").status_code == 400


def test_a_card_with_one_bad_address_keeps_none_of_them(station: Station) -> None:
    methods = [{"label": "mail", "url": URL}, {"label": "odd", "url": "nonsense"}]
    answer = station.ask("POST", "/crisis/contacts/", json={"name": "Ana", "methods": methods})
    assert answer.status_code == 400
    assert answer.json()["error"]["field"] == "methods[1].url"
    assert station.secrets.kept == {}


def test_the_address_of_a_method_that_is_gone_is_forgotten(station: Station) -> None:
    both = [{"label": "a", "url": URL}, {"label": "b", "url": URL}]
    made = saved(station, methods=both)
    first, second = (m["method_id"] for m in made["methods"])
    path = f"/crisis/contacts/{made['contact_id']}/"
    card = {"name": "Ana", "methods": [{"method_id": second, "label": "b"}]}
    assert station.ask("PUT", path, json=card).status_code == 200
    assert station.secrets.kept == {f"method:{second}": URL}
    assert first != second
    assert station.ask("DELETE", path).status_code == 204
    assert station.secrets.kept == {}


CARD: dict[str, Any] = {
    "zone": "Europe/Prague",
    "locale": "cs_cz",
    "quiet": [{"from": "22:00", "to": "06:00", "days": [4, 0, 0]}],
    "groups": ["DBA", "Night"],
    "notes": "speaks Czech",
    "emergency": {"phones": ["+420 777 123 456"], "mails": ["ana@example.org"]},
}


def test_the_fields_of_a_person_go_in_and_come_out(station: Station) -> None:
    methods = [{"url": URL, "emergency": True, "quiet": []}, {"url": f"{URL}&x=1"}]
    made = saved(station, methods=methods, **CARD)
    span = {"from": "22:00", "to": "06:00", "days": [0, 4], "min_severity": "critical"}
    assert {name: made[name] for name in CARD} == CARD | {"locale": "cs-CZ", "quiet": [span]}
    assert [(m["emergency"], m["quiet"]) for m in made["methods"]] == [(True, []), (False, None)]
    path = f"/crisis/contacts/{made['contact_id']}/"
    bare = station.ask("PUT", path, json={"name": "Ana"}).json()
    assert (bare["zone"], bare["quiet"], bare["emergency"]) == (
        "",
        [],
        {"phones": [], "mails": []},
    )


def test_a_field_that_cannot_be_is_named(station: Station) -> None:
    made = saved(station)
    before, kept = station.head(), dict(station.secrets.kept)
    known = {"method_id": made["methods"][0]["method_id"], "url": URL.replace("22", "33")}
    wrongs: list[tuple[dict[str, Any], str]] = [
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"locale": "!"}, "locale"),
        ({"quiet": [{"from": "22:00", "to": "06:00"}]}, "zone"),
        ({"zone": "UTC", "quiet": [{"from": "25:00", "to": "06:00"}]}, "quiet[0].from"),
        ({"zone": "UTC", "quiet": [{"from": "06:00", "to": "06:00"}]}, "quiet[0].to"),
        ({"zone": "UTC", "quiet": [{"from": "06:00", "to": "07:00", "days": []}]}, "quiet[0].days"),
        ({"emergency": {"phones": ["none"]}}, "emergency.phones[0]"),
        ({"emergency": {"mails": ["ann"]}}, "emergency.mails[0]"),
        ({"groups": [" "]}, "groups[0]"),
    ]
    for wrong, field in wrongs:
        card: dict[str, Any] = {"name": "Ana", "methods": [{"url": URL}], **wrong}
        answer = station.ask("POST", "/crisis/contacts/", json=card)
        assert (answer.status_code, answer.json()["error"]["field"]) == (400, field), answer.text
        path = f"/crisis/contacts/{made['contact_id']}/"
        answer = station.ask("PUT", path, json=card | {"methods": [known]})
        assert (answer.status_code, answer.json()["error"]["field"]) == (400, field), answer.text
    assert (station.head(), station.secrets.kept) == (before, kept)
