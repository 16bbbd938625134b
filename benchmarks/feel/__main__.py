"""Decision tables and expressions of FEEL, beside the engines that are installed."""

from benchmarks.table import is_full, run

raise SystemExit(run(["feel"], is_full()))
