"""Which ways are open, and what each that is shut lacks."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.domain.answer_ways import AnswerFacts, way_lines
from crisisdesk.domain.contact import Contact

ALL = AnswerFacts(
    url="https://desk.example.org", sms="poll", mail_to="pages@example.org", has_password=True
)


def contact(*methods: tuple[str, str], enabled: bool = True) -> Contact:
    told = [
        {"method_id": f"m{n}", "channel": channel, "label": "", "masked": masked, "enabled": True}
        for n, (channel, masked) in enumerate(methods)
    ]
    return Contact(contact_id="C-1", name="Ann", methods=told, enabled=enabled)


ANN = contact(("sms", "twilio://…111"), ("email", "mailtos://x"), ("push", "ntfys://n/…"))


def test_all_that_is_set_up_is_open() -> None:
    lines = way_lines(ALL, [ANN])
    assert [line.way for line in lines] == ["link", "button", "text message", "mail"]
    assert all(line.is_open for line in lines)
    assert "https://desk.example.org/crisis/answers/sms" in lines[2].words
    assert "answers go to pages@example.org" in lines[3].words


def test_what_is_missing_is_named() -> None:
    shut = way_lines(AnswerFacts(), [ANN])
    assert not any(line.is_open for line in shut)
    named = ["[answers] url", "[answers] url", "[answers] sms", "[answers.mail]"]
    assert all(name in line.words for name, line in zip(named, shut, strict=True))
    lacking = way_lines(ALL, [])
    assert [line.is_open for line in lacking] == [True, False, False, False]
    assert "by Twilio" in lacking[2].words
    assert "answers password" in way_lines(replace(ALL, has_password=False), [ANN])[3].words


def test_other_providers_and_who_is_switched_off_do_not_count() -> None:
    others = contact(("sms", "vonage://…"), ("push", "pover://…"))
    off = contact(("sms", "twilio://…111"), enabled=False)
    assert [line.is_open for line in way_lines(ALL, [others, off])] == [True, False, False, False]


def test_a_sealed_station_has_none() -> None:
    lines = way_lines(replace(ALL, sealed=True), [ANN])
    assert {(line.is_open, line.words.partition(":")[0]) for line in lines} == {
        (False, "this station is sealed")
    }
