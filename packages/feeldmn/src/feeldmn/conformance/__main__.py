"""Run the kit: `python -m feeldmn.conformance DIRECTORY [--report FILE]`."""

from __future__ import annotations

import argparse
from pathlib import Path

from feeldmn.conformance.report import lines, page
from feeldmn.conformance.run import run_level
from feeldmn.java import JAVA_LANG

LEVELS = (2, 3)


def main() -> int:
    """Print the results; the exit code is 1 when a case fails."""
    parser = argparse.ArgumentParser(prog="python -m feeldmn.conformance", description=__doc__)
    parser.add_argument(
        "directory", type=Path, help="the kit: holds compliance-level-2 and compliance-level-3"
    )
    parser.add_argument("--report", type=Path, help="write the page of the reference here")
    options = parser.parse_args()
    missing = [level for level in LEVELS if not (options.directory / f"compliance-level-{level}").is_dir()]
    if missing:
        parser.error(
            f"{options.directory} holds no compliance-level-{missing[0]}: set LIANBAN_DATA or name the kit"
        )
    levels = [run_level(options.directory, level, JAVA_LANG) for level in LEVELS]
    unbound = [run_level(options.directory, level) for level in LEVELS]
    print("\n".join(lines(levels, unbound)))
    if options.report is not None:
        options.report.parent.mkdir(parents=True, exist_ok=True)
        options.report.write_text(page(levels, unbound), encoding="utf-8")
    return 1 if any(level.failed for level in levels) else 0


if __name__ == "__main__":
    raise SystemExit(main())
