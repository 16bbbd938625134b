"""Rows of a file of cases a second: read, checked, and taken as matters, with bad rows among them."""

from benchmarks.table import is_full, run

raise SystemExit(run(["imports"], is_full()))
