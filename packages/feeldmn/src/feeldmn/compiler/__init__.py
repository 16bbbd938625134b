"""From the syntax tree to Python closures over one flat frame of slots."""

from feeldmn.compiler import (  # noqa: F401  (each module registers what it compiles)
    calls,
    conditions,
    filters,
    functions,
    loops,
    operators,
    paths,
    structures,
    tables,
    tests,
)
from feeldmn.compiler.core import MISSING, Closure, Compiler, Program, compile_program

__all__ = ["MISSING", "Closure", "Compiler", "Program", "compile_program"]
