"""The report of a run as a page of the reference."""

from __future__ import annotations

from collections import Counter

from feeldmn.conformance.run import LevelResult


def lines(levels: list[LevelResult], unbound: list[LevelResult]) -> list[str]:
    """Return what `make tck` prints; `unbound` are the same levels without foreign functions."""
    printed = []
    for level in levels:
        passed, total = level.count()
        printed.append(f"level {level.level}: {passed}/{total}")
    for level in levels:
        passed, total = level.count(nulls=False)
        printed.append(f"level {level.level} without the cases that expect null: {passed}/{total}")
    for level, bare in zip(levels, unbound, strict=True):
        passed, total = bare.count()
        if passed != level.count()[0]:
            printed.append(f"level {level.level} without counterparts of Java functions: {passed}/{total}")
    silent = sum(result.silent for level in levels for result in level.results)
    printed.append(f"nulls from an error without a diagnostic: {silent}")
    for level in levels:
        printed += [f"FAILED {r.case.folder} {r.case.id}: {r.reason}" for r in level.failed]
    return printed


def page(levels: list[LevelResult], unbound: list[LevelResult]) -> str:
    """Return the page in Markdown."""
    out = [
        "# Conformance: the DMN Technology Compatibility Kit",
        "",
        "Written by `make tck`; do not edit. A case passes when every result of it is the expected one: of the "
        "same kind and equal, numbers within 1e-8 (the kit writes roots and logarithms with that many decimals).",
        "",
        "| | passed | cases |",
        "|---|---:|---:|",
    ]
    for level, bare in zip(levels, unbound, strict=True):
        for label, (passed, total) in (
            ("", level.count()),
            (", without the cases that expect null", level.count(nulls=False)),
            (", without counterparts of Java functions", bare.count()),
        ):
            out.append(f"| level {level.level}{label} | {passed} | {total} |")
    rounded = sum(result.rounded and result.passed for level in levels for result in level.results)
    silent = sum(result.silent for level in levels for result in level.results)
    out += [
        "",
        f"{rounded} cases pass within the tolerance only. Of the nulls that the kit marks as errors, {silent} came "
        "without a diagnostic.",
        "",
        "The cases of `0076-feel-external-java` call methods of Java's standard library. There is no Java here: "
        "`feeldmn.java.JAVA_LANG` binds Python counterparts of them, and the third line of each level says how "
        "the kit goes without.",
        "",
        "## Failing cases",
        "",
    ]
    failed = [result for level in levels for result in level.failed]
    if failed:
        out += ["| folder | case | reason |", "|---|---|---|"]
        out += [f"| {r.case.folder} | {r.case.id} | {_cell(r.reason)} |" for r in failed]
    else:
        out.append("None.")
    out += ["", "## By folder", ""]
    for level in levels:
        out += [f"### Level {level.level}", "", "| folder | passed | cases |", "|---|---:|---:|"]
        totals = Counter(result.case.folder for result in level.results)
        passed_by = Counter(result.case.folder for result in level.results if result.passed)
        out += [f"| {folder} | {passed_by[folder]} | {count} |" for folder, count in sorted(totals.items())]
        out.append("")
    return "\n".join(out)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
