"""A label means one target, however people, schedules and groups are called."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.planning.policies.targets import Labels, used_targets
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.rehearsal import by_id

from tests.domain.escalation.people import person

NAMES = st.sampled_from(["Ann", "Everyone", "Group Ann", "On call by Ann", "Ann · C-1", " Ann", ""])


@given(
    people=st.lists(NAMES, max_size=6),
    schedules=st.sets(NAMES, max_size=3),
    groups=st.sets(NAMES, max_size=3),
)
def test_every_label_is_read_as_the_target_it_is_of(
    people: list[str], schedules: set[str], groups: set[str]
) -> None:
    contacts = by_id(Contact(contact_id=f"C-{i}", name=name) for i, name in enumerate(people))
    labels = Labels(contacts, schedules, groups, [{"contact": "C-GONE"}, {"group": "Gone"}])
    assert len(set(labels.all())) == len(labels.all())
    assert len(labels.all()) == 1 + len(people) + len(schedules) + len(groups) + 2
    for label in labels.all():
        assert labels.of(labels.read(label)) == label


def test_what_nobody_knows_says_so() -> None:
    removed = replace(person("Ann"), removed=True)
    used = [{"contact": "C-Ann"}, {"schedule": "Night"}]
    labels = Labels(by_id([removed]), [], [], used)
    assert [labels.of(target) for target in used] == [
        "Contact C-Ann (unknown)",
        "On call by Night (unknown)",
    ]
    assert labels.of({"contact": ""}) == ""


def test_targets_can_be_typed_before_they_are_known() -> None:
    labels = Labels(by_id([person("Ann Lee")]), ["Night"], [])
    assert labels.read("ann lee") == {"contact": "C-Ann Lee"}
    assert labels.read("schedule Day") == {"schedule": "Day"}
    assert labels.read("Group Managers") == {"group": "Managers"}
    assert labels.read("contact C-9") == {"contact": "C-9"}
    assert labels.read("C-9") == {"contact": "C-9"}
    assert labels.read("  ") == {"contact": ""}


def test_the_targets_of_a_content_are_found_in_order() -> None:
    one, two, three = {"contact": "C-1"}, {"group": "G"}, {"everyone": True}
    content = {"steps": [{"to": [one, two]}, {"to": [three]}], "otherwise": [two]}
    assert used_targets(content) == [one, two, three, two]
    assert used_targets({"steps": {"first": []}}) == []
