"""The routes of alert rules: what is declared, its versions, changes to it, and its test bench."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from crisisdesk.api.documented import errors
from crisisdesk.api.orders import Id, Order
from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import InRoom, Operator, Room
from crisisdesk.api.rule_trials import TrialOut, trial_out
from crisisdesk.api.schemas import AlertType, Out, Severity, Time
from crisisdesk.api.times import iso, iso_or_none, ms_of
from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.rule import (
    AlertRule,
    alert_rules,
    history_of,
    trial_rule,
    written_of,
)
from crisisdesk.domain.detection.rule_words import condition_words
from crisisdesk.domain.detection.series import Sample
from crisisdesk.domain.detection.telling import told_of
from crisisdesk.domain.detection.trial import Trial, run
from crisisdesk.domain.detection.trial_input import Given, given_sample, needed_by, read_csv
from crisisdesk.domain.errors import Malformed, NotFound
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.engine.recorded import recorded
from crisisdesk.engine.rule_commands import DeclareRule, RemoveRule

router = APIRouter(prefix="/crisis/rules", tags=["rules"])

Name = Annotated[str, Field(min_length=1, max_length=100)]
RuleType = Literal["threshold", "pattern", "anomaly", "composite"]
SAMPLES_MOST = 20_000
DAY_MS = 86_400_000


class RuleFields(Order):
    """What a rule says, besides its name. The help page *Rules* says what conditions hold."""

    description: Annotated[str, Field(max_length=4_000)] = ""
    rule_type: RuleType
    metric_source: Annotated[str, Field(max_length=100)] = ""
    conditions: dict[str, Any]
    severity: Severity = "high"
    alert_type: AlertType = "performance"
    service: Annotated[str, Field(max_length=200)] = ""
    notification_channels: list[str] = Field(default_factory=list)
    escalation_policy: Annotated[str, Field(max_length=100)] = ""
    is_active: bool = True


class RuleNew(RuleFields):
    """A rule to declare. ``again`` is the ``version_id`` of a rule that was removed: that one comes
    back with its id and its history."""

    name: Name
    again: Annotated[str, Field(max_length=100)] = ""


class RuleChange(Order):
    """What to change; what is left out stays."""

    name: Name | None = None
    description: Annotated[str, Field(max_length=4_000)] | None = None
    rule_type: RuleType | None = None
    metric_source: Annotated[str, Field(max_length=100)] | None = None
    conditions: dict[str, Any] | None = None
    severity: Severity | None = None
    alert_type: AlertType | None = None
    service: Annotated[str, Field(max_length=200)] | None = None
    notification_channels: list[str] | None = None
    escalation_policy: Annotated[str, Field(max_length=100)] | None = None
    is_active: bool | None = None


class SampleIn(Order):
    """One sample to try a rule on; without ``metric`` it is the rule's."""

    at: Time
    value: float
    metric: Annotated[str, Field(max_length=200)] = ""
    labels: dict[str, str] = Field(default_factory=dict)


class LineIn(Order):
    """One line of a log to try a rule on."""

    at: Time
    text: Annotated[str, Field(max_length=10_000)]
    log: Annotated[str, Field(max_length=200)] = ""


class RuleData(Order):
    """What to try a rule on: samples, lines, or CSV text. With none of them it is tried on what
    this station has kept from ``since`` (a day ago) until ``until`` (now)."""

    samples: Annotated[list[SampleIn], Field(max_length=SAMPLES_MOST)] = Field(default_factory=list)
    lines: Annotated[list[LineIn], Field(max_length=SAMPLES_MOST)] = Field(default_factory=list)
    csv: str = ""
    since: Time | None = None
    until: Time | None = None


class RuleTry(RuleData):
    """A rule that is not declared, and what to try it on."""

    name: Name = "trial"
    rule: RuleFields


class RuleOut(Out):
    """One rule. ``words`` say its conditions; ``changed_at`` is when this version came about;
    ``open_alerts`` is how many of its alerts are open."""

    rule_id: str
    version_id: str
    name: str
    description: str
    rule_type: RuleType
    metric_source: str
    conditions: dict[str, Any]
    severity: Severity
    alert_type: AlertType
    service: str
    notification_channels: list[str]
    escalation_policy: str
    is_active: bool
    created_by: str
    created_at: Time
    changed_by: str
    changed_at: Time
    words: str
    open_alerts: int


class RulesOut(Out):
    """All that are declared, by name."""

    results: list[RuleOut]


class RuleVersionOut(Out):
    """One version of a rule: what it said, from when until when."""

    version_id: str
    name: str
    content: dict[str, Any]
    published_at: Time
    published_by: str
    withdrawn_at: Time | None


class RuleHistoryOut(Out):
    """Every version of one rule, the newest first."""

    results: list[RuleVersionOut]


@router.get("/", responses=errors())
async def list_rules(room: InRoom) -> RulesOut:
    """Every rule, whether it is active or not."""
    found, is_open = await room.reads.ask(_with_open)
    return RulesOut(results=[rule_out(one, is_open) for one in found])


@router.post("/", status_code=201, responses=errors(404, 409))
async def declare_rule(room: InRoom, operator: Operator, order: RuleNew) -> RuleOut:
    """Declare one; conditions may name other rules by name or id."""
    written = order.model_dump(exclude={"name", "again"})
    command = DeclareRule(name=order.name, written=written, again=order.again)
    rule_id = await room.do(command, operator)
    return await _one_out(room, rule_id)


@router.post("/test/", responses=errors(404))
async def try_rule(room: InRoom, order: RuleTry) -> TrialOut:
    """Run a rule that is not declared over samples or lines; nobody is paged for it."""
    rule = trial_rule(order.name, order.rule.model_dump())
    return await _tried(room, rule, order)


