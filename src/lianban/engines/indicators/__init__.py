"""Indicators 指标: one definition, one number, and the list of matters behind it.

``parse_indicators`` reads definitions. ``evaluate``, ``evaluate_by`` and ``matters_behind`` compute over facts
in Python; ``compile_figure`` (read its rows with ``figure_from_row``) and ``compile_matters`` give the same as
SELECTs for PostgreSQL. ``attribute`` shares a matter's time out among the agencies that held the ball.
"""

from lianban.engines.indicators.attribution import Held, attribute
from lianban.engines.indicators.compilation import Query, Views, compile_figure, compile_matters
from lianban.engines.indicators.definitions import (
    Aggregate,
    Censoring,
    Condition,
    Duration,
    Exclusion,
    Indicator,
    Measure,
    Op,
    Part,
    Published,
    Share,
    Unit,
)
from lianban.engines.indicators.errors import IndicatorsRefused, Problem
from lianban.engines.indicators.execution import evaluate, evaluate_by, matters_behind
from lianban.engines.indicators.facts import COLUMNS, ColumnType, FactKind, Facts
from lianban.engines.indicators.figures import Figure, figure_from_row
from lianban.engines.indicators.parsing import Reading, parse_indicators, read_indicators
from lianban.engines.indicators.scope import EVERYTHING, Scope

__all__ = [
    "COLUMNS",
    "EVERYTHING",
    "Aggregate",
    "Censoring",
    "ColumnType",
    "Condition",
    "Duration",
    "Exclusion",
    "FactKind",
    "Facts",
    "Figure",
    "Held",
    "Indicator",
    "IndicatorsRefused",
    "Measure",
    "Op",
    "Part",
    "Problem",
    "Published",
    "Query",
    "Reading",
    "Scope",
    "Share",
    "Unit",
    "Views",
    "attribute",
    "compile_figure",
    "compile_matters",
    "evaluate",
    "evaluate_by",
    "figure_from_row",
    "matters_behind",
    "parse_indicators",
    "read_indicators",
]
