"""The inbox of an officer with 10,000 open tasks among very many finished ones, beside the same SQL without policies."""

from benchmarks.table import is_full, run

raise SystemExit(run(["inbox"], is_full()))
