"""A million identifiers checked: Lianban beside python-stdnum, in one run."""

import argparse

from benchmarks.identifiers import measure
from benchmarks.table import machine, printed

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--rows", type=int, default=1_000_000)
print(printed(measure(parser.parse_args().rows), machine()))
