"""Writes docs/reference/functions.md from the library and the cases of its tests."""

from __future__ import annotations

import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PACKAGE / "tests"))

from test_feel_functions import CASES  # noqa: E402

from feeldmn import builtins, compile_expression  # noqa: E402
from feeldmn.builtins import BUILT_INS, BuiltIn  # noqa: E402
from feeldmn.texts import literal_of  # noqa: E402

CHAPTERS = {
    "Conversion": builtins.conversions,
    "Strings": builtins.strings,
    "Numbers": builtins.numbers,
    "Lists": builtins.lists,
    "Sums and statistics": builtins.statistics,
    "Contexts": builtins.contexts,
    "Dates and times": builtins.dates,
    "Ranges": builtins.ranges,
}


def page() -> str:
    """Return the page in Markdown."""
    lines = [
        "# Built-in functions",
        "",
        "Written by `make docs`; do not edit. A parameter with `?` may be left out, `...` takes any number of "
        "arguments or one list. An argument may be given by its name. What does not fit is null with a diagnostic.",
    ]
    for title, module in CHAPTERS.items():
        functions = [f for f in BUILT_INS.values() if f.signatures[0].function.__module__ == module.__name__]
        lines += ["", f"## {title}", "", "| function | what it does | for example |", "|---|---|---|"]
        lines += [_row(function) for function in functions]
    return "\n".join(lines) + "\n"


def _row(function: BuiltIn) -> str:
    ways = "<br>".join(
        f"`{function.name}({', '.join(_parameters(s))})` → {s.result}" for s in function.signatures
    )
    return f"| {ways} | {function.summary} | {_example(function.name)} |"


def _parameters(signature: object) -> list[str]:
    parameters = signature.parameters  # type: ignore[attr-defined]
    return [f"{p.name}{'?' if p.optional else ''}{'...' if p.many else ''}: {p.kinds}" for p in parameters]


def _example(name: str) -> str:
    source = next((case for case, _ in CASES if case.startswith(f"{name}(")), None)
    source = source or next((case for case, _ in CASES if f"{name}(" in case), None)
    if source is None:
        return ""
    value = literal_of(compile_expression(source).evaluate().feel_value)
    return f"`{source}` = `{value}`".replace("|", "\\|")


if __name__ == "__main__":
    (PACKAGE / "docs" / "reference" / "functions.md").write_text(page(), encoding="utf-8")
