"""A recovery procedure as it is published: steps, what must hold before and after, the way back.

Published content like a policy's (`PolicyVersion`, kind ``procedure``), told apart by its name. A
version never changes; a run keeps the steps of the version that it began with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from typing import Any

from crisisdesk.domain.canonical import canonical_bytes, tidy
from crisisdesk.domain.detection.fields import Fields
from crisisdesk.domain.errors import DomainError, Malformed
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.recovery.parameters import Parameter, places_in, read_parameters
from crisisdesk.domain.recovery.step import (
    AUTOMATIC,
    DAY_S,
    Step,
    read_criterion,
    read_step,
)
from crisisdesk.domain.severity import IncidentSeverity

KIND = "procedure"
ANY = "any"
INCIDENT_TYPES = (
    ANY,
    "availability",
    "performance",
    "security",
    "data",
    "third_party",
    "physical",
    "other",
)
STRATEGIES = ("never", "on_deviation", "always")
NAME_LIMIT, DESCRIPTION_LIMIT, CONTENT_LIMIT = 100, 4_000, 64 * 1024
# Words that stand in the same place of an address.
RESERVED = frozenset({"check", "execute", "runs", ".", ".."})
MOST_STEPS, MOST_CRITERIA = 60, 20
_KNOWN = frozenset(
    "kind description incident_type severity_level parameters prerequisites steps estimated_time "
    "is_automated automation requires_approval success_criteria rollback rollback_procedure "
    "recovery_time_objective note".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """One version. ``severity_level`` is the least severity of the incidents that it is for.

    With ``is_automated`` the station does the steps named by ``automation`` by itself as soon as
    they open (all automatic ones when it names none); the others wait until a person starts them.
    ``rollback`` says when the way back is gone without asking; ``rollback_procedure`` is what to do
    by hand. Times are UTC ms, ``estimated_ms`` 0 when nobody has said, as
    is ``objective_ms``, within how long what it is for is to be back.
    """

    name: str
    version_id: str
    description: str
    incident_type: str
    severity_level: str
    parameters: tuple[Parameter, ...]
    prerequisites: tuple[str, ...]
    steps: tuple[Step, ...]
    estimated_ms: int
    is_automated: bool
    automation: tuple[str, ...]
    requires_approval: bool
    success_criteria: tuple[Step, ...]
    rollback: str
    rollback_procedure: str
    objective_ms: int = 0
    created_by: str = ""
    last_updated: int = 0
    updated_by: str = ""

    def runs_by_itself(self, step: Step) -> bool:
        """Whether the station does this step without being told to."""
        named = not self.automation or step["step_id"] in self.automation
        return self.is_automated and step["kind"] in AUTOMATIC and named

    def needs(self) -> list[str]:
        """The names of the procedures that it is made of."""
        return [step["procedure"] for step in self.steps if step["kind"] == "procedure"]

    def is_for(self, incident_type: str, severity: str) -> bool:
        """Whether it is meant for an incident of this type and severity."""
        if self.incident_type not in (ANY, incident_type):
            return False
        return IncidentSeverity(severity).rank >= IncidentSeverity(self.severity_level).rank


def checked_procedure(name: str, content: Any) -> dict[str, Any]:
    """Content that can be published under this name; raises Malformed naming the field."""
    told: dict[str, Any] = tidy(content, field="content")
    if len(canonical_bytes({"content": told})) > CONTENT_LIMIT:
        raise Malformed("content", "is too long", f"keep it within {CONTENT_LIMIT // 1024} KiB")
    if name in RESERVED or "/" in name:
        raise Malformed("name", "holds a slash or is a word of its own", "choose another name")
    procedure_of(name, told)
    return told


def procedure_of(name: str, content: Any) -> Procedure:
    """The procedure in content; raises Malformed where it is none that can be read here."""
    fields = Fields(content, "", _KNOWN)
    if fields.raw("kind") != KIND:
        raise Malformed("kind", f"is {fields.raw('kind')!r}"[:80], f'write "{KIND}"')
    steps = _steps(fields.raw("steps"))
    severities = [str(one) for one in IncidentSeverity]
    found = Procedure(
        name=name,
        version_id="",
        description=fields.text("description", DESCRIPTION_LIMIT, ""),
        incident_type=fields.choice("incident_type", INCIDENT_TYPES, ANY),
        severity_level=fields.choice("severity_level", severities, str(IncidentSeverity.MINOR)),
        parameters=read_parameters(fields.raw("parameters"), "parameters"),
        prerequisites=_texts(fields, "prerequisites"),
        steps=steps,
        estimated_ms=fields.span("estimated_time", 1, 30 * DAY_S)
        if "estimated_time" in fields
        else 0,
        is_automated=fields.flag("is_automated", default=False),
        automation=fields.names("automation", MOST_STEPS, 40),
        requires_approval=fields.flag("requires_approval", default=True),
        success_criteria=_criteria(fields.raw("success_criteria")),
        rollback=fields.choice("rollback", STRATEGIES, "never"),
        rollback_procedure=fields.text("rollback_procedure", DESCRIPTION_LIMIT, ""),
        objective_ms=fields.span("recovery_time_objective", 60, 30 * DAY_S)
        if "recovery_time_objective" in fields
        else 0,
    )
    fields.text("note", 500, "")
    _check_automation(found)
    _check_places(found)
    return found


def _texts(fields: Fields, name: str) -> tuple[str, ...]:
    told = fields.raw(name)
    told = [] if told is None else told
    fits = isinstance(told, list) and len(told) <= MOST_CRITERIA
    if not fits or any(not isinstance(t, str) or not 0 < len(t.strip()) <= 200 for t in told):
        remedy = "write one sentence of at most 200 characters each"
        raise Malformed(name, f"is no list of up to {MOST_CRITERIA} texts", remedy)
    return tuple(text.strip() for text in told)


def _criteria(told: Any) -> tuple[Step, ...]:
    told = [] if told is None else told
    if not isinstance(told, list) or len(told) > MOST_CRITERIA:
        remedy = "write texts, or objects with kind and title"
        raise Malformed("success_criteria", f"is no list of up to {MOST_CRITERIA}", remedy)
    return tuple(read_criterion(one, f"success_criteria[{n}]") for n, one in enumerate(told))


def _steps(told: Any) -> tuple[Step, ...]:
    if not isinstance(told, list) or not 0 < len(told) <= MOST_STEPS:
        raise Malformed("steps", f"is no list of 1 to {MOST_STEPS} steps", "write - id: ...")
    found: dict[str, Step] = {}
    before = ""
    for number, one in enumerate(told):
        step = read_step(one, f"steps[{number}]", before)
        before = step["step_id"]
        if before in found:
            raise Malformed(f"steps[{number}].id", f"{before!r} is there twice", "rename one")
        found[before] = step
    for number, step in enumerate(found.values()):
        _check_links(step, found, f"steps[{number}]")
    _check_order(found)
    return tuple(found.values())


def _check_links(step: Step, known: Mapping[str, Step], where: str) -> None:
    for other in step["after"]:
        if other not in known:
            raise Malformed(f"{where}.after", f"{other!r} is no step", "name the id of a step")
    for decision, answer in step["when"].items():
        if decision not in known or known[decision]["kind"] != "decision":
            raise Malformed(f"{where}.when", f"{decision!r} is no decision", "name its id")
        answers = known[decision]["answers"]
        if answer not in answers:
            known_ones = ", ".join(answers)
            remedy = f"use one of {known_ones}"
            raise Malformed(f"{where}.when.{decision}", f"{answer!r} is no answer of it", remedy)


def _check_order(steps: Mapping[str, Step]) -> None:
    """A step needs those it comes after, and the decisions it depends on."""
    graph = {name: {*step["after"], *step["when"]} for name, step in steps.items()}
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        way = " waits for ".join(str(one) for one in error.args[1])
        raise Malformed("steps", f"go in a circle: {way}"[:300], "take one after away") from None
    for name, step in steps.items():
        for decision in step["when"]:
            if decision not in _before(steps, name):
                remedy = f"write after: [{decision}], or come after a step that does"
                raise Malformed(f"steps.{name}.when", f"is not after {decision!r}", remedy)


def _before(steps: Mapping[str, Step], name: str) -> set[str]:
    """All steps that one comes after, near and far."""
    seen: set[str] = set()
    waiting = list(steps[name]["after"])
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += steps[one]["after"]
    return seen


def approved_before(procedure: Procedure, name: str) -> bool:
    """Whether an approval of its own stands on every way to this step: among all it comes after."""
    steps = {step["step_id"]: step for step in procedure.steps}
    return any(
        steps[one]["kind"] == "approval" and not steps[one]["when"] for one in _before(steps, name)
    )


def _check_automation(procedure: Procedure) -> None:
    kinds = {step["step_id"]: step["kind"] for step in procedure.steps}
    for name in procedure.automation:
        if kinds.get(name) not in AUTOMATIC:
            remedy = f"name steps of the kinds {', '.join(sorted(AUTOMATIC))}"
            raise Malformed("automation", f"{name!r} is no step that can run by itself", remedy)


def _check_places(procedure: Procedure) -> None:
    declared = {one.name for one in procedure.parameters}
    told = {"steps": procedure.steps, "success_criteria": procedure.success_criteria}
    for field, steps in told.items():
        for number, step in enumerate(steps):
            for name in places_in(step):
                if name not in declared:
                    remedy = "declare it under parameters"
                    raise Malformed(f"{field}[{number}]", f"{{{name}}} is no parameter", remedy)


# ------------------------------------------------------------------------------ what is published


def read_version(version: PolicyVersion) -> Procedure | None:
    """What a published version holds; None for what is no procedure that can be read here."""
    try:
        found = procedure_of(version.name, version.content)
    except DomainError:
        return None
    return replace(
        found,
        version_id=version.version_id,
        last_updated=version.published_at,
        updated_by=version.published_by,
        created_by=version.published_by,
    )


def procedures(versions: Iterable[PolicyVersion]) -> list[Procedure]:
    """Of each name the version published last that was not withdrawn, by name.

    ``created_by`` is who published the first version of the name.
    """
    newest: dict[str, Procedure] = {}
    authors: dict[str, str] = {}
    for version in sorted(versions, key=lambda v: (v.published_at, v.version_id)):
        if version.content.get("kind") != KIND:
            continue
        authors.setdefault(version.name, version.published_by)
        if version.withdrawn_at is None and (found := read_version(version)) is not None:
            newest[version.name] = replace(found, created_by=authors[version.name])
    return [newest[name] for name in sorted(newest)]


def procedure_name_of(version: PolicyVersion) -> str:
    """The name of the procedure that a version is one of; "" for other content."""
    return version.name if version.content.get("kind") == KIND else ""


def standing_of(versions: Iterable[PolicyVersion]) -> tuple[PolicyVersion | None, str]:
    """Of all versions of one procedure the one that stands, None where all were withdrawn, and who
    published the first; whether it can be read here or not."""
    ordered = sorted(versions, key=lambda v: (v.published_at, v.version_id))
    kept = [version for version in ordered if version.withdrawn_at is None]
    return (kept[-1] if kept else None), (ordered[0].published_by if ordered else "")


def unreadable(versions: Iterable[PolicyVersion]) -> list[str]:
    """The names of standing procedures that this program cannot read: a newer one wrote them."""
    return sorted(
        {
            v.name
            for v in versions
            if v.content.get("kind") == KIND and v.withdrawn_at is None and read_version(v) is None
        }
    )


def matching(found: Iterable[Procedure], incident_type: str, severity: str) -> list[Procedure]:
    """Those for an incident of this type and severity: the type's own first, then those for worse
    severities first, then by name."""
    fits = [one for one in found if one.is_for(incident_type, severity)]
    rank = {str(one): one.rank for one in IncidentSeverity}
    return sorted(
        fits, key=lambda one: (one.incident_type == ANY, -rank[one.severity_level], one.name)
    )


def history_of(versions: Iterable[PolicyVersion], name: str) -> list[PolicyVersion]:
    """Every version of one name, withdrawn ones too, the newest first."""
    found = [v for v in versions if v.content.get("kind") == KIND and v.name == name]
    return sorted(found, key=lambda v: (-v.published_at, v.version_id))
