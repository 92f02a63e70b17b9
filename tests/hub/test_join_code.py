"""The join code comes through copying whole, and anything less is told from it."""

from __future__ import annotations

import random

import pytest

from crisisdesk.hub.join_code import BadJoinCode, JoinCode, read_join_code

CODE = JoinCode(
    url="postgresql://hub.example.org:5432/crisis",
    role="station_brno",
    password="p" * 32,
    fleet_key="k" * 44,
    ca_pem="-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
)


def test_it_comes_back_however_the_lines_were_broken() -> None:
    text = CODE.text()
    assert all(len(line) <= 64 for line in text.splitlines())
    assert read_join_code(text) == CODE
    assert read_join_code(text.replace("\n", "")) == CODE
    assert read_join_code(f"\r\n  {text.replace(chr(10), ' ' + chr(13) + chr(10))}\n\n") == CODE


def test_it_does_not_show_its_secrets() -> None:
    assert "ppp" not in repr(CODE)
    assert "kkk" not in f"{CODE}"


def test_every_shortened_code_is_refused() -> None:
    text = CODE.text().replace("\n", "")
    for length in range(len(text)):
        with pytest.raises(BadJoinCode, match="join code: "):
            read_join_code(text[:length])


def test_every_changed_letter_is_noticed() -> None:
    text = CODE.text().replace("\n", "")
    rng = random.Random(20261121)
    for place in range(len(text)):
        other = rng.choice([c for c in "ABCxyz019-_.%ü" if c != text[place]])
        with pytest.raises(BadJoinCode, match="join code: "):
            read_join_code(text[:place] + other + text[place + 1 :])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing was given"),
        ("postgresql://me:secret@hub/crisis", "does not begin with CDJOIN"),
        (CODE.text().replace("CDJOIN1", "CDJOIN2"), "form 2 is unknown"),
        (CODE.text()[:-3], "its end is missing"),
        (CODE.text()[:100] + CODE.text()[101:], "damaged"),
    ],
)
def test_what_is_wrong_is_named(text: str, why: str) -> None:
    with pytest.raises(BadJoinCode, match=why):
        read_join_code(text)


def test_an_empty_field_is_named() -> None:
    code = JoinCode(url="postgresql://h/d", role="", password="p", fleet_key="k")
    with pytest.raises(BadJoinCode, match="role is empty"):
        read_join_code(code.text())
