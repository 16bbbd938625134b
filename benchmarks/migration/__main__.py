"""Open matters moved to a new version of their drawing, taken back, moved again, and every one of them then completed."""

import argparse

from benchmarks.migration import run
from benchmarks.table import is_full, machine, printed

options = argparse.ArgumentParser(description=__doc__)
options.add_argument("--count", type=int, default=100_000 if is_full() else 10_000)
options.add_argument("--steps", default="back,complete", help="what follows the migration")
chosen = options.parse_args()
print(printed(run(chosen.count, tuple(chosen.steps.split(","))), machine()))
