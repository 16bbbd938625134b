"""The reference page of measures, its tables written from the data: ``python -m lianban.engines.measures.reference FILE [CSV]``.

A test fails when the page is not what the data says.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from lianban.engines.clocks import ClockBook, Words

from .limits import ANY, Limit, LimitBook

HEAD = """\
# Measures of control 控制措施

<!-- Written by python -m lianban.engines.measures.reference from the data. Do not edit. -->

Seal, freeze, detain, deduct 查封、冻结、扣押、扣划: what may be done to which asset, for how long, who comes first, how much a matter
may hold, and what the radar warns of. The engine is `lianban.engines.measures`; the rows are `data/limits.toml`.

## The rules, with their sources

| Rule | What is done | Source |
|---|---|---|
| Order, answer, effect | three facts with three dates. An order holds nothing until it reaches the assisting unit; it holds from then, answered or not | 查扣冻规定（2020）第1条 V |
| Answers | are recorded as they came. The last one counts, the others stay; what contradicts the order or the computed rank is noted | DESIGN invariant 3 |
| Term | the longest by family of asset: deposits 1 year, movables 2 (a vehicle is a movable, even sealed by registration), immovables and other rights 3. The version of the day counts | 民诉解释（2022）第485条 V |
| End | the earlier of the printed and the computed end; it never moves to a working day; unrenewed, the effect ends by itself | 查扣冻规定第27条 V |
| Renewal | must reach the unit by the end; runs from the end before, same maxima, by the law of the day it was served. One day late it prolongs nothing and the rank is lost | 民诉解释第485条 V |
| Administrative measures | 30 days and once 30 more | 行政强制法第25、32条 V |
| Rank 轮候 | by the order of service; the next takes effect by itself when the first is released | 保全规定第16条, 查扣冻规定第26条 V |
| Promotion after a lapse | as after a release | U |
| Term of a waiting measure | from its promotion, a setting; an end printed on it counts all the same, also while it waits | U |
| Another court's measure that only the unit knows | the unit is believed: ours waits and counts nothing until the unit says it holds. Its term counts from service then, which is never too long | product |
| Disposal | ends control on the asset for all | 查扣冻规定第27条 V; for those waiting 法函〔2007〕100号 U |
| Preservation → enforcement | goes on without a gap, same end, same rank | 保全规定第17条 V |
| Ceiling of one order | at most the outstanding claim and the costs of enforcement | 查扣冻规定第19条 V |
| What counts toward the claim | effective, first-rank, answered, net value: the amount found or the value, times the debtor's share, less what goes before | DESIGN invariant 3 |
| Excess | what can go without uncovering the claim is proposed for release, a release clock starts, further orders are refused | 查扣冻规定第19条 V; its five days 保全规定第23条 by analogy U |
| How much is *obviously* more | a setting in thousandths, default 0 | U |
| Indivisible asset | stays if nothing else is there or the rest does not suffice | 查扣冻规定第19条 V |
| Radar | T−60, 30, 15, 7; a warning that falls on a rest day comes on the working day before; who is away is replaced by deputy and head | product |

What no row allows is refused: silence is no permission (`LB-MEASURES-003`).

## In code

```python
from lianban.engines.clocks import ClockBook
from lianban.engines import measures
from lianban.engines.measures import LimitBook, MeasureSettings, Outstanding

book, limits = ClockBook.standard(), LimitBook.standard()
held = measures.control(book, standings_of_the_matter, Outstanding(claim_fen, costs_fen), found_at=now)
measures.check_order(book, limits, order, outstanding, held, facts={"same_project"})   # or the error that says why not
order = order.served(at).answered(answer)                                              # frozen: each verb gives a new one
queue = measures.stand(book, limits, all_on_one_asset, now)                            # ranks, ends, promotions
standings = measures.stand_all(book, limits, many, now)                                # by id
seen = measures.radar(measures.RadarColumns.of(standings.values()), today)             # buckets, unsigned
plan = measures.plan_renewals(book, limits, standings.values(), today, controls=…)     # batches by unit
```

Columns for millions: `measures.sweeps.first_excess` (on which day a matter first holds too much), `measures.warnings.deliver` (who
is told, on which working day), `measures.simulation.simulate`. `python -m benchmarks.measures --count 1000000` runs three
years with leave and holidays and prints what a referee, which shares no code with the radar, found.

"""


def render(limits: LimitBook, book: ClockBook, examples: Path | None = None) -> str:
    """The page, in Markdown."""
    unverified = sum(row.source.unverified for row in limits.limits)
    parts = [
        HEAD,
        f"## The rows 限度\n\n{len(limits.limits)} rows; ⚠ {unverified} rest on an unverified source and are marked 未核实.\n",
        "| Basis | Asset 财产 | Claim | Step | Says | Source 依据 | From |",
        "|---|---|---|---|---|---|---|",
        *(_row(limits, book, row) for row in limits.limits),
        "\n## Kinds of asset 财产种类\n\n| Code | Family | 名称 Name | |",
        "|---|---|---|---|",
        *(
            f"| `{a.code}` | {a.family} | {a.name.zh} {a.name.en} | {a.note} |"
            for a in limits.assets.values()
        ),
    ]
    if examples is not None:
        parts += ["\n## Worked examples 实例\n\nEach row is a test.\n", *_examples(limits, examples)]
    return "\n".join(parts) + "\n"


def _row(limits: LimitBook, book: ClockBook, row: Limit) -> str:
    says = "refused 不得" if not row.allowed else "allowed 可以"
    if row.clock:
        length = book.rule(row.clock).versions[-1].length
        says = f"at most {length.text('en')} {length.text('zh')} (`{row.clock}`)"
    words = [says, _pair(row.reason), _pair(row.alarm) and f"⏰ {_pair(row.alarm)}"]
    if row.when_any:
        words.append("needs one of: " + ", ".join(f"`{fact}`" for fact in sorted(row.when_any)))
    asset = row.asset if row.asset == ANY or ":" in row.asset else limits.asset(row.asset).name.zh
    mark = "⚠ " if row.source.unverified else ""
    source = f"{mark}{row.source.text('zh')} {row.source.tag}"
    until = f"–{row.to_day}" if row.to_day else ""
    cells = (
        row.basis,
        asset,
        row.claim,
        row.step,
        "<br>".join(filter(None, words)),
        source,
        f"{row.from_day}{until}",
    )
    return "| " + " | ".join(cells) + " |"


def _pair(words: Words) -> str:
    return f"{words.zh} {words.en}" if words.zh else ""


def _examples(limits: LimitBook, table: Path) -> list[str]:
    lines = [
        "| No | Basis | 财产 Asset | Claim | Step | Facts | 日 On | 结论 Verdict | 届满 Until | 理由 Why |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            row["asset"] = limits.asset(row["asset"]).name.zh
            lines.append("| " + " | ".join(row.values()) + " |")
    return lines


if __name__ == "__main__":
    table = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    Path(sys.argv[1]).write_text(render(LimitBook.standard(), ClockBook.standard(), table), encoding="utf-8")
