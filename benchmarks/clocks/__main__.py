"""A million clocks due-dated: Lianban beside chinesecalendar used the naive way, in one run."""

import argparse

from benchmarks.clocks import measure
from benchmarks.table import machine, printed

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--count", type=int, default=1_000_000, help="clocks for Lianban")
parser.add_argument("--peer", type=int, default=100_000, help="clocks of the same for the peer")
given = parser.parse_args()
print(printed([measure(given.count, given.peer)], machine()))
