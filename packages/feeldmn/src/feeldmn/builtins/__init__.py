"""The built-in functions of FEEL (DMN 1.5, 10.3.4), by the kind of value they work on."""

from feeldmn.builtins import (  # noqa: F401  (each module registers its functions)
    contexts,
    conversions,
    dates,
    lists,
    numbers,
    ranges,
    statistics,
    strings,
)
from feeldmn.builtins.registry import BUILT_INS, BuiltIn, Signature

__all__ = ["BUILT_INS", "BuiltIn", "Signature"]
