"""Fifty thousand timers due at one instant, fired with their follow-up by two workers."""

from benchmarks.table import is_full, run

raise SystemExit(run(["timers"], is_full()))
