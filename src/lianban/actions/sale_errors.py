"""What acts of valuation and sale say when they cannot be done. Codes LB-ACTIONS-100 to 105."""

from __future__ import annotations

from lianban.engines.errors import YourMistake


class ValuationNotFound(YourMistake):
    code = "LB-ACTIONS-100"
    status = 404
    zh = "本案没有这项评估（询价、议价），或它已经结束。请从“评估与处置”打开。"
    en = "There is no such valuation in this matter, or it has ended. Open it from Valuation and sale."


class ValuationRunning(YourMistake):
    code = "LB-ACTIONS-101"
    status = 409
    zh = "“{asset}”正在{method}（{started_on} 开始），先登记结果再开始下一次。"
    en = "“{asset}” is being valued ({method}, since {started_on}). Record the result before beginning another."


class SaleNotFound(YourMistake):
    code = "LB-ACTIONS-102"
    status = 404
    zh = "本案没有这次处置，或它已经结束。请从“评估与处置”打开。"
    en = "There is no such sale in this matter, or it has ended. Open it from Valuation and sale."


class SaleRunning(YourMistake):
    code = "LB-ACTIONS-103"
    status = 409
    zh = "“{asset}”已于 {announced_on} 公告处置，尚未结束。"
    en = "The sale of “{asset}” was announced on {announced_on} and has not ended."


class NotHeldFirst(YourMistake):
    code = "LB-ACTIONS-104"
    status = 409
    zh = "“{asset}”不在本案首位查封、冻结之下，不能处置。首封法院处置，或商请移送。"
    en = "This matter does not hold “{asset}” first, and may not sell it. The court that does sells it, or hands it over."


class DisposalBarred(YourMistake):
    code = "LB-ACTIONS-105"
    status = 409
    zh = "“{asset}”有案外人异议在审查，期间不得处分（民事诉讼法第二百三十八条）。"
    en = "Somebody outside claims “{asset}”: nothing is disposed of before that is decided (Civil Procedure Law, article 238)."


class StepOutOfOrder(YourMistake):
    code = "LB-ACTIONS-106"
    status = 409
    zh = "现在不能登记“{step_zh}”：{why_zh}。"
    en = "“{step_en}” cannot be recorded now: {why_en}."
