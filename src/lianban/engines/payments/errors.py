"""The members of the error family that payments raise."""

from __future__ import annotations

from lianban.engines.errors import OurFault, YourMistake


class BadRateData(OurFault):
    code = "LB-PAYMENTS-001"
    zh = "利率与顺序数据“{where}”有误：{problem}。请更正后重新加载。"
    en = 'The data of rates and orders at "{where}" is wrong: {problem}. Correct it and load it again.'


class AmountNotAllowed(YourMistake):
    code = "LB-PAYMENTS-002"
    zh = "{what_zh}不能是{amount}分。请核对。"
    en = "{what_en} cannot be {amount} fen. Check it."


class PeriodReversed(YourMistake):
    code = "LB-PAYMENTS-003"
    zh = "期间起止颠倒：{first}至{last}。请核对。"
    en = "The period runs backwards: {first} to {last}. Check it."


class BeforeTheRate(YourMistake):
    """法释〔2014〕8号 7: delay before 1 August 2014 is reckoned by the older rules, which this engine does not know."""

    code = "LB-PAYMENTS-004"
    zh = "迟延自{day}起，早于{first}：此前的迟延利息按当时的规定计算。请核定此前的数额填入，并从{first}起算。"
    en = (
        "The delay starts on {day}, before {first}: interest until then follows the older rules. "
        "Establish that amount, enter it, and count from {first}."
    )


class OrderNotAgreed(YourMistake):
    code = "LB-PAYMENTS-005"
    status = 409
    zh = "清偿顺序“{order}”不是法定顺序，须有当事人约定（法释〔2014〕8号第4条）。请登记约定，或采用法定顺序。"
    en = 'The order "{order}" is not the statutory one and needs an agreement of the parties (法释〔2014〕8号 art. 4). Record it or use the statutory order.'


class SameIdTwice(YourMistake):
    code = "LB-PAYMENTS-006"
    zh = "编号“{id}”出现两次。请一笔一个编号。"
    en = 'The id "{id}" occurs twice. Use one id each.'


class FundHeld(YourMistake):
    code = "LB-PAYMENTS-007"
    status = 409
    zh = "案款“{fund}”可发放{payable}分，不足{amount}分；暂缓原因：{reasons}。请先办结暂缓事项。"
    en = 'Fund "{fund}" can pay {payable} fen, not {amount}; held for: {reasons}. End the holds first.'


class HoldNeedsReason(YourMistake):
    code = "LB-PAYMENTS-008"
    zh = "暂缓发放案款须写明理由。请填写。"
    en = "A hold on money needs its reason in words. Give it."


class InstalmentsNotAgreed(YourMistake):
    """The court cannot impose instalments (民诉法 241–242)."""

    code = "LB-PAYMENTS-009"
    status = 409
    zh = "分期履行须有申请执行人同意（和解协议），或者被执行人提供担保并经申请执行人同意；缺少：{missing_zh}。法院不能径行决定分期。"
    en = "Instalments need the creditor's agreement, or security with the creditor's consent; missing: {missing_en}. The court cannot impose them."


class InstalmentsDoNotAddUp(YourMistake):
    code = "LB-PAYMENTS-010"
    zh = "各期合计{sum}分，与约定总额{total}分不符。请核对各期金额。"
    en = "The instalments sum to {sum} fen and the agreed total is {total} fen. Check them."


class EventsOutOfOrder(YourMistake):
    code = "LB-PAYMENTS-011"
    zh = "“{id}”的日期前后矛盾：{problem_zh}。请核对。"
    en = 'The dates of "{id}" contradict each other: {problem_en}. Check them.'
