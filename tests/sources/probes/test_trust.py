"""Which certificates a look accepts."""

from __future__ import annotations

import os
import ssl
from pathlib import Path

import pytest

from crisisdesk.sources.probes import trust
from crisisdesk.sources.probes.finding import CannotLook

from tests.sources.probes.certificates import served


def test_a_context_is_made_once_for_each_choice(tmp_path: Path) -> None:
    _, authority = served(tmp_path, days=5)
    made = trust.Trust()
    plain = trust.check({})
    assert made.context(plain) is made.context(plain)
    assert made.context(plain).verify_mode == ssl.CERT_REQUIRED
    assert made.context(trust.check({"verify": False})).verify_mode == ssl.CERT_NONE
    own = trust.check({"ca_file": str(authority)})
    first = made.context(own)
    assert first is made.context(own)
    # A file that was replaced is read again.
    os.utime(authority, ns=(1, 1))
    assert made.context(own) is not first


def test_a_file_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    for path in (tmp_path / "none.pem", empty, tmp_path):
        with pytest.raises(CannotLook, match="ca_file"):
            trust.Trust().context(trust.check({"ca_file": str(path)}))
