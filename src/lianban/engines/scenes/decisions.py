"""The decision tables of a scene: read and checked with the scene, evaluated by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import feeldmn
from lianban.engines.errors import OurFault
from lianban.engines.scenes.reading import Findings
from lianban.engines.scenes.tables import TableUnreadable, check_table, read_table


class UnknownDecision(OurFault):
    """A drawing asks for a decision that no table gives. A loaded scene cannot: the loader refuses it."""

    code = "LB-SCENES-006"
    zh = "没有决策“{decision}”。现有：{known}。请检查流程图中的业务规则任务与 decisions 文件夹。"
    en = 'There is no decision "{decision}". Existing: {known}. Check the drawing and the folder decisions.'


def read_decisions(folder: Path, findings: Findings) -> dict[str, bytes]:
    """The DMN files by name. What cannot be read, and every error a table's static check finds, is noted.

    Gaps and overlaps are remarks of that check, not errors: a table may mean to leave a case open.
    """
    found: dict[str, bytes] = {}
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("decisions/*.dmn")):
        file = f"decisions/{path.name}"
        found[path.name] = content = path.read_bytes()
        try:
            model = read_table(content, file)
        except TableUnreadable as error:
            findings.note(file, error.line, error.zh, error.en)
            continue
        for finding in check_table(model, content):
            if finding.is_error:
                findings.note(
                    file, finding.line, f"决策表有误：{finding.zh}", f"The table is wrong: {finding.en}."
                )
        for decision in model.decisions:
            if decision.id in seen:
                findings.note(
                    file,
                    0,
                    f"决策“{decision.id}”在 {seen[decision.id]} 中已有。请改名。",
                    f'The decision "{decision.id}" is in {seen[decision.id]} already. Rename it.',
                )
            seen.setdefault(decision.id, file)
    return found


def decision_ids(decisions: Mapping[str, bytes]) -> frozenset[str]:
    """What a business-rule task may name: the id of every decision that can be read."""
    return frozenset(
        d.id for content in decisions.values() for model in _models((content,)) for d in model.decisions
    )


def decide(decisions: Mapping[str, bytes], decision: str, context: Mapping[str, Any]) -> Any:
    """The value of a decision, by its id, as plain Python. Raises :class:`UnknownDecision`."""
    return decide_from(decisions, decision, context)[0]


def decide_from(decisions: Mapping[str, bytes], decision: str, context: Mapping[str, Any]) -> tuple[Any, str]:
    """The value, and the name of the file whose table gave it."""
    for name, content in decisions.items():
        for model in _models((content,)):
            for candidate in model.decisions:
                if candidate.id == decision:
                    return candidate.evaluate(context).value, name
    raise UnknownDecision(decision=decision, known="、".join(sorted(decision_ids(decisions))) or "—")


@lru_cache(maxsize=64)
def _models(sources: tuple[bytes, ...]) -> tuple[feeldmn.Model, ...]:
    return tuple(_readable(sources))


def _readable(sources: Iterable[bytes]) -> Iterable[feeldmn.Model]:
    for source in sources:
        try:
            yield feeldmn.read_dmn(source)
        except feeldmn.DmnReadError:
            continue  # noted when the scene was loaded
