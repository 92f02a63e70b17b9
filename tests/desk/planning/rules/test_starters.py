"""What a new rule begins with can be published as it stands, once it has a name."""

from __future__ import annotations

from crisisdesk.desk.planning.rules.starters import CHOOSE, KEYS, STARTERS
from crisisdesk.desk.planning.rules.words import RULE_KINDS
from crisisdesk.domain.publishing import checked_content


def test_there_is_one_for_each_kind_and_it_can_be_published() -> None:
    assert set(STARTERS) == set(RULE_KINDS) == set(KEYS)
    for kind, content in STARTERS.items():
        assert checked_content("New", content)["kind"] == kind


def test_each_is_offered_with_a_key_of_its_own() -> None:
    assert [card.key for card in CHOOSE.cards] == list(STARTERS)
    assert len({card.keys for card in CHOOSE.cards}) == len(STARTERS)
    # The keys that lead away or through the list go on meaning that.
    assert not {card.keys for card in CHOOSE.cards} & {"N", "J", "K", "F", "/"}
