"""The ways in for changes: each path with its parser."""

from __future__ import annotations

from functools import partial

from crisisdesk.api.room import PAGERDUTY_CHANGES_PATH, IntakeRoute, MappedParse
from crisisdesk.sources import changes, deployments, mapped_changes, pagerduty
from crisisdesk.sources.rules import IntakeRules

GENERIC_PATH = "/intake/changes/generic"
GITHUB_PATH = "/intake/changes/github"
GITLAB_PATH = "/intake/changes/gitlab"


def mapped_parse(rules: IntakeRules) -> MappedParse:
    """What reads changes by published mappings, by the rules of this station."""
    return partial(mapped_changes.parse, rules=rules)


def change_routes(rules: IntakeRules) -> dict[str, IntakeRoute]:
    """Every path on which changes are told."""
    return {
        PAGERDUTY_CHANGES_PATH: IntakeRoute(
            parse=lambda body, _now_ms: changes.parse(body, rules),
            source=changes.SOURCE,
            refusal=pagerduty.refusal,
            key_in_body=True,
        ),
        GENERIC_PATH: IntakeRoute(
            parse=lambda body, _now_ms: deployments.parse_generic(body, rules), source="deploys"
        ),
        GITHUB_PATH: IntakeRoute(
            parse=lambda body, _now_ms: deployments.parse_github(body, rules), source="github"
        ),
        GITLAB_PATH: IntakeRoute(
            parse=lambda body, _now_ms: deployments.parse_gitlab(body, rules), source="gitlab"
        ),
    }
