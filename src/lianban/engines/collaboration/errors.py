"""The members of the error family that collaboration raises."""

from __future__ import annotations

from lianban.engines.errors import YourMistake


class StepOutOfOrder(YourMistake):
    code = "LB-COLLABORATION-001"
    status = 409
    zh = "该协同现处于“{state_zh}”，不能“{step_zh}”。可以办理：{known}。"
    en = 'This collaboration stands at "{state_en}"; "{step_en}" does not come next. What may: {known}.'


class NotAboutProperty(YourMistake):
    """What was found is not repeated: it is what should not have been written."""

    code = "LB-COLLABORATION-002"
    zh = "“{field_zh}”里含有{what_zh}。乡镇线索只记财产事实，请删去后重新提交；填写的其他内容仍在。"
    en = "“{field_en}” holds {what_en}. A township's lead is facts about property only: take it out; the rest is kept."


class WindowBackwards(YourMistake):
    code = "LB-COLLABORATION-003"
    zh = "收获（出栏）期的结束日 {closes} 早于开始日 {opens}。请核对。"
    en = "The harvest window closes on {closes}, before it opens on {opens}. Check it."


class WithoutWindow(YourMistake):
    code = "LB-COLLABORATION-004"
    zh = "“{kind_zh}”请填写收获（出栏）期开始日，以便提前 30 天提醒。"
    en = 'For "{kind_en}" say when the harvest (or sale) opens, so that a reminder goes out 30 days before.'


class SaysTooMuch(YourMistake):
    """The push: name, case number, amount, question, and nothing else."""

    code = "LB-COLLABORATION-005"
    zh = "推送给乡镇的内容含有{what_zh}。只能推送姓名、案号、金额和问题。"
    en = "What is pushed to the township holds {what_en}. Only the name, the case number, the amount and the question may be."
