"""Figures: a scene's indicators, computed in the database by whoever asks, and the matters behind each.

The views the SELECT reads obey row-level security as the asker: a court's figure counts the court's matters.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from lianban.engines import indicators
from lianban.engines.errors import YourMistake
from lianban.engines.indicators import Figure, Indicator, Part, Scope
from lianban.records import scenes


class UnknownIndicator(YourMistake):
    code = "LB-RECORDS-006"
    status = 404
    zh = "场景“{scene}”没有指标“{indicator}”。已有：{known}。"
    en = "The scene “{scene}” has no indicator “{indicator}”. It has: {known}."


@lru_cache(maxsize=64)
def definitions(scene: str) -> dict[str, Indicator]:
    pack = scenes.scene(scene)
    parsed = indicators.parse_indicators(list(pack.indicators), source=f"scenes/{scene}/indicators.yaml")
    return {one.code: one for one in parsed}


def definition(scene: str, code: str) -> Indicator:
    known = definitions(scene)
    if code not in known:
        raise UnknownIndicator(scene=scene, indicator=code[:60], known=", ".join(known) or "—")
    return known[code]


def figure(cursor: Any, indicator: Indicator, scope: Scope) -> Figure:
    query = indicators.compile_figure(indicator, scope)
    cursor.execute(query.sql, query.params)
    names = [column.name for column in cursor.description]
    return indicators.figure_from_row(indicator, dict(zip(names, cursor.fetchone(), strict=True)))


def figures_by(cursor: Any, indicator: Indicator, scope: Scope, by: str) -> list[tuple[str, Figure]]:
    """The same figure for each agency (or other group) that the definition may be broken down by."""
    query = indicators.compile_figure(indicator, scope, by=by)
    cursor.execute(query.sql, query.params)
    names = [column.name for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [(row["grp"] or "", indicators.figure_from_row(indicator, row)) for row in rows]


def matters_behind(
    cursor: Any, indicator: Indicator, scope: Scope, *, part: Part | None = None, after: UUID | None = None,
    limit: int = 50,
) -> list[UUID]:  # fmt: skip
    query = indicators.compile_matters(indicator, scope, part=part, after=after, limit=limit)
    cursor.execute(query.sql, query.params)
    return [row[0] for row in cursor.fetchall()]
