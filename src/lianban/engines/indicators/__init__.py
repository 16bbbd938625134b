"""Indicators 指标: one definition, one number, and the list of matters behind it."""

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
    Share,
    Unit,
)
from lianban.engines.indicators.errors import IndicatorsRefused, Problem
from lianban.engines.indicators.facts import COLUMNS, ColumnType, FactKind, Facts
from lianban.engines.indicators.parsing import Reading, parse_indicators, read_indicators

__all__ = [
    "COLUMNS",
    "Aggregate",
    "Censoring",
    "ColumnType",
    "Condition",
    "Duration",
    "Exclusion",
    "FactKind",
    "Facts",
    "Indicator",
    "IndicatorsRefused",
    "Measure",
    "Op",
    "Part",
    "Problem",
    "Reading",
    "Share",
    "Unit",
    "parse_indicators",
    "read_indicators",
]
