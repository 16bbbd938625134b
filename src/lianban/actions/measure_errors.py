"""What acts on assets and measures say when they cannot be done. Codes LB-ACTIONS-070 to 079."""

from __future__ import annotations

from lianban.engines.errors import YourMistake


class AssetNotFound(YourMistake):
    code = "LB-ACTIONS-070"
    status = 404
    zh = "本案没有这项财产。请从事项页面的“财产”进入办理。"
    en = "There is no such asset in this matter. Start from “Assets” on the matter's page."


class MeasureNotFound(YourMistake):
    code = "LB-ACTIONS-071"
    status = 404
    zh = "本案没有这项控制措施，或本单位未收到。请从事项页面的“控制措施”进入办理。"
    en = "There is no such measure in this matter, or it was not sent to you. Start from “Measures” on the matter's page."


class AssetRecordedBefore(YourMistake):
    code = "LB-ACTIONS-072"
    status = 409
    zh = "本案已登记过{unit}的“{key}”。请在该项财产上更正价值或份额，不要重复登记。"
    en = "“{key}” at {unit} is recorded in this matter already. Correct its value or share there."


class MeasureNotPossible(YourMistake):
    """The measure does not stand where the act needs it."""

    code = "LB-ACTIONS-073"
    status = 409
    zh = "措施 {number} 现为“{state}”，不能办理“{act_zh}”：{reason_zh}。"
    en = "The measure {number} is “{state}”; {act} is not possible: {reason}."


class AssetOwnerUnknown(YourMistake):
    code = "LB-ACTIONS-074"
    zh = "财产的权利人“{party}”不是本案当事人。请从当事人中选择，或留空。"
    en = "The owner “{party}” is no party of this matter. Choose one of its parties, or leave it empty."


class RulingServiceWrong(YourMistake):
    code = "LB-ACTIONS-076"
    zh = "不能登记裁定 {number} 的送达：{why_zh}。请更正后再登记。"
    en = "The service of the ruling {number} cannot be recorded: {why}. Correct it and record it again."


class FindingDoesNotFit(YourMistake):
    """Property is recorded from an answer or a hit of its own case, of the kind it says, that was not recalled."""

    code = "LB-ACTIONS-075"
    status = 409
    zh = "不能依据所选反馈或命中登记财产：{reason_zh}。请从本案的反馈和命中中选择，或改选发现途径。"
    en = "Property cannot be recorded from what was chosen: {reason}. Choose an answer or a hit of this case, or another way it was found."
