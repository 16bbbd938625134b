"""The members of the error family that measures raise."""

from __future__ import annotations

from lianban.engines.errors import OurFault, YourMistake


class BadLimitData(OurFault):
    code = "LB-MEASURES-001"
    zh = "控制限度数据“{where}”有误：{problem}。请更正后重新加载。"
    en = 'The limit data at "{where}" is wrong: {problem}. Correct it and load it again.'


class UnknownAsset(YourMistake):
    code = "LB-MEASURES-002"
    status = 404
    zh = "没有代码为“{asset}”的财产种类。可用的有：{known}。"
    en = 'There is no kind of asset "{asset}". There are: {known}.'


class NoLimitRecorded(YourMistake):
    """Silence is no permission: what no row allows is refused."""

    code = "LB-MEASURES-003"
    status = 409
    zh = "{day}没有关于“{basis}”对“{asset}”采取“{step}”的规定。请补录依据，或改用有依据的措施。"
    en = 'On {day} no row allows "{step}" on "{asset}" on the basis "{basis}". Record its basis, or take another measure.'


class MeasureForbidden(YourMistake):
    code = "LB-MEASURES-004"
    status = 409
    zh = "不得对该财产采取此措施：{reason_zh}（{source_zh}）。请选择其他财产。"
    en = "This measure may not be taken on this asset: {reason_en} ({source_en}). Choose another asset."


class ConditionMissing(YourMistake):
    code = "LB-MEASURES-005"
    status = 409
    zh = "采取此措施须具备下列事实之一：{needed}（{source_zh}）。请查明并记录后再办理。"
    en = "This measure needs one of these facts: {needed} ({source_en}). Establish and record it first."


class OrderAboveClaim(YourMistake):
    code = "LB-MEASURES-006"
    status = 409
    zh = "本次控制金额{amount}分超过尚未清偿的债权和执行费用{most}分（查扣冻规定第19条）。请改为不超过该数。"
    en = "The order's ceiling of {amount} fen is above the outstanding claim and costs of {most} fen (查扣冻规定 art. 19). Lower it."


class ExcessBlocksOrders(YourMistake):
    code = "LB-MEASURES-007"
    status = 409
    zh = "本案已超标的控制{over}分，须先解除超出部分（查扣冻规定第19条），不得再发新的控制。"
    en = "This matter already controls {over} fen too much; release the excess (查扣冻规定 art. 19) before ordering more."


class PrintedTermTooLong(YourMistake):
    code = "LB-MEASURES-008"
    status = 409
    zh = "文书载明的届满日{printed}晚于法定最长期限届满日{latest}。请改为该日或更早。"
    en = "The document prints the end {printed}, later than the longest term allows ({latest}). Print that day or an earlier one."


class RenewalRefused(YourMistake):
    code = "LB-MEASURES-009"
    status = 409
    zh = "措施“{measure}”不能续行：{reason_zh}。"
    en = 'Measure "{measure}" cannot be renewed: {reason_en}.'


class WrongOrderOfEvents(YourMistake):
    code = "LB-MEASURES-010"
    zh = "措施“{measure}”的经过前后矛盾：{problem_zh}。请核对日期。"
    en = 'The history of measure "{measure}" contradicts itself: {problem_en}. Check the dates.'


class NotOneAsset(YourMistake):
    code = "LB-MEASURES-011"
    zh = "轮候顺序只能在同一财产上比较，收到的是：{assets}。请按财产分开。"
    en = "Ranks compare measures on one asset; these were given: {assets}. Split them by asset."


class DuplicateMeasure(YourMistake):
    code = "LB-MEASURES-012"
    zh = "措施编号“{measure}”重复。请每项措施使用一个编号。"
    en = 'The measure "{measure}" occurs twice. Use one id a measure.'


class BadAmount(YourMistake):
    code = "LB-MEASURES-013"
    zh = "{what_zh}不能是{found}。请核对。"
    en = "{what_en} cannot be {found}. Check it."
