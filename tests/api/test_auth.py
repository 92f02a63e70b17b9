"""Who gets in where: the whole matrix of routes and tokens, read from the app itself."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.api.answers import Refused
from crisisdesk.api.auth import Auth, Grant, operator_name
from crisisdesk.api.mapped_changes import PATH as MAPPED

from tests.api.station import BEARER, DESK, INTAKE, Station

INTAKE_BEARER = {"authorization": f"Bearer {INTAKE}"}


def basic(password: str) -> dict[str, str]:
    pair = base64.b64encode(f"anyone:{password}".encode()).decode()
    return {"authorization": f"Basic {pair}"}


def routes(station: Station) -> list[tuple[str, str]]:
    """Every method and path that the document knows, path parameters filled in."""
    document = station.ask("GET", "/openapi.json").json()
    found = []
    for path, operations in document["paths"].items():
        filled = path.replace("{severity}", "low")
        while "{" in filled:
            before, _, rest = filled.partition("{")
            filled = f"{before}A-000000000000{rest.partition('}')[2]}"
        found += [(method.upper(), filled) for method in operations]
    return found


def is_intake(station: Station, path: str) -> bool:
    """Whether senders from outside post there."""
    return path in station.app.state.room.intakes or MAPPED.fullmatch(path) is not None


def test_every_route_refuses_strangers_and_the_wrong_scope(station: Station) -> None:
    # The feed never ends; whom it lets in is tested with the feed.
    matrix = [way for way in routes(station) if way[1] != "/crisis/feed"]
    assert len(matrix) >= 35
    matrix.append(("GET", "/openapi.json"))
    before = station.head()
    wrong = [{}, {"authorization": "Bearer wrong"}, {"authorization": "Bearer "}, basic("wrong")]
    for method, path in matrix:
        if path == "/healthz":
            assert station.bare(method, path).status_code == 200
            continue
        for headers in wrong:
            answer = station.bare(method, path, headers=headers)
            assert answer.status_code == 401, (method, path, headers, answer.text)
            assert answer.headers["www-authenticate"].startswith("Bearer")
            assert set(answer.json()) == {"error", "detail"}
        allowed = (method == "POST" and is_intake(station, path)) or path == "/api/v2/status"
        for headers in (INTAKE_BEARER, basic(INTAKE)):
            status = station.bare(method, path, headers=headers).status_code
            assert (status not in (401, 403)) if allowed else status == 403, (method, path, status)
        for headers in (BEARER, basic(DESK)):
            answer = station.bare(method, path, headers=headers)
            assert answer.status_code not in (401, 403), (method, path, answer.text)
    assert station.head() == before


def test_commands_of_the_desk_name_their_operator(station: Station) -> None:
    unnamed = 0
    for method, path in routes(station):
        if method == "GET" or is_intake(station, path):
            continue
        if path.startswith("/api/v2/silence"):
            continue  # amtool knows no such header; what it sets names its author in the body
        if method == "POST" and path.startswith("/crisis/heartbeats/A-"):
            continue  # whoever knows a heartbeat's address beats; no person acts
        answer = station.bare(method, path, headers=BEARER)
        assert answer.status_code == 400, (method, path, answer.text)
        unnamed += answer.json()["error"]["field"].lower() == "x-crisisdesk-operator"
    # Routes with a required body may name that first; none may act.
    assert unnamed >= 9
    answer = station.bare(
        "POST", "/crisis/alerts/", headers=BEARER, json={"title": "x", "severity": "low"}
    )
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "X-CrisisDesk-Operator")


@pytest.mark.parametrize(
    "name",
    ["engine", "SYSTEM", "source:probe", "Source:x", "", "%20", "a%0Ab", "%", "%zz", "%ff", "%00"],
)
def test_names_that_nobody_may_bear(name: str) -> None:
    with pytest.raises(Refused) as refused:
        operator_name(name)
    assert refused.value.status == 400
    assert refused.value.field == "X-CrisisDesk-Operator"


def test_names_come_in_any_script() -> None:
    assert operator_name("Zoe%CC%88%20Ng") == "Zoë Ng"
    assert operator_name("%E5%B1%B1%E7%94%B0") == "山田"
    with pytest.raises(Refused):
        operator_name("é")
    with pytest.raises(Refused):
        operator_name("x" * 151)


@given(st.binary(max_size=80))
def test_no_other_header_opens_anything(header: bytes) -> None:
    auth = Auth(desk_token=DESK, intake_tokens=(INTAKE, ""))
    assert auth.grant(header) is None
    assert auth.grant(b"Bearer " + header) is None
    assert auth.grant(b"Basic " + base64.b64encode(header)) is None


def test_an_empty_token_opens_nothing() -> None:
    auth = Auth(desk_token="", intake_tokens=("",))
    for header in (b"Bearer ", b"Bearer", b"Basic " + base64.b64encode(b":"), b"Basic Og=="):
        assert auth.grant(header) is None
    assert auth.grant_of_token("") is None


def test_tokens_do_not_show_in_its_text() -> None:
    auth = Auth(desk_token=DESK, intake_tokens=(INTAKE,))
    assert DESK not in repr(auth)
    assert INTAKE not in repr(auth)
    assert auth.grant(f"bearer  {DESK}".encode()) is Grant.DESK
