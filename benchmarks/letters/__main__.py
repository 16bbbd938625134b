"""Letters in bulk, sealed and in the signed ledger, and none lost or doubled however often a worker is killed."""

from benchmarks.table import is_full, run

raise SystemExit(run(["letters"], is_full()))
