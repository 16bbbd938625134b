"""Human steps through the full action path: session, policies, engine, history, ledger, durable, beside bare psycopg."""

from benchmarks.table import is_full, run

raise SystemExit(run(["kernel"], is_full()))
