"""R13, R25: the single rules hold in the product as it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.reliability import small_checks


@pytest.mark.parametrize("check", small_checks.ALL, ids=lambda c: c.__name__)
def test_a_rule_holds(check: Callable[[], None], quiet: None) -> None:
    check()
