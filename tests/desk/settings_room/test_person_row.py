"""What becomes of a card when one thing of it is changed."""

from __future__ import annotations

from typing import Any

from crisisdesk.desk.settings_room.person_row import method_words, put_first, switched, without
from crisisdesk.domain.contact import Contact


def method(name: str, **more: Any) -> dict[str, Any]:
    told = {"method_id": name, "channel": "sms", "masked": "…", "min_severity": "high"}
    return told | {"label": "", "enabled": True} | more


ANN = Contact(
    contact_id="C-1",
    name="Ann",
    zone="UTC",
    methods=[method("a", quiet=[]), method("b", enabled=False), method("c", emergency=True)],
)


def ids(card: dict[str, Any]) -> list[str]:
    return [one["method_id"] for one in card["methods"]]


def test_a_method_is_switched_and_nothing_else_changes() -> None:
    card = switched(ANN, "b")
    assert [one["enabled"] for one in card["methods"]] == [True, True, True]
    assert (ids(card), card["name"], card["zone"], card["enabled"]) == (
        *(["a", "b", "c"], "Ann", "UTC"),
        True,
    )
    assert [one["enabled"] for one in switched(ANN, "a")["methods"]] == [False, False, True]
    assert card["methods"][0]["quiet"] == []
    assert card["methods"][2]["emergency"] is True
    assert ANN.methods[1]["enabled"] is False, "the card that was read stays as it is"


def test_a_person_is_switched_off_whole() -> None:
    assert switched(ANN)["enabled"] is False
    assert ids(switched(ANN)) == ["a", "b", "c"]


def test_a_method_is_put_first_or_taken_away() -> None:
    assert ids(put_first(ANN, "c")) == ["c", "a", "b"]
    assert ids(without(ANN, "b")) == ["a", "c"]


def test_words_say_whether_it_is_used() -> None:
    assert method_words(ANN.methods[0]) == "sms, high and worse"
    assert method_words(method("b", enabled=False, label="Night")) == "Night, high and worse, off"
