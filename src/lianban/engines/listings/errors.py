"""The members of the error family that listings raise."""

from __future__ import annotations

from lianban.engines.errors import OurFault, YourMistake


class BadListingData(OurFault):
    code = "LB-LISTINGS-001"
    zh = "失信与限制消费数据“{where}”有误：{problem}。请更正后重新加载。"
    en = 'The data on listings at "{where}" is wrong: {problem}. Correct it and load it again.'


class UnknownGround(YourMistake):
    code = "LB-LISTINGS-002"
    status = 404
    zh = "{day}没有代码为“{found}”的{what_zh}。可用的有：{known}。"
    en = 'On {day} there is no {what_en} "{found}". There are: {known}.'


class MinorNeverListed(YourMistake):
    """失信规定 4, without exception. What was found is not named: it is a birth date."""

    code = "LB-LISTINGS-003"
    status = 409
    zh = "被执行人是未成年人，不得纳入失信名单（失信规定第4条）。本次决定未保存。"
    en = "The debtor is a minor and may never be listed (失信规定 art. 4). Nothing was saved."


class AgeNotKnown(YourMistake):
    code = "LB-LISTINGS-004"
    status = 409
    zh = "无法确认被执行人已成年：该当事人没有可读出生日期的居民身份证号。请先核实身份并补录证件后再决定。"
    en = "It cannot be told that the debtor is of age: there is no resident number with a birth date. Establish it first."


class GroundBarred(YourMistake):
    code = "LB-LISTINGS-005"
    status = 409
    zh = "不得以“有履行能力而拒不履行”将其纳入：{reason_zh}（失信规定第3条）。请改为其他措施，或依其他情形决定。"
    en = "The debtor may not be listed as able and refusing: {reason_en} (失信规定 art. 3). Take another measure or ground."


class RequestBarred(YourMistake):
    code = "LB-LISTINGS-006"
    status = 409
    zh = "该申请执行人曾申请删除，{until}前其再次申请纳入不予支持（失信规定第10条）；法院可依职权决定。"
    en = "The creditor had this listing deleted; his request is not admissible until {until} (失信规定 art. 10). The court may act ex officio."


class TermNotAllowed(YourMistake):
    code = "LB-LISTINGS-007"
    zh = "不能设定这样的期限：{reason_zh}（失信规定第2条）。"
    en = "No such term: {reason_en} (失信规定 art. 2)."


class RemovalDoesNotApply(YourMistake):
    code = "LB-LISTINGS-008"
    status = 409
    zh = "“{event_zh}”不适用于本条失信信息：{reason_zh}。可用的有：{known}。"
    en = '"{event_en}" does not apply to this listing: {reason_en}. There are: {known}.'


class CapacityDoesNotFit(YourMistake):
    code = "LB-LISTINGS-009"
    zh = "“{capacity_zh}”只适用于被执行人为单位的案件。请改为对被执行人本人限制。"
    en = '"{capacity_en}" exists only where the debtor is an organisation. Limit the debtor.'


class GraceNotAllowed(YourMistake):
    code = "LB-LISTINGS-010"
    zh = "宽限期应为 1 至 3 个月（法发〔2019〕35号），现为 {months}。"
    en = "Grace is one to three months (法发〔2019〕35号); found {months}."
