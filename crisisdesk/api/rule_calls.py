"""What desk and command line ask about alert rules: a part of `api.client.Client`."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from crisisdesk.api.calls import Calls, Json

RULES = "/crisis/rules/"


class RuleCalls(Calls):
    """A part of `api.client.Client`."""

    def rules(self) -> list[Json]:
        """Every rule, by name."""
        found: list[Json] = self._ask("GET", RULES)["results"]
        return found

    def declare_rule(self, name: str, fields: Json, again: str = "") -> Json:
        """Declare one, or have the removed one back of which ``again`` is a version; the rule."""
        more = {"again": again} if again else {}
        return self._tell("POST", RULES, {"name": name, **fields, **more})

    def change_rule(self, rule_id: str, **changes: Any) -> Json:
        """Change what is named, or switch it off and on (``is_active``); the rule."""
        return self._tell("PATCH", _rule(rule_id), changes)

    def remove_rule(self, rule_id: str) -> None:
        """Take it away."""
        self._tell("DELETE", _rule(rule_id))

    def rule_history(self, rule_id: str) -> list[Json]:
        """Every version of one, the newest first."""
        found: list[Json] = self._ask("GET", f"{_rule(rule_id)}history/")["results"]
        return found

    def test_rule(self, rule_id: str, data: Json) -> Json:
        """What a declared rule would have done with these samples, lines or CSV text."""
        return self._tell("POST", f"{_rule(rule_id)}test/", data)

    def try_rule(self, name: str, fields: Json, data: Json) -> Json:
        """The same for a rule that is not declared."""
        return self._tell("POST", f"{RULES}test/", {"name": name, "rule": fields, **data})


def _rule(rule_id: str) -> str:
    return f"{RULES}{quote(rule_id, safe='')}/"
