"""A notice is understood alone, in one printable line each, whatever a source has sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.notice_words import (
    BODY_LIMIT,
    TITLE_LIMIT,
    Stage,
    alert_notice,
    one_line,
    summary_notice,
)

from tests.domain.test_notices import MINUTE, NOW, Row


def test_without_a_service_the_words_begin_a_sentence() -> None:
    notice = alert_notice(Row(service=""), Stage.NEW, None, NOW)
    assert notice.body == "Nobody has it yet."


@pytest.mark.parametrize(("left_ms", "words"), [(1, "1 min"), (MINUTE + 1, "2 min"), (0, "1 min")])
def test_the_minutes_left_are_rounded_up(left_ms: int, words: str) -> None:
    row = Row(sla_deadline=NOW + left_ms)
    assert f"{words} left." in alert_notice(row, Stage.SOON_LATE, None, NOW).body


def test_a_summary_counts_the_worst_first() -> None:
    notice = summary_notice("more", {3: 3, 4: 2}, None, quiet=False)
    assert notice.title == "5 more alerts wait: 2 critical, 3 high"
    assert (notice.severity, notice.body) == (4, "Nobody has them yet.")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\nb\tc", "a b c"),
        ("nul\0byte", "nul byte"),
        ("half \ud800 char", "half ? char"),
        ("turned \u202etxt", "turned txt"),
        ("Výpadek 停止", "Výpadek 停止"),
        ("x" * 11, "xxxxxxxxx…"),
    ],
)
def test_one_line(text: str, line: str) -> None:
    assert one_line(text, 10 if text.startswith("x") else 40) == line


@given(st.text(), st.text(), st.sampled_from(list(Stage)))
def test_any_text_fits_a_notice(title: str, service: str, stage: Stage) -> None:
    notice = alert_notice(Row(title=title, service=service), stage, None, NOW)
    for text, limit in ((notice.title, TITLE_LIMIT), (notice.body, BODY_LIMIT)):
        assert 0 < len(text) <= limit
        assert text.isprintable()
        assert "\0" not in text.encode().decode()
