"""Whole cases a second, durable, beside SpiffWorkflow on the same server in the same run."""

from benchmarks.table import is_full, run

raise SystemExit(run(["spiff"], is_full()))
