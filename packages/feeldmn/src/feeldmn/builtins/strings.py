"""Built-in functions on strings; positions count Unicode characters from 1, and from the end when negative."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from feeldmn.builtins.registry import built_in
from feeldmn.patterns import compile_pattern, matches, replace, split
from feeldmn.runtime import FeelNull
from feeldmn.texts import text_of


@built_in("substring", "string: string, start position: number, length?: number", "string")
def _substring(_: Any, string: str, start: Decimal, length: Decimal | None) -> str | None:
    """Return `length` characters (or all) from a start position."""
    first = int(start)
    if first == 0 or abs(first) > len(string):
        raise FeelNull(
            "feel.argument", f"the start position {start} lies outside the string of {len(string)}"
        )
    begin = first - 1 if first > 0 else len(string) + first
    if length is None:
        return string[begin:]
    count = int(length)
    if count < 1:
        raise FeelNull("feel.argument", f"the length must be at least 1, but {length} was found")
    return string[begin : begin + count]


@built_in("string length", "string: string", "number")
def _string_length(_: Any, string: str) -> Decimal:
    """Return the number of characters."""
    return Decimal(len(string))


@built_in("upper case", "string: string", "string")
def _upper_case(_: Any, string: str) -> str:
    """Return the string in upper case."""
    return string.upper()


@built_in("lower case", "string: string", "string")
def _lower_case(_: Any, string: str) -> str:
    """Return the string in lower case."""
    return string.lower()


@built_in("substring before", "string: string, match: string", "string")
def _substring_before(_: Any, string: str, match: str) -> str:
    """Return what stands before the first match, or an empty string."""
    before, found, _after = string.partition(match) if match else ("", "", "")
    return before if found else ""


@built_in("substring after", "string: string, match: string", "string")
def _substring_after(_: Any, string: str, match: str) -> str:
    """Return what stands after the first match, or an empty string."""
    if not match:
        return string
    return string.partition(match)[2]


@built_in("contains", "string: string, match: string", "boolean")
def _contains(_: Any, string: str, match: str) -> bool:
    """Say whether the string contains the match."""
    return match in string


@built_in("starts with", "string: string, match: string", "boolean")
def _starts_with(_: Any, string: str, match: str) -> bool:
    """Say whether the string starts with the match."""
    return string.startswith(match)


@built_in("ends with", "string: string, match: string", "boolean")
def _ends_with(_: Any, string: str, match: str) -> bool:
    """Say whether the string ends with the match."""
    return string.endswith(match)


@built_in("matches", "input: string, pattern: string, flags?: string | null", "boolean")
def _matches(_: Any, string: str, pattern: str, flags: str | None) -> bool:
    """Say whether the regular expression (XPath and XQuery functions, 7.6) matches a part of the string."""
    return matches(compile_pattern(pattern, flags or ""), string)


@built_in("replace", "input: string, pattern: string, replacement: string, flags?: string | null", "string")
def _replace(runtime: Any, string: str, pattern: str, replacement: str, flags: str | None) -> str:
    """Replace every match of the regular expression; `$1` stands for the first group."""
    result = replace(compile_pattern(pattern, flags or ""), string, replacement)
    bounded(runtime, len(result))
    return result


@built_in("split", "string: string, delimiter: string", "list")
def _split(runtime: Any, string: str, delimiter: str) -> list[str]:
    """Split the string at every match of the regular expression."""
    parts = split(compile_pattern(delimiter, ""), string)
    runtime.spend(len(parts))
    return parts


@built_in("string join", "list: list, delimiter?: string | null", "string")
def _string_join(runtime: Any, items: list[Any], delimiter: str | None) -> str:
    """Join the strings of a list, leaving out nulls."""
    if not all(item is None or type(item) is str for item in items):
        raise FeelNull(
            "feel.argument", "string join() takes a list of strings: convert its items with string()"
        )
    parts = [item for item in items if item is not None]
    bounded(runtime, sum(map(len, parts)) + len(parts) * len(delimiter or ""))
    return (delimiter or "").join(parts)


@built_in("string", "from: any", "string")
def _string(_: Any, value: Any) -> str | None:
    """Return the text of a value; the string of null is null."""
    return None if value is None else text_of(value)


def bounded(runtime: Any, length: int) -> None:
    """Raise `LimitExceeded` when a text grows beyond the bound."""
    if length > runtime.limits.text:
        from feeldmn.errors import LimitExceeded

        raise LimitExceeded(
            f"a string grew beyond {runtime.limits.text} characters",
            code="feel.limit.text",
            remedy="raise Limits.text when this is meant",
        )
