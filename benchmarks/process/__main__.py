"""How long one step of the process engine takes, without a database, beside SpiffWorkflow."""

from benchmarks.table import is_full, run

raise SystemExit(run(["process"], is_full()))
