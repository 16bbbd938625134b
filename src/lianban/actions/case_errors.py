"""What the acts on collaborations, listings, objections and closings say when they cannot be done."""

from __future__ import annotations

from lianban.engines.errors import YourMistake


class NoSuchRecord(YourMistake):
    """Also for a record of another matter: which there are elsewhere is not the asker's to learn."""

    code = "LB-ACTIONS-130"
    status = 404
    zh = "本事项没有这一项{what_zh}。请从事项页面重新进入。"
    en = "This matter has no such {what_en}. Start again from the matter's page."


class NotATownship(YourMistake):
    code = "LB-ACTIONS-131"
    zh = "单位“{agency}”不是乡镇、街道，不能推送协查任务。请从乡镇名单中选择。"
    en = "“{agency}” is not a township; nothing can be pushed to it. Choose one of the townships."


class NoSuchParty(YourMistake):
    code = "LB-ACTIONS-132"
    zh = "本事项没有这名当事人，或其诉讼地位不是“{role_zh}”。请从本案当事人中选择。"
    en = "The matter has no such party, or not as {role_en}. Choose one of its parties."


class StandsOtherwise(YourMistake):
    code = "LB-ACTIONS-133"
    status = 409
    zh = "“{act_zh}”不能办理：{what_zh}现为“{state}”。请刷新事项页面查看最新状态。"
    en = "“{act_en}” cannot be done: the {what_en} is “{state}” now. Look at the matter's page again."


class AlreadyThere(YourMistake):
    code = "LB-ACTIONS-134"
    status = 409
    zh = "该当事人已有生效或办理中的{what_zh}，不能重复。请在原记录上办理。"
    en = "This party has a {what_en} already, in force or under way. Go on with that one."


class OutOfPeriod(YourMistake):
    code = "LB-ACTIONS-135"
    zh = "日期 {day} 不合适：{why_zh}。请核对。"
    en = "The date {day} does not fit: {why_en}. Check it."


class PersonNotSaid(YourMistake):
    code = "LB-ACTIONS-136"
    zh = "对单位的“{capacity_zh}”限制消费，须填写其姓名和证件号码。"
    en = "To limit the {capacity_en} of an organisation, give the person's name and identity number."


class RulingMissing(YourMistake):
    code = "LB-ACTIONS-137"
    zh = "以“{mode_zh}”结案须有裁定书文号。请填写后再办理。"
    en = "Closing as “{mode_en}” needs the number of its ruling. Give it."


class StatementMissing(YourMistake):
    code = "LB-ACTIONS-138"
    zh = "决定须写明理由（至少 4 字）。"
    en = "A decision needs its reasons, four characters at least."


class NotAReopeningNumber(YourMistake):
    code = "LB-ACTIONS-139"
    zh = "“{number}”不是恢复执行案号。请填写含“执恢”的案号，如（2026）云9901执恢3号。"
    en = "“{number}” is not the number of a resumed case. Give one with 执恢, like （2026）云9901执恢3号."
