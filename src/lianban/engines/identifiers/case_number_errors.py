"""What can be wrong with a case number. A case number is not personal data: it is shown as it came."""

from __future__ import annotations

from lianban.engines.errors import YourMistake


class InvalidCaseNumber(YourMistake):
    """Root of the case-number errors; ``found["text"]`` is what was written."""

    code = "LB-IDENTIFIERS-030"
    zh = "案号“{text}”无效。"
    en = 'The case number "{text}" is not valid.'


class CaseNumberForm(InvalidCaseNumber):
    code = "LB-IDENTIFIERS-031"
    zh = "“{text}”不是案号的格式。应为（年度）法院代字类型代字编号号，如（2024）新3122执57号。"
    en = (
        '"{text}" does not have the form of a case number: (year) court code, kind of case, number and 号, '
        "such as （2024）新3122执57号."
    )


class CaseYearOutOfRange(InvalidCaseNumber):
    code = "LB-IDENTIFIERS-032"
    zh = "案号“{text}”的收案年度 {year} 不对，应在 {earliest} 至 {latest} 之间。请核对年度。"
    en = 'The year {year} in "{text}" is not between {earliest} and {latest}. Check the year.'


class CaseCourtUnknown(InvalidCaseNumber):
    code = "LB-IDENTIFIERS-033"
    zh = "案号“{text}”的法院代字“{court}”不存在。高院无数字、中院两位、基层四位，如：{hint}。"
    en = (
        'The court code "{court}" in "{text}" does not exist. High courts have no digits, intermediate courts '
        "two, basic courts four, such as: {hint}."
    )


class CaseKindUnknown(InvalidCaseNumber):
    code = "LB-IDENTIFIERS-034"
    zh = "案号“{text}”的类型代字“{kind}”不在案件类型代字标准中。是否为：{hint}？"
    en = 'The kind of case "{kind}" in "{text}" is not in the standard table. Was one of these meant: {hint}?'


class CaseNumberValue(InvalidCaseNumber):
    code = "LB-IDENTIFIERS-035"
    zh = "案号“{text}”中的“{part}”不对：编号从 1 起、至多八位（刑核为固定八位），之几从一至九十九。请核对。"
    en = (
        'The part "{part}" of "{text}" is not possible: numbers run from 1 and have at most eight digits '
        "(exactly eight for 刑核), 之 from 一 to 九十九. Check it."
    )


class JointCaseNumbers(InvalidCaseNumber):
    code = "LB-IDENTIFIERS-036"
    zh = "“{text}”包含多个案号。请逐个填写。"
    en = '"{text}" stands for several case numbers. Enter them one by one.'


class OldCaseNumber(InvalidCaseNumber):
    code = "LB-IDENTIFIERS-037"
    zh = "“{text}”是 2016 年以前的旧案号格式，此处只接受新格式。旧案号可填在“执行依据文号”。"
    en = '"{text}" has the form used before 2016; only the present form is accepted here.'
