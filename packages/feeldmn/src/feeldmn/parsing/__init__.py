"""From FEEL source to the syntax tree: recursive descent by the grammar of DMN 1.5, 10.3.1.2."""

from feeldmn.parsing.base import TypeResolver
from feeldmn.parsing.expressions import Parser
from feeldmn.parsing.lexer import NameIndex, normalize_name

__all__ = ["NameIndex", "Parser", "TypeResolver", "normalize_name"]
