"""Every name of a field that the domain gives leads to a place on the form."""

from __future__ import annotations

import pytest

from crisisdesk.desk.planning.policies.fields import Place, fault_words, field_words, place_of
from crisisdesk.domain.errors import Malformed


@pytest.mark.parametrize(
    ("field", "place", "words"),
    [
        ("name", Place("name"), "Name"),
        ("for", Place("for"), "Alerts that match"),
        ("content.for", Place("for"), "Alerts that match"),
        ("steps", Place("steps"), "Steps"),
        ("steps[0]", Place("", 0), "Step 1"),
        ("steps[11].wait_s", Place("wait_s", 11), "Step 12, delay"),
        ("steps[1].to", Place("to", 1), "Step 2, targets"),
        ("steps[1].to[2].contact", Place("to", 1, 2), "Step 2, target 3"),
        ("otherwise", Place("otherwise"), "If a step finds nobody"),
        ("otherwise[0].everyone", Place("otherwise", target=0), "If a step finds nobody, target 1"),
        ("unheard", Place("unheard"), "unheard"),
    ],
)
def test_fields_have_places_and_words(field: str, place: Place, words: str) -> None:
    assert place_of(field) == place
    assert field_words(field) == words


def test_spans_are_said_as_they_are_typed() -> None:
    fault = Malformed("steps[0].wait_s", "5 is out of bounds", "write 30 to 604800")
    words = fault_words(fault).replace("\u00a0", " ")
    assert words == "5 is out of bounds; write 30 s to 7 d, such as 5 min."
    target = Malformed("steps[0].to[1].contact", "is empty", 'write one of {"contact": id}')
    assert "choose a name" in fault_words(target)
    nobody = Malformed("steps[0].to", "is empty", "name at least one target")
    assert "remove the step" in fault_words(nobody)
    many = Malformed("steps[0].to", "has 21 entries", "keep at most 20")
    assert fault_words(many) == "Has 21 entries; keep at most 20."
    assert fault_words(Malformed("name", "is empty", "write a name")) == "Is empty; write a name."
