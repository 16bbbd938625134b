"""Tables of cases, as a clerk would fill them in."""

from __future__ import annotations

HEADS = [
    "案号", "立案日期", "结案日期", "执行依据文号", "案由", "执行类别", "申请执行标的·本金",
    "当事人1·诉讼地位", "当事人1·类型", "当事人1·姓名或名称", "当事人1·证件种类", "当事人1·证件号码",
    "当事人2·诉讼地位", "当事人2·类型", "当事人2·姓名或名称", "当事人2·证件种类", "当事人2·证件号码",
]  # fmt: skip


def case(number: int, closed: str = "", people=("990101199003070015", "990101199003070031")) -> list[str]:
    """A row that is right."""
    return [
        f"（2025）云9901执{number}号", "2025-03-03", closed, f"（2024）云9901民初{number}号", "买卖合同纠纷", "民事执行",
        "28840.00", "申请执行人", "自然人", "周衡", "居民身份证", people[0], "被执行人", "自然人", "沈砚", "居民身份证", people[1],
    ]  # fmt: skip
