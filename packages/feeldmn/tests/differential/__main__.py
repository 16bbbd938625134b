"""Write docs/reference/feelin.md: `python tests/differential` (needs node and feelin in .peers)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parents[1]
sys.path[:0] = [str(HERE.parent), str(HERE)]

import explained  # noqa: E402

folder = Path(os.environ.get("FEELDMN_PEERS", PACKAGE / ".peers"))
sources = explained.corpus(explained.cases_of_tests())
found = explained.disagreements(folder / "node_modules" / "feelin" / "dist" / "index.js", sources)
by_rule, rest = explained.explained(found)
for left in rest:
    print(left.source, "|", left.mine, "|", left.theirs)
unused = [title for title, hits in by_rule.items() if not hits]
print(
    f"{len(sources)} expressions, {len(found)} disagreements, {len(rest)} unexplained, unused rules: {unused}"
)
if not rest and not unused:
    (PACKAGE / "docs" / "reference" / "feelin.md").write_text(
        explained.report(by_rule, len(sources)), encoding="utf-8"
    )
