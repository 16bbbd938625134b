"""FEEL and DMN by the standard: parsed once, compiled to Python closures.

>>> import feeldmn
>>> feeldmn.compile_expression("if age >= 18 then \\"adult\\" else \\"minor\\"")({"age": 20})
'adult'
"""

from feeldmn.checks import Finding
from feeldmn.dmn import Decision, DecisionService, Model, models_in, read_dmn
from feeldmn.errors import (
    Diagnostic,
    DmnNotFound,
    DmnReadError,
    FeelDmnError,
    FeelSyntaxError,
    LimitExceeded,
    Position,
    Severity,
    UnsupportedValue,
)
from feeldmn.expression import Evaluation, Expression, UnaryTests, compile_expression, compile_unary_tests
from feeldmn.runtime import Hit, Limits
from feeldmn.values import Function, Range

__version__ = "0.1.0"

__all__ = [
    "Decision",
    "DecisionService",
    "Diagnostic",
    "DmnNotFound",
    "DmnReadError",
    "Evaluation",
    "Expression",
    "FeelDmnError",
    "FeelSyntaxError",
    "Finding",
    "Function",
    "Hit",
    "LimitExceeded",
    "Limits",
    "Model",
    "Position",
    "Range",
    "Severity",
    "UnaryTests",
    "UnsupportedValue",
    "compile_expression",
    "compile_unary_tests",
    "models_in",
    "read_dmn",
]
