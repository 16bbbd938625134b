"""Running the cases of the kit and comparing results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from feeldmn.comparison import equal
from feeldmn.conformance.cases import Case, Expected, read_cases
from feeldmn.dmn import Model, read_dmn
from feeldmn.errors import FeelDmnError
from feeldmn.expression import Evaluation
from feeldmn.runtime import Externals
from feeldmn.texts import literal_of

#: The kit writes the results of sqrt, log, sin and the like with eight decimals and more.
TOLERANCE = Decimal("1e-8")
#: The moment of `now()` and `today()`: the kit asks for their kinds only.
NOW = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one case went: `reason` is empty when it passed. `silent`: a null from an error had no diagnostic."""

    case: Case
    reason: str = ""
    silent: bool = False
    rounded: bool = False

    @property
    def passed(self) -> bool:
        """Say whether all results were as expected."""
        return not self.reason


@dataclass(frozen=True, slots=True)
class LevelResult:
    """How one level went."""

    level: int
    results: tuple[CaseResult, ...]

    def count(self, *, nulls: bool = True) -> tuple[int, int]:
        """Return the passed cases and all cases; without `nulls`, of those that expect something else."""
        kept = [result for result in self.results if nulls or not result.case.expects_null]
        return sum(result.passed for result in kept), len(kept)

    @property
    def failed(self) -> list[CaseResult]:
        """The cases that failed."""
        return [result for result in self.results if not result.passed]


def run_level(kit: Path, level: int, externals: Externals | None = None) -> LevelResult:
    """Run all cases of a level; `externals` binds the foreign functions the kit calls."""
    models: dict[Path, Model | FeelDmnError] = {}
    results = []
    for case in read_cases(kit / f"compliance-level-{level}"):
        if case.model not in models:
            try:
                models[case.model] = read_dmn(case.model)
            except FeelDmnError as error:
                models[case.model] = error
        results.append(_run(case, models[case.model], externals))
    return LevelResult(level, tuple(results))


def _run(case: Case, model: Model | FeelDmnError, externals: Externals | None) -> CaseResult:
    if isinstance(model, FeelDmnError):
        return CaseResult(case, f"the model cannot be read: {model}")
    reasons, silent, rounded = [], False, False
    for expected in case.results:
        try:
            evaluation, found = _evaluate(case, expected, model, externals)
        except FeelDmnError as error:
            reasons.append(f"{expected.name}: {error}")
            continue
        if not same(found, expected.value):
            said = "; ".join(str(diagnostic) for diagnostic in evaluation.diagnostics[:2])
            reasons.append(
                f"{expected.name}: {literal_of(expected.value)} was expected, {literal_of(found)} was found {said}"
            )
        rounded = rounded or not same(found, expected.value, Decimal(0))
        silent = silent or (expected.error and not evaluation.diagnostics)
    return CaseResult(case, " / ".join(reasons), silent, rounded)


def _evaluate(
    case: Case, expected: Expected, model: Model, externals: Externals | None
) -> tuple[Evaluation, Any]:
    if case.kind == "decisionService":
        service = model.service(case.invocable)
        evaluation = service.evaluate(case.inputs, now=NOW, externals=externals)
        found = evaluation.feel_value
        if len(service.outputs) > 1 and type(found) is dict:
            found = found.get(expected.name)
        return evaluation, found
    if case.kind == "bkm":
        evaluation = model.bkm(case.invocable).evaluate(case.inputs, now=NOW, externals=externals)
    else:
        evaluation = model.decision(expected.name).evaluate(case.inputs, now=NOW, externals=externals)
    return evaluation, evaluation.feel_value


def same(found: Any, expected: Any, tolerance: Decimal = TOLERANCE) -> bool:
    """Say whether a value is the expected one: equal, of the same kind, numbers within the tolerance."""
    if type(found) is not type(expected):
        return False
    if type(found) is Decimal:
        return abs(found - expected) <= tolerance
    if type(found) is list:
        return len(found) == len(expected) and all(
            same(a, b, tolerance) for a, b in zip(found, expected, strict=True)
        )
    if type(found) is dict:
        return found.keys() == expected.keys() and all(
            same(found[key], expected[key], tolerance) for key in found
        )
    return bool(found == expected or equal(found, expected))
