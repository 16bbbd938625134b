"""What an open matter with 31 letters takes on disk, beside the state SpiffWorkflow keeps of the same."""

from benchmarks.table import is_full, run

raise SystemExit(run(["storage"], is_full()))
