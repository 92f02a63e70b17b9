"""Webhooks about deploys: GitHub's and GitLab's, and plain JSON by the names of its members."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crisisdesk.domain.context.change_record import (
    NAME_LIMIT,
    SUMMARY_LIMIT,
    URL_LIMIT,
    ChangeReport,
)
from crisisdesk.sources.changes import details_of, fit, links_of
from crisisdesk.sources.payload import (
    TEXT_LIMIT,
    fit_key,
    load,
    missing,
    object_at,
    web_url,
    wrong_type,
)
from crisisdesk.sources.rules import IntakeError, IntakeRules, Parsed
from crisisdesk.sources.timestamps import time_at

MOST_AT_ONCE = 100
# The members of plain JSON: the first that is there counts.
SUMMARY = ("summary", "title", "message", "description")
SERVICE = ("service", "app", "application", "project", "component")
SOURCE_NAMES = ("source", "tool", "environment", "host")
AT = ("at", "timestamp", "time", "deployed_at", "created_at")
AUTHOR = ("author", "user", "deployed_by", "actor")
KEY = ("key", "id", "deployment_id", "build")
URL = ("url", "link", "href")
_USED = frozenset((*SUMMARY, *SERVICE, *SOURCE_NAMES, *AT, *AUTHOR, *KEY, *URL, "links"))
# How a deploy ended, in the words of those who tell; what is still under way is no change yet.
_ENDED = {
    "success": "deployed",
    "failed": "deploy failed",
    "failure": "deploy failed",
    "error": "deploy failed",
    "canceled": "deploy cancelled",
}


def parse_generic(body: bytes, rules: IntakeRules) -> Parsed:
    """Changes as one JSON object or an array of at most `MOST_AT_ONCE`.

    Only a summary is needed. Members that mean nothing here are kept as details. Raises
    IntakeError 400 or 413.
    """
    document = load(body, rules)
    if type(document) is dict:
        return Parsed(signals=[], changes=(_generic(document),))
    if type(document) is not list:
        raise wrong_type("body", "an object or an array of objects", document)
    if len(document) > MOST_AT_ONCE:
        problem = f"holds {len(document)} changes, more than {MOST_AT_ONCE}"
        raise IntakeError(413, "body", problem, "Send fewer at once.")
    changes = []
    for i, item in enumerate(document):
        try:
            if type(item) is not dict:
                raise wrong_type("", "an object", item)
            changes.append(_generic(item))
        except IntakeError as error:
            raise error.inside(f"[{i}]") from None
    return Parsed(signals=[], changes=tuple(changes))


def _generic(item: dict[str, Any]) -> ChangeReport:
    summary = _text(item, SUMMARY, SUMMARY_LIMIT)
    if not summary:
        raise missing("summary", "a text")
    told_at = next((name for name in AT if item.get(name) is not None), "at")
    url = _text(item, URL, URL_LIMIT)
    own = ((url, ""),) if web_url(url) else ()
    return ChangeReport(
        summary=summary,
        service=_text(item, SERVICE, NAME_LIMIT),
        source=_text(item, SOURCE_NAMES, NAME_LIMIT),
        at=time_at(item.get(told_at), told_at),
        author=_text(item, AUTHOR, NAME_LIMIT),
        key=fit_key(_text(item, KEY, TEXT_LIMIT)),
        links=(*own, *links_of(item.get("links"), "links"))[:10],
        details=details_of({n: v for n, v in item.items() if n not in _USED}),
    )


def _text(item: dict[str, Any], names: tuple[str, ...], limit: int) -> str:
    """The first of these members that says something; a number counts as its digits."""
    values = (item.get(name) for name in names)
    texts = (fit(str(v) if type(v) is int else v, limit) for v in values)
    return next((text for text in texts if text), "")


def parse_github(body: bytes, rules: IntakeRules) -> Parsed:
    """GitHub's ``deployment_status``: one change when a deploy has ended, none before.

    Other events (``ping`` among them) are taken without effect. Raises IntakeError 400 or 413.
    """
    return _webhook(body, rules, _github)


def parse_gitlab(body: bytes, rules: IntakeRules) -> Parsed:
    """GitLab's ``Deployment Hook``: one change when a deploy has ended; others have no effect."""
    return _webhook(body, rules, _gitlab)


def _webhook(
    body: bytes, rules: IntakeRules, read: Callable[[dict[str, Any]], ChangeReport | None]
) -> Parsed:
    document = load(body, rules)
    if type(document) is not dict:
        raise wrong_type("body", "an object", document)
    report = read(document)
    return Parsed(signals=[], changes=() if report is None else (report,))


def _github(event: dict[str, Any]) -> ChangeReport | None:
    status, deployment = object_at(event, "deployment_status"), object_at(event, "deployment")
    ended = _ENDED.get(fit(status.get("state"), NAME_LIMIT))
    if ended is None or not deployment:
        return None
    repository = object_at(event, "repository")
    name = fit(repository.get("name"), NAME_LIMIT)
    place = fit(deployment.get("environment"), NAME_LIMIT)
    ref = fit(deployment.get("ref"), NAME_LIMIT)
    return ChangeReport(
        summary=_summary(name, ended, ref, place),
        service=_named_service(deployment.get("payload")) or name,
        source=place,
        at=time_at(status.get("created_at"), "deployment_status.created_at"),
        author=fit(object_at(deployment, "creator").get("login"), NAME_LIMIT),
        key=_key("github", repository.get("full_name"), deployment.get("id"), ended),
        links=_links(status.get("target_url"), repository.get("html_url")),
        details=details_of({"sha": deployment.get("sha"), "text": status.get("description")}),
    )


def _gitlab(event: dict[str, Any]) -> ChangeReport | None:
    ended = _ENDED.get(fit(event.get("status"), NAME_LIMIT))
    if event.get("object_kind") != "deployment" or ended is None:
        return None
    project = object_at(event, "project")
    name = fit(project.get("name"), NAME_LIMIT)
    place = fit(event.get("environment"), NAME_LIMIT)
    return ChangeReport(
        summary=_summary(name, ended, fit(event.get("ref"), NAME_LIMIT), place),
        service=name,
        source=place,
        # Its times are written in a form of its own; what has ended has ended just now.
        at=None,
        author=fit(object_at(event, "user").get("name"), NAME_LIMIT),
        key=_key("gitlab", project.get("path_with_namespace"), event.get("deployment_id"), ended),
        links=_links(event.get("deployable_url"), event.get("commit_url")),
        details=details_of({"sha": event.get("short_sha"), "commit": event.get("commit_title")}),
    )


def _summary(name: str, ended: str, ref: str, place: str) -> str:
    said = f"{name or 'Something'} {ended}"
    said += f" at {ref}" if ref else ""
    return fit(said + (f" to {place}" if place else ""), SUMMARY_LIMIT)


def _named_service(payload: Any) -> str:
    return fit(payload.get("service"), NAME_LIMIT) if type(payload) is dict else ""


def _key(tool: str, project: Any, number: Any, ended: str) -> str:
    """What tells this end of this deploy from all others; "" when it has no number."""
    if type(number) is not int:
        return ""
    return fit_key(f"{tool} {fit(project, NAME_LIMIT)} {number} {ended}")


def _links(*urls: Any) -> tuple[tuple[str, str], ...]:
    return tuple(
        (url, "") for url in urls if type(url) is str and web_url(url) and len(url) <= URL_LIMIT
    )
