"""Publishing by the commands of rules, each with its way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crisisdesk.desk.planning.alert_rules.publishing import RulePublisher
from crisisdesk.desk.planning.alert_rules.reading import KnownAlertRules, known_of
from crisisdesk.desk.room import Refusal

from tests.desk.planning.alert_rules.cases import DISK, NOW, version


class Client:
    """Takes down what is asked of the engine."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def change_rule(self, rule_id: str, **changes: Any) -> dict[str, Any]:
        self.asked.append(("change", rule_id, changes.get("name"), changes.get("severity")))
        return {"rule_id": rule_id, "version_id": "POL-next"}

    def declare_rule(self, name: str, fields: dict[str, Any], again: str = "") -> dict[str, Any]:
        self.asked.append(("declare", name, fields["severity"], again))
        return {"rule_id": "RULE-NEW", "version_id": "POL-new"}

    def remove_rule(self, rule_id: str) -> None:
        self.asked.append(("remove", rule_id))


class Desk:
    """Sends at once, or refuses."""

    def __init__(self) -> None:
        self.client = Client()
        self.undo: Callable[[], None] | None = None
        self.said: list[str] = []
        self.refusal: Refusal | None = None

    def command(self, words: str, call: Any, done: Any, refused: Any) -> None:
        self.said.append(words)
        if self.refusal is not None:
            refused(self.refusal)
        else:
            done(call(self.client))

    def offer_undo(self, title: str, undo: Callable[[], None]) -> None:
        self.said.append(title)
        self.undo = undo

    def say(self, title: str, body: str = "", severity: str = "", icon: str = "") -> None:
        self.said.append(f"{title}: {body}")


class Bed:
    def __init__(self, known: KnownAlertRules, opened: str) -> None:
        self.desk, self.done = Desk(), list[str]()
        self.publisher = RulePublisher(
            self.desk,  # type: ignore[arg-type]
            lambda: known,
            lambda: None,
            lambda: opened,
        )

    def asked(self) -> list[tuple[Any, ...]]:
        return self.desk.client.asked

    def undo(self) -> None:
        assert self.desk.undo is not None
        self.desk.undo()


STANDS = known_of([version(1)])
GONE = known_of([version(1, gone=NOW + 5_000)])
LOW = {**DISK, "severity": "low"}


def test_a_standing_one_is_changed_and_changed_back() -> None:
    bed = Bed(STANDS, "RULE-DISK")
    bed.publisher.publish("Disks", LOW, bed.done.append)
    bed.undo()
    assert bed.asked() == [
        ("change", "RULE-DISK", "Disks", "low"),
        ("change", "RULE-DISK", "Disk", "critical"),
    ]
    assert (bed.done, bed.publisher.busy) == (["POL-next"], False)


def test_a_new_one_is_declared_and_removed_again() -> None:
    bed = Bed(STANDS, "")
    bed.publisher.publish("Other", LOW, bed.done.append)
    bed.undo()
    assert bed.asked() == [("declare", "Other", "low", ""), ("remove", "RULE-NEW")]


def test_a_removed_one_comes_back_as_itself() -> None:
    bed = Bed(GONE, "RULE-DISK")
    bed.publisher.publish("Disk", LOW, bed.done.append)
    assert bed.asked() == [("declare", "Disk", "low", "POL-RULE-DISK-1")]
    bed = Bed(STANDS, "RULE-DISK")
    bed.publisher.withdraw(STANDS.current["RULE-DISK"], lambda: bed.done.append("gone"))
    bed.undo()
    assert bed.done == ["gone"]
    assert bed.asked() == [
        ("remove", "RULE-DISK"),
        ("declare", "Disk", "critical", "POL-RULE-DISK-1"),
    ]


def test_one_is_switched_and_switched_back() -> None:
    bed = Bed(STANDS, "RULE-DISK")
    bed.publisher.switch(STANDS.current["RULE-DISK"], on=False, done=bed.done.append)
    assert bed.desk.said[-1] == "Switched “Disk” off. Its open alerts end."
    bed.undo()
    assert [one[0] for one in bed.asked()] == ["change", "change"]
    assert "switch the rule Disk on" in bed.desk.said


@pytest.mark.parametrize("away", [False, True])
def test_a_refusal_goes_to_the_field_and_an_absence_is_said(away: bool) -> None:
    bed, heard = Bed(STANDS, "RULE-DISK"), list[Refusal]()
    bed.desk.refusal = Refusal(words="is odd", remedy="mend it", field="conditions", away=away)
    bed.publisher.publish("Disk", LOW, bed.done.append, heard.append)
    assert bool(heard) is not away
    assert any(words.startswith("Not saved") for words in bed.desk.said) is away
    assert (bed.done, bed.publisher.busy) == ([], False)
