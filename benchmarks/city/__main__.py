"""The demo city, loaded: pages and steps."""

from benchmarks.table import is_full, run

raise SystemExit(run(["city"], is_full()))
