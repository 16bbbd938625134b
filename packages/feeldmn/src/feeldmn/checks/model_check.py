"""All checks of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feeldmn import nodes
from feeldmn.builtins import BUILT_INS
from feeldmn.checks.findings import Finding
from feeldmn.checks.inference import check_types
from feeldmn.checks.table_check import MAX_ROWS, TableReport, analyse_table
from feeldmn.errors import FeelDmnError, LimitExceeded, Severity
from feeldmn.table_nodes import DecisionTable, HitPolicy

if TYPE_CHECKING:
    from feeldmn.dmn.elements import Invocable
    from feeldmn.dmn.model import Model

_SINGLE_HIT = (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY, HitPolicy.FIRST)


def check_model(model: Model) -> list[Finding]:
    """Return the findings of a model, in the order of its elements."""
    findings = [_of_error(problem) for problem in model.problems]
    findings += _cycles(model)
    for element in (*model.decisions, *model.knowledge):
        try:
            element.prepare()
        except (RecursionError, LimitExceeded):
            findings.append(_too_deep(element))
            continue
        findings += [_of_error(problem) for problem in element.problems]
        findings += _unknown_names(element)
        if element.tree is not None:
            findings += _types(element)
            for table in nodes.walk(element.tree):
                if isinstance(table, DecisionTable):
                    findings += table_findings(table, analyse_table(table), element.where, element.line)
    return findings + _unknown_types(model)


def _too_deep(element: Invocable) -> Finding:
    message = "the expression is nested too deep to be read: split it"
    return Finding("feel.syntax", Severity.ERROR, message, element.where, line=element.line)


def _unknown_types(model: Model) -> list[Finding]:
    found = []
    for name, line in model.types.unknown().items():
        known = ", ".join(model.types.types) or "none"
        message = f"the type {name!r} is not defined: every value of it is null; defined are {known}"
        found.append(Finding("check.unknown_type", Severity.ERROR, message, model.source, line=line))
    return found


def _types(element: Invocable) -> list[Finding]:
    try:
        return check_types(element)
    except RecursionError:
        message = "types were not checked: the expression is nested too deep"
        return [Finding("check.not_analysed", Severity.WARNING, message, element.where, line=element.line)]


def _of_error(error: FeelDmnError) -> Finding:
    message = error.message + (f"; found {error.found}" if error.found else "")
    return Finding(error.code, Severity.ERROR, message, error.where, error.position, line=error.line)


def _unknown_names(element: Invocable) -> list[Finding]:
    known = {reference.through or reference.name for reference in element.requires} | element.own_names
    found = []
    for name, (at, unit) in element.places.items():
        if name in known or name in BUILT_INS or name == "?":
            continue
        remedy = _advice(name, element)
        message = f"the name {name!r} is not known here: {remedy}"
        found.append(
            Finding(
                "check.unknown_name",
                Severity.ERROR,
                message,
                unit.where,
                unit.position(at),
                line=unit.line_of(at),
            )
        )
    return found


def _advice(name: str, element: Invocable) -> str:
    for other in element.model.elements.values():
        if other.variable == name:
            return f"draw a requirement from the {other.noun} {name!r}"
    known = ", ".join(reference.name for reference in element.requires) or "nothing"
    return f"known are {known}"


def _cycles(model: Model) -> list[Finding]:
    """Find decisions that require themselves, directly or round about."""
    found: list[Finding] = []
    for decision in model.decisions:
        seen, ahead = set(), [reference.target for reference in decision.requires]
        while ahead:
            target = ahead.pop()
            if target is decision:
                found.append(
                    Finding(
                        "dmn.cycle",
                        Severity.ERROR,
                        "the decision requires itself round about",
                        decision.where,
                    )
                )
                break
            if target not in seen:
                seen.add(target)
                ahead += [reference.target for reference in target.requires]
    return found


def table_findings(table: DecisionTable, report: TableReport, where: str, line: int = 0) -> list[Finding]:
    """Return the findings that a report gives for a table, by its hit policy."""
    found: list[Finding] = []
    if report.not_analysed:
        message = f"gaps and overlaps were not looked for: {report.not_analysed}"
        return [Finding("check.not_analysed", Severity.WARNING, message, where, line=line)]
    has_default = any(output.default is not None for output in table.outputs)
    if report.gaps and table.hit_policy in _SINGLE_HIT and not has_default:
        message = f"no rule matches in {len(report.gaps)} cases: add rules or a default output"
        found.append(
            Finding(
                "check.gap", Severity.WARNING, message, where, rows=tuple(report.gaps[:MAX_ROWS]), line=line
            )
        )
    for overlap in report.overlaps[:MAX_ROWS]:
        rules = ", ".join(map(str, overlap.rules))
        policy = table.hit_policy.value
        message = (
            f"the table is {policy}, but the rules {rules} match together: narrow one, or change the policy"
        )
        found.append(
            Finding(
                "check.overlap",
                Severity.ERROR,
                message,
                where,
                rows=(overlap.row,),
                rules=overlap.rules,
                line=line,
            )
        )
    for rule in report.unreachable:
        message = f"rule {rule} never counts: the rules before it match all its cases"
        found.append(Finding("check.unreachable", Severity.WARNING, message, where, rules=(rule,), line=line))
    return found
