"""The arithmetic of a clock as one sentence, in Chinese and English.

The sentence is made from the recorded steps and from nothing else, so that it cannot say another date than the one
counted.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from .arithmetic import Reckoning, Step, StepKind
from .moments import SHANGHAI
from .rules import Bound, ClockRule, ClockVersion, Direction, Unit


def sentence(rule: ClockRule, version: ClockVersion, counted: Reckoning, language: str, citation: str) -> str:
    """One sentence with every step, the end, its source, and what is uncertain about it."""
    english = language.startswith("en")
    before = rule.direction is Direction.BEFORE
    parts = [_step(step, rule, version, before, english) for step in counted.steps]
    parts.append(_end(rule, counted, english))
    text = ("; ".join(parts) + ". ") if english else ("；".join(parts) + "。")
    text += f"Source: {citation}." if english else f"依据：{citation}。"
    if counted.provisional:
        text += (
            " Provisional: the calendar of a year concerned is not published or not held."
            if english
            else "暂定：所涉年份的放假安排尚未公布或未收录。"
        )
    if version.source.unverified:
        text += (
            " Unverified source: check it before relying on it."
            if english
            else "未核实：依据未经核对，使用前请核实。"
        )
    return text


def _step(step: Step, rule: ClockRule, version: ClockVersion, before: bool, english: bool) -> str:
    when = day_text(step.result, english)
    length = step.length.text("en" if english else "zh") if step.length else ""
    name = step.name.text("en" if english else "zh") if step.name else ""
    match step.kind:
        case StepKind.START if isinstance(step.result, datetime):
            return f"{rule.trigger.en}: {when}" if english else f"{rule.trigger.zh}：{when}"
        case StepKind.START if before:
            return (
                f"{rule.trigger.en}: {when}, that day not counted"
                if english
                else f"{rule.trigger.zh}：{when}，当日不计入"
            )
        case StepKind.START:
            first = day_text(step.result + timedelta(days=1), english)
            return (
                f"{rule.trigger.en}: {when}, not counted, so counting starts on {first}"
                if english
                else f"{rule.trigger.zh}：{when}，当日不计入，自{first}起算"
            )
        case StepKind.NEXT_HOUR:
            return f"counting starts at the next full hour, {when}" if english else f"自次时即{when}起算"
        case StepKind.COUNT if step.length and step.length.unit is Unit.AT_ONCE:
            return "to be done at once" if english else "应当立即办理"
        case StepKind.COUNT if before:
            return f"{length} back: {when}" if english else f"提前{length}，为{when}"
        case StepKind.COUNT:
            return f"{length}: to {when}" if english else f"{length}，至{when}"
        case StepKind.MONTH_END:
            return (
                f"that month has no day {step.count}, so its last day, {when}"
                if english
                else f"该月无{step.count}日，以月末日{when}为准"
            )
        case StepKind.EXTENSION:
            return f"{name}, {length} more: to {when}" if english else f"{name}，延长{length}，至{when}"
        case StepKind.PAUSE:
            return (
                f"{name}, {length} not counted: to {when}" if english else f"{name}，不计入{length}，至{when}"
            )
        case StepKind.TOP_UP:
            return (
                f"{name} ended within the last {length}, which therefore run again from its end: to {when}"
                if english
                else f"{name}发生在最后{length}内，自原因消除之日起满{length}，至{when}"
            )
        case StepKind.ROLL:
            return (
                f"the last day is a rest day, so the first working day after it, {when}"
                if english
                else f"届满日为休息日，顺延至其后第一个工作日{when}"
            )
        case StepKind.FIXED_FROM:
            return f"by the notice from {when}" if english else f"依公告自{when}起"
        case StepKind.FIXED:
            return f"to {when}" if english else f"至{when}止"
        case StepKind.PRINTED:
            return (
                f"the document prints {when}, which is not later and therefore counts"
                if english
                else f"文书载明{when}，不晚于计算所得，以文书为准"
            )
        case StepKind.PRINTED_TOO_LATE:
            return (
                f"the document prints a later day than the maximum allows; the computed {when} counts"
                if english
                else f"文书载明的日期超过最长期限，以计算所得{when}为准"
            )
    raise AssertionError(step.kind)


def _end(rule: ClockRule, counted: Reckoning, english: bool) -> str:
    last = counted.steps[-1].result
    when = day_text(last if isinstance(last, datetime) else counted.legal_date, english)
    if rule.bound is Bound.EARLIEST:
        return f"not before the end of {when}" if english else f"{when}届满前不得进行"
    return f"ends on {when}" if english else f"于{when}届满"


def day_text(day: date | datetime, english: bool) -> str:
    """A legal date, or an instant as Shanghai wall time to the minute."""
    if isinstance(day, datetime):
        local = day.astimezone(SHANGHAI) if day.tzinfo else day
        clock = f"{local:%H:%M}"
        return f"{local.date().isoformat()} {clock}" if english else f"{day_text(local.date(), False)}{clock}"
    return day.isoformat() if english else f"{day.year}年{day.month}月{day.day}日"
