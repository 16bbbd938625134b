"""What is said about a sale that may not be announced, or a price that may not be taken."""

from __future__ import annotations

from lianban.engines.errors import OurFault, YourMistake


class BadSaleRules(OurFault):
    code = "LB-SALES-001"
    zh = "处置规则数据有误：{problem}。请恢复随软件安装的文件。"
    en = "The data of the rules of sale is wrong: {problem}. Restore the file that came with the program."


class PriceNotSettled(YourMistake):
    code = "LB-SALES-002"
    zh = "“{asset}”还没有有效的处置参考价（{why_zh}）。请先完成议价、询价或评估。"
    en = "There is no reference price in force for “{asset}” ({why_en}). Agree on it, ask for it or have it appraised first."


class StartTooLow(YourMistake):
    code = "LB-SALES-003"
    zh = "起拍价 {found} 元低于最低 {least} 元（{of_zh}的 {percent}%）。请提高起拍价。"
    en = "The starting price of {found} yuan is below {least} yuan, {percent} % of {of_en}. Raise it."


class DepositOutOfRange(YourMistake):
    code = "LB-SALES-004"
    zh = "保证金 {found} 元不在起拍价的 {least}% 至 {most}% 之间。"
    en = "A deposit of {found} yuan is not between {least} % and {most} % of the starting price."


class NoticeTooShort(YourMistake):
    code = "LB-SALES-005"
    zh = "公告应不晚于 {latest}发布（拍卖开始前 {days} 日），填写的是 {found}。请推迟拍卖或提前公告。"
    en = "The notice must be out by {latest}, {days} days before the auction begins; {found} was given. Begin later or publish earlier."


class BiddingTooShort(YourMistake):
    code = "LB-SALES-006"
    zh = "竞价时间只有 {found} 小时，至少 {least} 小时。"
    en = "Bidding lasts {found} hours; {least} are the least."


class NoMoreAuctions(YourMistake):
    code = "LB-SALES-007"
    zh = "“{asset}”已拍卖 {rounds} 次均流拍，不能再拍卖。可以变卖，或经申请执行人同意以物抵债。"
    en = "“{asset}” was auctioned {rounds} times in vain. It may be sold directly, or given in payment if the creditor agrees."


class DirectSaleWithoutGround(YourMistake):
    code = "LB-SALES-008"
    zh = "“{asset}”（{kind}）不能直接变卖：没有变卖的理由。可用的理由：{grounds}。"
    en = "“{asset}” ({kind}) may not be sold directly without a ground. Grounds: {grounds}."


class PriceBelowFloor(YourMistake):
    code = "LB-SALES-009"
    zh = "成交价 {found} 元低于 {least} 元（{of_zh}），不能成交。"
    en = "A price of {found} yuan is below {least} yuan ({of_en}): the sale does not stand."
