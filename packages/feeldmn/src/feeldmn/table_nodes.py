"""Decision tables and what else only boxed expressions have, as nodes of the syntax tree."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from feeldmn.nodes import Node, Tests
from feeldmn.types import FeelType


class HitPolicy(Enum):
    """What happens when several rules match (DMN 1.5, 8.2.11)."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    FIRST = "FIRST"
    COLLECT = "COLLECT"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"


class Aggregation(Enum):
    """How the hits of a COLLECT table become one value."""

    SUM = "SUM"
    COUNT = "COUNT"
    MIN = "MIN"
    MAX = "MAX"


@dataclass(frozen=True, slots=True)
class TableInput:
    """An input column: its expression, the type and the allowed values of its input."""

    label: str
    expression: Node
    type: FeelType | None = None
    allowed: Tests | None = None


@dataclass(frozen=True, slots=True)
class TableOutput:
    """An output column: name (empty for the only one), type, values in order of priority, default."""

    name: str
    type: FeelType | None = None
    values: Node | None = None
    default: Node | None = None


@dataclass(frozen=True, slots=True)
class TableRule:
    """A row: one tests cell per input, one entry per output, and the texts of its annotations."""

    number: int
    tests: tuple[Node, ...]
    outputs: tuple[Node, ...]
    texts: tuple[str, ...] = ()
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionTable(Node):
    """A decision table."""

    inputs: tuple[TableInput, ...]
    outputs: tuple[TableOutput, ...]
    rules: tuple[TableRule, ...]
    hit_policy: HitPolicy = HitPolicy.UNIQUE
    aggregation: Aggregation | None = None
