"""Throughput of official documents, beside docxtpl + LibreOffice in the same run."""

import argparse
from pathlib import Path

from benchmarks.documents import measure
from benchmarks.table import PROJECT, machine, printed

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--count", type=int, default=100)
parser.add_argument("--fonts", type=Path, default=PROJECT / "frontend" / ".parts")
given = parser.parse_args()
print(printed(measure(given.count, given.fonts), machine()))
