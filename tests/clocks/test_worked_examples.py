"""The table that a lawyer can read is the test: date in, rule, date out, why."""

import re
from datetime import date, datetime, time, timedelta

import chinese_calendar
import pytest
from worked_examples import SHANGHAI, Example, examples

from lianban.engines import clocks
from lianban.engines.clocks import ClockBook, Direction, Nature, Unit

BOOK = ClockBook.standard()
EXAMPLES = examples()
ids = [f"{e.no}-{e.clock}" for e in EXAMPLES]


def at(text: str) -> datetime:
    """Noon of a day in Shanghai: acts of the table happen in office hours."""
    return datetime.combine(date.fromisoformat(text), time(12), SHANGHAI)


def run(example: Example) -> clocks.RunningClock:
    """Start the clock and let everything happen that the table says."""
    options = {}
    for (value,) in example.said("length"):
        options["length"] = int(value)
    for (value,) in example.said("printed"):
        options["printed_end"] = date.fromisoformat(value)
    for (value,) in example.said("law"):
        options["on"] = date.fromisoformat(value)
    clock = clocks.start(BOOK, example.clock, example.start, **options)
    for word, *rest in example.more:
        words = dict(zip(rest[1::2], rest[2::2], strict=False))
        match word:
            case "pause":
                begin, end = rest[1].split("..")
                clock = clocks.exclude(BOOK, clock, rest[0], at(begin), at(end))
            case "extend":
                clock = clocks.extend(
                    BOOK,
                    clock,
                    rest[0],
                    granted_at=at(words["granted"]),
                    asked_on=date.fromisoformat(words["asked"]) if "asked" in words else None,
                    length=int(words["by"]) if "by" in words else None,
                )
            case "restart":
                clock = clocks.restart(BOOK, clock, rest[0], at(rest[1]))
            case "obstacle":
                begin, end = rest[0].split("..")
                clock = clocks.suspend_for_obstacle(
                    BOOK, clock, at(begin), at(end), asked_on=date.fromisoformat(rest[2])
                )
    return clock


def test_table_has_at_least_150_examples_half_of_them_edges():
    """The size that the table promises, with a reason in every row."""
    assert len(EXAMPLES) >= 150
    assert sum(e.edge for e in EXAMPLES) * 2 >= len(EXAMPLES)
    assert all(len(e.why) >= 3 for e in EXAMPLES)
    assert len({(e.clock, e.start, e.more) for e in EXAMPLES}) == len(EXAMPLES)


def test_table_uses_every_unit_and_every_file():
    """No unit and no scene is left without an example."""
    used = [BOOK.rule(e.clock) for e in EXAMPLES]
    assert {v.length.unit for rule in used for v in rule.versions} == set(Unit)
    missing = {rule.code.split(".")[0] for rule in BOOK} - {rule.code.split(".")[0] for rule in used}
    assert missing == {"duty"}, "holiday duty has no legal clock"


@pytest.mark.parametrize("example", EXAMPLES, ids=ids)
def test_worked_example(example):
    """The engine gives the date in the table, and says whether it is provisional."""
    clock = run(example)
    if isinstance(example.due, datetime):
        assert clock.due_at == example.due
    else:
        assert clock.due_on == example.due
        assert clock.due_at.astimezone(SHANGHAI).isoformat() == f"{example.due}T23:59:59.999999+08:00"
    assert clock.provisional == example.provisional


@pytest.mark.parametrize("example", EXAMPLES, ids=ids)
def test_worked_example_is_explained(example):
    """Both sentences end on the date in the table and name the source."""
    clock = run(example)
    for language, pattern in (("zh", r"(\d+)年(\d+)月(\d+)日"), ("en", r"(\d{4})-(\d{2})-(\d{2})")):
        text = clocks.explain(BOOK, clock, language)
        conclusion = re.search(
            r"(?:于([^；。]+)届满[。]|；([^；。]+)届满前)"
            if language == "zh"
            else r"(?:ends on|not before the end of) ([^.;]+)\.",
            text,
        )
        assert conclusion, text
        found = re.search(pattern, next(filter(None, conclusion.groups())))
        assert date(*map(int, found.groups())) == clock.due_on
        assert BOOK.version_by_id(clock.code, clock.version).source.law in text
        assert ("暂定" in text or "Provisional" in text) == example.provisional


# --- an independent, naive second opinion: it walks one day at a time in another package's calendar


def works(day: date) -> bool:
    """Whether a published day is worked, by the chinesecalendar package."""
    return chinese_calendar.is_workday(day)


def month_later(day: date, months: int) -> date:
    """The corresponding day, found by trying ever earlier days of that month."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    for number in range(day.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError


def naive(example: Example) -> date:
    """The end of a clock that counts days, months or years, without events other than pauses."""
    rule = BOOK.rule(example.clock)
    on = date.fromisoformat(example.said("law")[0][0]) if example.said("law") else example.start
    version = next(v for v in rule.versions if v.from_day <= on and (v.to_day is None or on <= v.to_day))
    count = int(example.said("length")[0][0]) if example.said("length") else version.length.count
    step = timedelta(days=1 if rule.direction is Direction.AFTER else -1)
    paused = set()
    for _, span in example.said("pause"):
        begin, end = map(date.fromisoformat, span.split(".."))
        day = begin + timedelta(days=1)
        while day <= end:
            paused.add(day)
            day += timedelta(days=1)
    day = example.start
    if version.length.unit in (Unit.MONTHS, Unit.YEARS):
        months = count * (12 if version.length.unit is Unit.YEARS else 1)
        day = month_later(day, months * (1 if rule.direction is Direction.AFTER else -1)) + timedelta(
            days=len(paused)
        )
    else:
        while count:
            day += step
            if day not in paused and (version.length.unit is Unit.DAYS or works(day)):
                count -= 1
    if example.said("printed"):
        day = min(day, date.fromisoformat(example.said("printed")[0][0]))
    if version.rolls and rule.nature is Nature.ACT:
        while not works(day):
            day += timedelta(days=1)
    return day


COUNTED_NAIVELY = [
    e
    for e in EXAMPLES
    if not isinstance(e.start, datetime)
    and not isinstance(e.due, datetime)
    and not e.provisional
    and not any(word in ("extend", "restart", "obstacle") for word, *_ in e.more)
    and not any(ground == "limitation_suspended" for ground, _ in e.said("pause"))
    and e.start.year >= 2004
]


@pytest.mark.parametrize("example", COUNTED_NAIVELY, ids=lambda e: f"{e.no}-{e.clock}")
def test_worked_example_naive_second_opinion(example):
    """A day-by-day count that shares no code with the engine gives the date in the table too."""
    assert naive(example) == example.due


def test_naive_second_opinion_covers_most_of_the_table():
    """The second opinion is not an ornament."""
    assert len(COUNTED_NAIVELY) >= 120