@router.get("/{rule}/", responses=errors(404))
async def get_rule(room: InRoom, rule: Id) -> RuleOut:
    """One rule."""
    return await _one_out(room, rule)


@router.get("/{rule}/history/", responses=errors(404))
async def history_of_rule(room: InRoom, rule: Id) -> RuleHistoryOut:
    """Every version of a rule, also of one that was removed."""
    versions = await room.reads.ask(_declared)
    found = history_of(versions, rule)
    if not found:
        raise _unknown(rule)
    return RuleHistoryOut(results=[_version_out(one) for one in found])


@router.patch("/{rule}/", responses=errors(404, 409))
async def change_rule(room: InRoom, rule: Id, operator: Operator, order: RuleChange) -> RuleOut:
    """Change it, switch it off (``is_active``) or on; its alerts end when it is switched off."""
    order.refuse_null()
    written = order.model_dump(exclude={"name"}, exclude_unset=True)
    await room.do(DeclareRule(rule_id=rule, name=order.name or "", written=written), operator)
    return await _one_out(room, rule)


@router.delete("/{rule}/", status_code=204, responses=errors(404, 409))
async def remove_rule(room: InRoom, rule: Id, operator: Operator) -> Response:
    """Take it away; its alerts end."""
    await room.do(RemoveRule(rule_id=rule), operator)
    return Response(status_code=204)


@router.post("/{rule}/test/", responses=errors(404))
async def test_rule(room: InRoom, rule: Id, order: RuleData) -> TrialOut:
    """Run a declared rule over samples or lines; nobody is paged for it."""
    return await _tried(room, await _needed(room, rule), order)


# -- shapes --------------------------------------------------------------------------------------


def _with_open(reader: StationReader) -> tuple[list[AlertRule], dict[str, int]]:
    return alert_rules(_declared(reader)), reader.open_of_rules()


def _declared(reader: StationReader) -> list[PolicyVersion]:
    return reader.policies(declared=True)


async def _rules(room: Room) -> list[AlertRule]:
    return alert_rules(await room.reads.ask(_declared))


async def _one_out(room: Room, rule_id: str) -> RuleOut:
    found, is_open = await room.reads.ask(_with_open)
    return rule_out(_named(found, rule_id), is_open)


async def _needed(room: Room, rule_id: str) -> AlertRule:
    return _named(await _rules(room), rule_id)


def _named(found: list[AlertRule], rule_id: str) -> AlertRule:
    for one in found:
        if one.rule_id == rule_id:
            return one
    raise _unknown(rule_id)


def _unknown(rule_id: str) -> NotFound:
    return NotFound("rule_id", f"{rule_id[:60]!r} is no rule of this station", "list them first")


async def _tried(room: Room, rule: AlertRule, order: RuleData) -> TrialOut:
    others = needed_by(rule, await _rules(room))
    now = room.door.now_ms()

    def work() -> Trial:
        given = _given(room, rule, others, order, now)
        return run(rule, given.samples, given.lines, others=others, new_detector=room.new_detector)

    return trial_out(rule, await room.apart(work))


def _given(
    room: Room, rule: AlertRule, others: list[AlertRule], order: RuleData, now: int
) -> Given:
    if order.csv and (order.samples or order.lines):
        raise Malformed("csv", "comes together with samples", "send one of them")
    if order.csv:
        return read_csv(order.csv, rule)
    if order.samples or order.lines:
        return Given(
            tuple(_sample(rule, one, i) for i, one in enumerate(order.samples)),
            tuple(
                Line(at=ms_of(one.at, f"lines[{i}].at"), name=one.log, text=one.text)
                for i, one in enumerate(order.lines)
            ),
        )
    if room.recorded is None:
        raise Malformed("samples", "are none", "send samples, lines or csv")
    until = now if order.until is None else ms_of(order.until, "until")
    since = until - DAY_MS if order.since is None else ms_of(order.since, "since")
    return recorded(room.recorded, rule, since, until, others)


def _sample(rule: AlertRule, one: SampleIn, number: int) -> Sample:
    place = f"samples[{number}]"
    at = ms_of(one.at, f"{place}.at")
    return given_sample(rule, at, one.value, one.labels, one.metric, place)


def rule_out(rule: AlertRule, is_open: Mapping[str, int]) -> RuleOut:
    """One as it is told, with the number of open alerts by rule."""
    return RuleOut(
        rule_id=rule.rule_id,
        version_id=rule.version_id,
        name=rule.name,
        description=rule.description,
        rule_type=rule.rule_type,  # type: ignore[arg-type]
        metric_source=rule.metric_source,
        conditions=told_of(rule.conditions),
        severity=rule.severity,  # type: ignore[arg-type]
        alert_type=rule.alert_type,  # type: ignore[arg-type]
        service=rule.service,
        notification_channels=list(rule.notification_channels),
        escalation_policy=rule.escalation_policy,
        is_active=rule.is_active,
        created_by=rule.created_by,
        created_at=iso(rule.created_at),
        changed_by=rule.changed_by,
        changed_at=iso(rule.since),
        words=condition_words(rule.conditions),
        open_alerts=is_open.get(rule.rule_id, 0),
    )


def _version_out(version: PolicyVersion) -> RuleVersionOut:
    return RuleVersionOut(
        version_id=version.version_id,
        name=version.name,
        content=written_of(version.content),
        published_at=iso(version.published_at),
        published_by=version.published_by,
        withdrawn_at=iso_or_none(version.withdrawn_at),
    )
