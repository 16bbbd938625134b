"""Point and batch collision over eight registries, beside SQLite, PostgreSQL and bare DuckDB joins."""

from benchmarks.table import is_full, run

raise SystemExit(run(["collision"], is_full()))
