"""What is asked before an incident is moved, and which other one is meant."""

from __future__ import annotations

import pytest

from crisisdesk.desk.incidents.dossier import Dossier
from crisisdesk.desk.incidents.move_questions import (
    find_other,
    merge_question,
    others_of,
    restrict_question,
    split_question,
)
from crisisdesk.domain.errors import Malformed

from tests.desk.incidents.test_list_rows import INNER, OTHER, PART, WHOLE, row

MAILS = row("INC-E", 5, title="Mails are late")
MAIL_QUEUE = row("INC-F", 6, title="Mail queue grows")


def test_only_open_ones_that_stand_for_themselves_can_be_the_whole():
    rows = [WHOLE, PART, INNER, OTHER, MAILS]
    assert [r.incident_id for r in others_of("INC-D", rows)] == ["INC-E", "INC-A"]


def test_the_only_other_one_is_offered(dossier: Dossier):
    one = merge_question(dossier.incident, [MAILS])
    assert (one.asked[0].value, one.asked[0].hint) == ("INC-E", "INC-E Mails are late")
    assert merge_question(dossier.incident, [MAILS, OTHER]).asked[0].value == ""


@pytest.mark.parametrize(
    ("text", "found"), [("inc-d", "INC-D"), ("late mails", "INC-E"), (" queue ", "INC-F")]
)
def test_an_id_or_words_name_one(text: str, found: str):
    assert find_other(text, [MAILS, MAIL_QUEUE, OTHER]).incident_id == found


@pytest.mark.parametrize(
    ("text", "problem", "remedy"),
    [
        ("", "is empty", "write an id"),
        ("mail", "fits 2 incidents", "write one id: INC-E Mails are late, INC-F"),
        ("disk", "no open incident is called 'disk'", "there are INC-E Mails are late"),
    ],
)
def test_what_names_none_or_several_is_refused_with_the_choices(
    text: str, problem: str, remedy: str
):
    with pytest.raises(Malformed) as refused:
        find_other(text, [MAILS, MAIL_QUEUE])
    assert refused.value.field == "into"
    assert problem in refused.value.problem
    assert remedy in refused.value.remedy


def test_without_another_incident_it_says_so():
    with pytest.raises(Malformed) as refused:
        find_other("mails", [])
    assert refused.value.remedy == "there is no other open incident"


def test_a_split_carries_its_alerts_and_a_restriction_its_readers(dossier: Dossier):
    split = split_question(dossier.alerts[:2])
    assert split.title == "Split 2 alerts off"
    assert split.key.split()[1:] == [alert.alert_id for alert in dossier.alerts[:2]]
    assert split.asked[0].value == dossier.alerts[0].title
    assert restrict_question(dossier.incident).asked[0].field == "readers"
