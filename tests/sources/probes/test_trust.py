"""Which certificates a look accepts."""

from __future__ import annotations

import os
import ssl
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.sources.probes import trust
from crisisdesk.sources.probes.fields import Fields
from crisisdesk.sources.probes.looking import Unanswered

from tests.sources.probes.certificates import served
from tests.sources.probes.looks import NOW


def checked(told: dict[str, Any]) -> dict[str, Any]:
    return trust.check(Fields(told, trust.SETTINGS))


def test_a_context_is_made_once_for_each_choice(tmp_path: Path) -> None:
    _, authority = served(tmp_path, days=5)
    made = trust.Trust()
    plain = checked({})
    assert made.context(plain) is made.context(plain)
    assert made.context(plain).verify_mode == ssl.CERT_REQUIRED
    assert made.context(checked({"verify": False})).verify_mode == ssl.CERT_NONE
    own = checked({"ca_file": str(authority)})
    first = made.context(own)
    assert first is made.context(own)
    # A file that was replaced is read again.
    os.utime(authority, ns=(1, 1))
    assert made.context(own) is not first


def test_a_file_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    for path in (tmp_path / "none.pem", empty, tmp_path):
        with pytest.raises(Unanswered, match="ca_file"):
            trust.Trust().context(checked({"ca_file": str(path)}))


def test_days_are_counted_from_the_engine_s_clock() -> None:
    certificate = {"notAfter": "Oct  1 00:00:00 2026 GMT"}
    left = trust.days_left(certificate, NOW)
    assert left is not None
    assert left == pytest.approx(trust.days_left(certificate, NOW - 86_400_000) - 1)  # type: ignore[operator]
    assert trust.days_left({}, NOW) is None
    measured: dict[str, float] = {}
    trust.assert_days(None, 5, measured)
    trust.assert_days(5.0, 5, measured)
    assert measured == {"tls_days": 5.0}
    with pytest.raises(Unanswered, match=r"ends in 4\.9 days"):
        trust.assert_days(4.9, 5, measured)
