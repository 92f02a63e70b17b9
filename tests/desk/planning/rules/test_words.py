"""What a rule says, in words; what cannot be read says so."""

from __future__ import annotations

import pytest

from crisisdesk.desk.planning.rules.starters import STARTERS
from crisisdesk.desk.planning.rules.words import KIND_WORDS, RULE_KINDS, said, standing
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.publishing import CHECKS


def test_every_kind_of_rule_has_its_words() -> None:
    assert set(KIND_WORDS) == set(RULE_KINDS)
    assert set(RULE_KINDS) <= set(CHECKS)
    for content in STARTERS.values():
        assert said("New", content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"kind": "correlation", "by": ["service"]}, "Proposes as an incident 3 alerts or more"),
        (
            {"kind": "correlation", "by": ["service"], "accept": "at once"},
            "Opens an incident of 3 alerts or more with the same service",
        ),
        ({"kind": "correlation", "disabled": True}, "Switched off"),
        (
            {"kind": "dependencies", "services": {"shop": ["db", "cdn"]}},
            "shop needs db, cdn. While an alert of critical or worse",
        ),
        (
            {"kind": "inhibition", "when": "a=b", "keep_quiet": "c=d", "equal": ["place"]},
            'While a="b" is open, c="d" with the same place pages nobody.',
        ),
        (
            {"kind": "channel_dependencies", "channels": {"sms": ["carrier:x", "-dns"]}},
            "sms also needs carrier:x. sms does not need dns.",
        ),
    ],
)
def test_each_is_told_in_a_sentence(content: dict[str, object], words: str) -> None:
    assert said("R", content).startswith(words)


def test_many_services_are_counted() -> None:
    services = {f"s{n:02}": ["db"] for n in range(9)}
    assert "; and 3 more" in said("R", {"kind": "dependencies", "services": services})


def test_how_a_rule_stands_is_told_with_it() -> None:
    assert standing("R", {"kind": "correlation", "by": ["service"]})[0] == "counts now"
    assert standing("R", {"kind": "correlation", "disabled": True})[0] == "switched off"
    word, words = standing("R", {"kind": "correlation", "by": ["colour"]})
    assert (word, "by[0]" in words) == ("not used", True)
    assert standing("R", {"kind": "of a newer program"})[0] == "not used"
    with pytest.raises(Malformed):
        said("R", {"kind": "inhibition", "when": ""})
