"""The clock engine's members of the error family."""

from __future__ import annotations

from lianban.engines.errors import OurFault, YourMistake


class UnknownClock(YourMistake):
    code = "LB-CLOCKS-001"
    status = 404
    zh = "没有代码为“{clock}”的时限。相近的代码：{near}。请查阅时限参考表。"
    en = 'There is no clock with code "{clock}". Similar codes: {near}. See the reference of clocks.'


class NoVersionInForce(YourMistake):
    code = "LB-CLOCKS-002"
    zh = "时限“{clock}”在{day}没有已登记的生效版本，最早版本自{first}起。请补录当时的规定，或指明适用哪一日的规定。"
    en = (
        'Clock "{clock}" has no recorded version in force on {day}; the earliest starts on {first}. '
        "Record the rule of that day, or say which day's rule applies."
    )


class LengthNotAdjustable(YourMistake):
    code = "LB-CLOCKS-003"
    zh = "时限“{clock}”的期间由法律规定，不能由{by}改动。请去掉该设定。"
    en = 'The length of clock "{clock}" is fixed by law and cannot be changed by a {by}. Remove that value.'


class LengthOutOfRange(YourMistake):
    code = "LB-CLOCKS-004"
    zh = "时限“{clock}”的期间应在{minimum}至{maximum}（单位：{unit}）之间，收到的是{length}。请改为该范围内的值。"
    en = (
        'The length of clock "{clock}" must be from {minimum} to {maximum} {unit}; {length} was given. '
        "Use a value in that range."
    )


class LengthMissing(YourMistake):
    code = "LB-CLOCKS-005"
    zh = "时限“{clock}”的期间由文书载明，没有法定长度。请填写文书上的期间。"
    en = 'The length of clock "{clock}" is written in the document; the law names none. Give the length written there.'


class MomentWithoutZone(YourMistake):
    code = "LB-CLOCKS-006"
    zh = "时刻“{moment}”没有时区。请给出带时区的时刻，或只给日期。"
    en = 'The moment "{moment}" has no time zone. Give an aware instant, or a plain date.'


class DateNeedsMoment(YourMistake):
    code = "LB-CLOCKS-007"
    zh = "时限“{clock}”按时、分计算，只给日期“{day}”不够。请给出起算的时刻。"
    en = 'Clock "{clock}" counts hours or minutes; the plain date {day} is not enough. Give the moment it starts.'


class CalendarTooEarly(YourMistake):
    code = "LB-CLOCKS-008"
    zh = "{day}早于双休日制度施行之日（{first}），无法确定休息日。请由承办人核定该期限并直接填写届满日。"
    en = (
        "{day} is before the five-day week began ({first}), so its rest days are not known. "
        "Have the officer in charge determine the end and enter it."
    )


class CalendarTooLate(YourMistake):
    code = "LB-CLOCKS-009"
    zh = "{day}超出可计算的范围（至{last}）。请核对起算日和期间长度。"
    en = "{day} is beyond what can be computed (up to {last}). Check the trigger and the length."


class BadNoticeFile(YourMistake):
    code = "LB-CLOCKS-010"
    zh = "放假安排文件“{path}”不能使用：{problem}。请提供 holiday-cn 格式、已公布年份的文件。"
    en = 'The holiday file "{path}" cannot be used: {problem}. Supply a published year in holiday-cn format.'


class BadClockData(OurFault):
    code = "LB-CLOCKS-011"
    zh = "时限数据“{where}”有误：{problem}。请更正后重新加载。"
    en = 'The clock data at "{where}" is wrong: {problem}. Correct it and load it again.'


class NoSuchPause(YourMistake):
    code = "LB-CLOCKS-012"
    zh = "时限“{clock}”没有名为“{rule}”的扣除或中止事由，可用：{known}。请选择其中之一。"
    en = (
        'Clock "{clock}" has no ground "{rule}" for not counting days; it knows: {known}. Choose one of them.'
    )


class NoSuchExtension(YourMistake):
    code = "LB-CLOCKS-013"
    zh = "时限“{clock}”没有名为“{rule}”的延长，可用：{known}。请选择其中之一。"
    en = 'Clock "{clock}" has no extension "{rule}"; it knows: {known}. Choose one of them.'


class ExtensionRefused(YourMistake):
    code = "LB-CLOCKS-014"
    status = 409
    zh = "时限“{clock}”不能这样延长：{reason_zh}。请核对申请日、批准人和次数。"
    en = 'Clock "{clock}" cannot be extended like this: {reason_en}. Check the day asked, the approver and the number.'


class WrongState(YourMistake):
    code = "LB-CLOCKS-015"
    status = 409
    zh = "时限“{clock}”当前为“{state}”，不能{act_zh}。请先核对它的经过。"
    en = 'Clock "{clock}" is "{state}" and cannot {act_en}. Check its history first.'


class MomentOutOfOrder(YourMistake):
    code = "LB-CLOCKS-016"
    zh = "时限“{clock}”：{moment}不在允许的时间内（{earliest}至{latest}）。请核对该日期。"
    en = 'Clock "{clock}": {moment} is outside the time allowed ({earliest} to {latest}). Check that date.'


class ObstacleRefused(YourMistake):
    code = "LB-CLOCKS-017"
    status = 409
    zh = "时限“{clock}”不能顺延：{reason_zh}。"
    en = 'Clock "{clock}" cannot be put off for an obstacle: {reason_en}.'


class BadClockState(YourMistake):
    code = "LB-CLOCKS-018"
    zh = "时限状态数据不能读取：{problem}。请核对保存的内容。"
    en = "The stored state of a clock cannot be read: {problem}. Check what was stored."


class UnknownArticle(YourMistake):
    code = "LB-CLOCKS-019"
    status = 404
    zh = "条文对照表中没有《{law}》{edition}第{article}条。请查阅当时的文本并补录对照。"
    en = "The article map has no {law} {edition} article {article}. Look it up in the text of that day and add it."
