"""The members of the error family that objections raise."""

from __future__ import annotations

from lianban.engines.errors import OurFault, YourMistake


class BadObjectionData(OurFault):
    code = "LB-OBJECTIONS-001"
    zh = "异议数据“{where}”有误：{problem}。请更正后重新加载。"
    en = 'The data on objections at "{where}" is wrong: {problem}. Correct it and load it again.'


class UnknownObjection(YourMistake):
    code = "LB-OBJECTIONS-002"
    status = 404
    zh = "没有“{found}”这一类异议或复议。可用的有：{known}。"
    en = 'There is no objection or review "{found}". There are: {known}.'


class TooLate(YourMistake):
    """Refused only where the party's period is over and no time was put off."""

    code = "LB-OBJECTIONS-003"
    status = 409
    zh = "“{kind_zh}”应在 {due} 前提出，收到日 {received} 已逾期（{source_zh}）。如因障碍耽误，请先办理期限顺延。"
    en = 'The "{kind_en}" had to come by {due}; it came on {received} ({source_en}). If an obstacle was to blame, put the period off first.'


class NotTheNextRemedy(YourMistake):
    code = "LB-OBJECTIONS-004"
    status = 409
    zh = "“{kind_zh}”须在前一程序被驳回之后提出。请先作出前一决定。"
    en = 'A "{kind_en}" follows a refusal in the step before. Decide that first.'


class DecidedBefore(YourMistake):
    code = "LB-OBJECTIONS-005"
    status = 409
    zh = "该异议已于 {day} 作出决定，不能再次决定。"
    en = "This objection was decided on {day}; it cannot be decided again."
