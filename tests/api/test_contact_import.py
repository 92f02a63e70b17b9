"""The route that takes in files of contacts: a look first, then all or nothing."""

from __future__ import annotations

from typing import Any

from tests.api.station import Station

PATH = "/crisis/contacts/import/"
URL = "mailtos://ana:hunter22@mail.example.org?to=ana@example.org"
CSV = f"""Name;E-mail;Phone;Zone;Quiet hours;Groups;Address
Ana Malá;ana@example.org;+420 777 1;Europe/Prague;Mon-Fri 22:00-06:00;DBA;{URL}
Jan Novák;jan@example.org;;;;;
"""


def asked(station: Station, text: str, *, apply: bool = False, form: str = "csv") -> dict[str, Any]:
    answer = station.ask("POST", PATH, json={"format": form, "text": text, "apply": apply})
    assert answer.status_code == 200, answer.text
    assert "hunter" not in answer.text
    told: dict[str, Any] = answer.json()
    return told


def counts(told: dict[str, Any]) -> tuple[int, int, int, int]:
    return told["added"], told["changed"], told["unchanged"], told["refused"]


def contacts(station: Station) -> dict[str, dict[str, Any]]:
    listed = station.ask("GET", "/crisis/contacts/").json()["results"]
    return {contact["name"]: contact for contact in listed}


def test_a_look_keeps_nothing_and_taking_in_keeps_all(station: Station) -> None:
    before = station.head()
    looked = asked(station, CSV)
    assert (looked["applied"], counts(looked)) == (False, (2, 0, 0, 0))
    assert [row["row"] for row in looked["rows"]] == [2, 3]
    assert (station.head(), station.secrets.kept) == (before, {})
    done = asked(station, CSV, apply=True)
    assert (done["applied"], counts(done)) == (True, (2, 0, 0, 0))
    ana = contacts(station)["Ana Malá"]
    assert ana["contact_id"] == done["rows"][0]["contact_id"]
    assert ana["quiet"][0]["days"] == [0, 1, 2, 3, 4]
    assert ana["emergency"] == {"phones": ["+420 777 1"], "mails": ["ana@example.org"]}
    assert station.secrets.kept == {f"method:{ana['methods'][0]['method_id']}": URL}


def test_taking_in_twice_changes_nothing_but_a_password(station: Station) -> None:
    asked(station, CSV, apply=True)
    before = station.head()
    again = asked(station, CSV.replace("hunter22", "hunter33"), apply=True)
    assert counts(again) == (0, 0, 2, 0)
    assert station.head() == before
    [kept] = station.secrets.kept.values()
    assert kept == URL.replace("hunter22", "hunter33")


def test_the_same_mail_or_name_changes_and_nothing_is_taken_away(station: Station) -> None:
    asked(station, CSV, apply=True)
    text = "Name,Email,Role\nAna Nová,ANA@example.org,DBA\njan novák,,Network\n"
    told = asked(station, text, apply=True)
    assert [(r["outcome"], r["changes"]) for r in told["rows"]] == [
        ("changed", ["name", "role", "emergency"]),
        ("changed", ["name", "role"]),
    ]
    ana = contacts(station)["Ana Nová"]
    assert (ana["role"], ana["zone"], len(ana["methods"])) == ("DBA", "Europe/Prague", 1)


def test_one_bad_row_refuses_the_whole_file(station: Station) -> None:
    text = "Name,Zone,Address\nAna,UTC,mailtos://a:hunter22@x.org\nBob,Mars,\n,UTC,\nEve,,hunter\n"
    looked = asked(station, text)
    assert counts(looked) == (1, 0, 0, 3)
    assert [(r["row"], r["error"]["field"]) for r in looked["rows"] if r["error"]] == [
        (3, "zone"),
        (4, "name"),
        (5, "address"),
    ]
    before = station.head()
    answer = station.ask("POST", PATH, json={"format": "csv", "text": text, "apply": True})
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["field"] == "row 3, zone"
    assert "2 more rows" in error["problem"]
    assert "hunter" not in answer.text
    assert (station.head(), station.secrets.kept) == (before, {})


def test_what_is_no_file_of_contacts_is_refused(station: Station) -> None:
    for order, field in [
        ({"format": "xls", "text": "x"}, "format"),
        ({"format": "csv", "text": ""}, "text"),
        ({"format": "csv", "text": "a,b\n1,2\n"}, "text"),
        ({"format": "vcard", "text": "BEGIN:VCARD\n"}, "text"),
        ({"format": "csv", "text": "Name\nx", "url": "y"}, "url"),
    ]:
        answer = station.ask("POST", PATH, json=order)
        assert (answer.status_code, answer.json()["error"]["field"]) == (400, field), answer.text
