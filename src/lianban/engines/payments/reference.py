"""The reference page of payments, its tables written from data and tests: ``python -m lianban.engines.payments.reference FILE [FOLDER]``.

FOLDER holds the worked examples (``statements.csv``, ``distributions.csv``). A test fails when the page is not what they say.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from .rates import RateBook

HEAD = """\
# Money of a matter 案款

<!-- Written by python -m lianban.engines.payments.reference from data and tests. Do not edit. -->

What is owed on a day, what a payment pays, who gets how much, until when it must leave the account. The engine is
`lianban.engines.payments`; money is integer fen, interest an exact fraction that is rounded once.

## The rules, with their sources

| Rule | What is done | Source |
|---|---|---|
| Doubled interest 加倍部分债务利息 | unpaid money debt other than general interest × 0.0175 % × days, simple, never on interest | 法释〔2014〕8号第1条 V |
| General interest 一般债务利息 | as the document says; none awarded, none reckoned; 360 or 365 days as the document's rate is meant | 法释〔2014〕8号第1条 V |
| Starts | after the last day for performance, each instalment from its own | 法释〔2014〕8号第2条 V; that the last day itself is not counted U (`last_day_counts`) |
| Ends | on the day of payment, of the deduction, or on which the ruling of sale took effect, that day included | 法释〔2014〕8号第3条 V; *included* U |
| Days not counted | a stay or deferral the debtor did not ask for; two that overlap once | 法释〔2014〕8号第3条 V |
| Before 1 August 2014 | the older rules; refused until their amount is entered | 法释〔2014〕8号第7条 V |
| Order of attribution | the debt of the document first, doubled interest last, unless the parties agree otherwise | 法释〔2014〕8号第4条 V |
| Order inside the document's debt | costs, interest, principal | 民法典第561条 S; that it is followed in enforcement U (`order = "principal_first"` for courts that pay principal first) |
| Several tranches due | the oldest first | 民法典第560条, U as far as it knows other criteria |
| Rounding | once, on the total to date, half a fen up | U (四舍五入; no rule found) |
| A tranche not due | is not paid by enforcement; what is left over is surplus | product |
| Distribution 参与分配 | costs of enforcement, priority by rank, ordinary in proportion, the rest stays owed | 民诉解释第508条, number U |
| A firm that is not bankrupt | ordinary claims by the order of seizure | 民诉解释第514条, number U |
| Doubled interest among several creditors | after all document debts | U (`doubled_last_in_distribution`) |
| The last fen | to the largest fraction lost, then the larger claim, then by id | U |
| Objection to the plan | 15 days to object, 15 to answer, 15 to sue; the disputed part is kept, the rest paid | 民诉解释第509–510条 V; *kept* U |
| Payout | 30 days from the finance office's notice of arrival; days of an objection, a dispute or a distribution not counted | 法发〔2017〕6号第10条 S |
| Payout, Beijing | 20 days from the day the conditions are met (`payout_clock = "business.fund_payout_beijing"`) | seed |
| Hold 暂缓发放 | a kind and a reason in words; several about the same money hold it once; never pays below what is held | 法发〔2017〕6号第10条 S |
| Instalments | only by the creditor's agreement, or security to which the creditor consents; they add up to the total; missed on the day after | 民诉法第241–242条 V |
| Resumption | not while the debtor performs; two years from the last agreed day | 和解规定第10–11条 V |
| Reconciliation | by the bank's reference, then by sum and day where only one of each is left; the balances explain every fen | product |
| Bank statement | CSV or Excel; each mistake at its row, and with one mistake nothing is taken; a printed balance checks every line | product |
| Ruling in kind 以物抵债 | counts as paid on the day it took effect; none on a settlement | 法释〔2014〕8号第3条 V; 和解规定第6条 V |

## Where it is held

The tables and what the database itself refuses are in `records/sql/payments.sql`: a fund never pays out and holds back more than
arrived; nobody is paid more than was received for them (`lianban.settle`, compared with this engine by a property test); a payout
is approved by another officer than who proposed it (`payout_two_officers`); shares, instalments and statements add up; what was
recorded is superseded, never edited. Acts: `payments.*` in `engines/scenes/abilities.py`. Settings, as rows of
`lianban.setting`: `payout_clock`, `payout_two_officers`, `interest_last_day_counts`, `doubled_last_in_distribution`,
`instalment_remind_days`.

## In code

```python
from lianban.engines.clocks import ClockBook
from lianban.engines import payments
from lianban.engines.payments import Bucket, Entitled, MoneyClaim, PaymentSettings, Receipt, Tranche

claim = MoneyClaim("c", (Tranche("t", 1_000_000_00, last_day),), costs_fen=…, enforcement_costs_fen=…)
statement = payments.settle(claim, [Receipt("r", paid_on, fen)], today)     # .lines, .owed, .owed_fen, .surplus_fen
plan = payments.distribute(fen, [Entitled("a", ordinary_fen=…), …])         # shares and rest add up
now = payments.undisputed(plan, objections)                                 # what may be paid, what is kept
fund = fund.hold(hold).lift("h", at).pay(payout)                            # never more than is there and not held
clock = payments.payout_clock(book, fund, now)                              # None until its trigger has happened
found = payments.reconcile(book_lines, bank_lines, opening_fen=…)           # .balanced, .difference_fen
file = payments.read_statement(content, "三月.xlsx")                         # .lines, .problems, .closing_fen
lines = payments.stretches(statement)                                       # base × rate × days, as a person adds it up
```

`statement.claim_fen` and the costs of enforcement are the ceiling of control: `measures.Outstanding(statement.claim_fen,
statement.owed[Bucket.ENFORCEMENT_COSTS])`.
"""


def render(rates: RateBook, examples: Path | None = None) -> str:
    """The page, in Markdown."""
    parts = [HEAD, "## Rates and orders 利率与顺序\n\n| From | A day | Source 依据 |\n|---|---|---|"]
    parts += [
        f"| {rate.from_day} | {float(rate.daily):.4%} | {rate.source.text('zh')} {rate.source.tag} |"
        for rate in rates.doubled
    ]
    parts.append("\n| Order | 顺序 | Source 依据 | |\n|---|---|---|---|")
    for order in rates.orders.values():
        mark = "⚠ " if order.source.unverified else ""
        cells = (
            f"`{order.code}`",
            order.name.zh,
            f"{mark}{order.source.text('zh')} {order.source.tag}",
            order.source.note,
        )
        parts.append("| " + " | ".join(cells) + " |")
    if examples is not None:
        parts.append(
            "\n## Worked examples 实例\n\nEach row is a test; amounts in fen 分.\n\n### Statements 结算"
        )
        parts.append(_table(examples / "statements.csv"))
        parts.append(
            "\n### Distributions 分配\n\n`a:600/3000@2`: creditor a with 600 in priority, 3,000 ordinary, second to seize."
        )
        parts.append(_table(examples / "distributions.csv"))
    return "\n".join(parts) + "\n"


def _table(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    lines = ["", "| " + " | ".join(rows[0]) + " |", "|" + "---|" * len(rows[0])]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows[1:])])


if __name__ == "__main__":
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    Path(sys.argv[1]).write_text(render(RateBook.standard(), folder), encoding="utf-8")
