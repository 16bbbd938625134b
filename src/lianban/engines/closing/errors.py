"""The members of the error family that closing raises."""

from __future__ import annotations

from lianban.engines.errors import OurFault, YourMistake


class BadClosingData(OurFault):
    code = "LB-CLOSING-001"
    zh = "结案数据“{where}”有误：{problem}。请更正后重新加载。"
    en = 'The data on closing at "{where}" is wrong: {problem}. Correct it and load it again.'


class UnknownMode(YourMistake):
    code = "LB-CLOSING-002"
    status = 404
    zh = "{day}没有结案方式“{found}”。可用的有：{known}。"
    en = 'On {day} there is no way of closing "{found}". There are: {known}.'


class GroundDoesNotFit(YourMistake):
    code = "LB-CLOSING-003"
    zh = "“{mode_zh}”没有事由“{found}”。可用的有：{known}。"
    en = '"{mode_en}" has no ground "{found}". There are: {known}.'


class MayNotCloseYet(YourMistake):
    """Every condition that is missing, at once: nobody should learn them one by one."""

    code = "LB-CLOSING-004"
    status = 409
    zh = "暂不能以“{mode_zh}”结案，还缺 {count} 项：{missing_zh}。补齐后再办理；本次未保存。"
    en = 'It cannot be closed as "{mode_en}" yet; {count} missing: {missing_en}. Nothing was saved.'


class ProofDoesNotFit(YourMistake):
    code = "LB-CLOSING-005"
    zh = "“{item_zh}”不能用“{kind}”证明。可用的有：{known}。"
    en = '"{item_en}" cannot be proved by "{kind}". There are: {known}.'


class NothingToReopen(YourMistake):
    code = "LB-CLOSING-006"
    status = 409
    zh = "该案以“{mode_zh}”结案，执行已终局，不能恢复执行。如有新的依据，请另行立案。"
    en = 'The case was closed as "{mode_en}", which is final; it cannot be resumed. File a new case.'
