"""What is said when a registry may not be asked, or what it found not yet be used. Codes are LB-ACTIONS-06n."""

from __future__ import annotations

from lianban.engines.errors import YourMistake
from lianban.engines.forms.words import Words

# The codes of lianban.collision_refused, in words.
REFUSALS = {
    "none": Words("没有可用的查询授权", "there is no warrant"),
    "revoked": Words("查询授权已撤销", "the warrant is revoked"),
    "expired": Words("查询授权已到期", "the warrant has expired"),
    "closed": Words("事项已办结，且不在终本后的查询期内", "the matter is closed and no follow-up runs"),
    "basis": Words("所引法律依据今天不在施行期内", "the legal basis is not in force today"),
    "question": Words("所问事项不在授权之内", "the question is not in the warrant"),
    "subject": Words("查询对象不是授权所列的被执行人", "the subject is not a debtor the warrant names"),
    "holder": Words("牵头单位不查询自己的登记库", "the lead agency does not ask its own registries"),
    "quota": Words("授权的查询次数已用完", "the warrant's quota is used up"),
    "quota_requester": Words("授权人今日的查询次数已用完", "the requester's queries of today are used up"),
    "quota_agency": Words("本单位今日的查询次数已用完", "the agency's queries of today are used up"),
    "letter": Words("函件没有问这些事项或对象", "the letter does not ask this"),
}


def words_of(code: str) -> Words:
    return REFUSALS.get(code, Words(code, code))


class WarrantRefused(YourMistake):
    code = "LB-ACTIONS-060"
    zh = "查询授权未签发：{reason_zh}。"
    en = "The warrant was not issued: {reason}."


class CollisionRefused(YourMistake):
    """Only where two acts used up the same quota at the same moment: what is known before is told without an error."""

    code = "LB-ACTIONS-061"
    status = 409
    zh = "数据碰撞未进行：{reason_zh}。请核对查询授权后重试。"
    en = "No collision was made: {reason}. Check the warrant, then try again."


class HitNotFound(YourMistake):
    code = "LB-ACTIONS-062"
    status = 404
    zh = "找不到该命中，或它不在本单位的登记库中。"
    en = "There is no such hit, or it is not in a registry of your agency."


class HitIsDecided(YourMistake):
    code = "LB-ACTIONS-063"
    status = 409
    zh = "该命中已于{at}核对为“{state}”，不能再改。如结论有误，请撤回相应的反馈。"
    en = "The hit was decided at {at} as “{state}” and stays so. If that was wrong, recall the answer it stands in."


class HitsUndecided(YourMistake):
    code = "LB-ACTIONS-064"
    status = 409
    zh = "这份函还有 {count} 条姓名不符或仅姓名相同的命中没有核对。请先在“待核对命中”中逐条确认或排除，再反馈。"
    en = (
        "{count} hits of this letter, whose name differs or alone agrees, are not decided. Confirm or reject each under"
        " Hits to check, then answer."
    )


class WarrantNotFound(YourMistake):
    code = "LB-ACTIONS-065"
    status = 404
    zh = "找不到该查询授权，或它不属于本单位的事项。"
    en = "There is no such warrant, or it is not of a matter your agency leads."
