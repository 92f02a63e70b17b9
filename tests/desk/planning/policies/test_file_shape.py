"""A draft as a file, and why a text is none."""

from __future__ import annotations

from crisisdesk.desk.planning.policies.content import fresh
from crisisdesk.desk.planning.policies.drafts import Draft
from crisisdesk.desk.planning.policies.file_shape import PolicyFile, file_fault

DRAFT = Draft("d", "Night", fresh(), of="Night", began="POL-1")


def test_a_policy_comes_back_from_its_file() -> None:
    shape = PolicyFile()
    assert shape.draft(shape.text(DRAFT), DRAFT._replace(name="", content={})) == DRAFT


def test_a_text_that_is_none_says_why_and_one_that_is_does_not() -> None:
    shape = PolicyFile()
    fault = file_fault(shape, DRAFT._replace(raw="name: ["))
    assert fault is not None
    assert "no YAML" in fault.problem
    assert file_fault(shape, DRAFT._replace(raw=shape.text(DRAFT))) is None
