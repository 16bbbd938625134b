"""A command on many at once leaves what the same commands leave one by one, and says no where one of them would."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from officials import MONDAY, days, refused

from lianban.actions.complete_task import Completion, complete_task, complete_tasks
from lianban.actions.errors import CannotSendBack, LetterNotFound, NothingToDo, TaskAlreadyClosed
from lianban.actions.remind_letter import remind_letter, remind_letters
from lianban.actions.send_back import Return, send_back, send_back_tasks
from lianban.actions.supervise_letter import supervise_letter, supervise_letters

UNITS = ("police", "housing")
# Every table a matter's acts write, with what is its own of each row: numbers, secrets, and the database's own clock.
TABLES = {
    "letter": ("number", "content"), "task": (), "scope": ("item",), "token": (), "timer": (), "answer": ("digest",),
    "reminder": (), "event": (), "ledger_entry": ("salt", "commitment"), "leg": (),
}  # fmt: skip
HISTORY = ("event", "ledger_entry")  # of these what came after the matters were made ready
ORDER = {"leg": "agency_id", "event": "seq"}
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
OWN = re.compile(r'\\"entry\\":\\"[^"]*\\"|\\"(?:seal|digest)\\":\\"[^"]*\\"|[〔（]2026[〕）]云9901[^号]*号')
SETTINGS = settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.generate],  # shrinking would open dozens of matters
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def left(city, matters) -> list[list[str]]:
    """All rows of these matters, each id told by where it comes first."""
    found = []
    for matter in matters:
        lines = [str(city.rows("SELECT state, last_event, closed_at FROM matter WHERE id = %s", matter))]
        for table, own in TABLES.items():
            lines += city.column(
                f"SELECT (to_jsonb(t) - %s::text[])::text FROM {table} t WHERE matter_id = %s AND"
                f" {'recorded_at > %s' if table in HISTORY else '%s IS NOT NULL'}"
                f" ORDER BY {ORDER.get(table, 'id')}",
                list(own), matter, MONDAY,
            )  # fmt: skip
        text = "\n".join(lines)
        for number, key in enumerate(dict.fromkeys(UUID.findall(text))):
            text = text.replace(key, f"#{number}")
        # What the database closes by itself it dates by its own clock.
        text = re.sub(r'"closed_at": "(?!2026-0[345])[^"]*"', '"closed_at": "now"', text)
        found.append(OWN.sub("…", text).split("\n"))
    return found


def differing(some, others) -> list:
    """Pairs of lines that are not the same."""
    pairs = [
        pair for one, other in zip(some, others, strict=True) for pair in itertools.zip_longest(one, other)
    ]
    return [pair for pair in pairs if pair[0] != pair[1]]


def three(city) -> list:
    """Matters whose letters stand at different places: waiting to be signed for, signed for, routed, answered."""
    matters = [city.open(units=UNITS) for _ in range(3)]
    for number, matter in enumerate(matters):
        city.send(matter)
        if number >= 1:
            city.do("police.liaison", matter, "sign", {})
        if number >= 2:
            city.do("police.liaison", matter, "route", {"handler": "handler_1"})
            city.sign_and_route(matter, "housing")
            city.answer(matter, "housing")
    return matters


def both_ways(city, who, chosen, together, alone) -> None:
    """Do it on three matters at once and on three others one by one; ``chosen`` gives what it is done to."""
    ones, others = three(city), three(city)
    at = MONDAY + days(1)
    with city.acting_as(who, at) as acting:
        together(acting, chosen(ones))
    for one in chosen(others):
        with city.acting_as(who, at) as acting:
            alone(acting, one)
    assert differing(left(city, ones), left(city, others)) == []


# --- which of the letters that wait: of three matters, the police's each, and the housing bureau's of two
WAITING = [(0, "police"), (1, "police"), (2, "police"), (0, "housing"), (1, "housing")]
SOME = st.lists(st.sampled_from(WAITING), min_size=1, max_size=7)


@SETTINGS
@given(SOME)
def test_remind_set_based(city, some):
    """Reminders of many letters, some of them twice."""
    both_ways(city, "court.clerk", lambda matters: [city.letter(matters[n], unit) for n, unit in some],
              lambda acting, letters: remind_letters(acting, letters, "请尽快"),
              lambda acting, letter: remind_letter(acting, letter, "请尽快"))  # fmt: skip


@SETTINGS
@given(SOME)
def test_supervise_set_based(city, some):
    """Supervisions of many letters."""
    both_ways(city, "political_legal.supervisor", lambda matters: [city.letter(matters[n], unit) for n, unit in some],
              lambda acting, letters: supervise_letters(acting, letters, "逾期未反馈"),
              lambda acting, letter: supervise_letter(acting, letter, "逾期未反馈"))  # fmt: skip


@pytest.mark.parametrize(
    ("order", "results"), [((0, 1, 2), ("yes", "no", "no")), ((2, 0, 1), ("no", "yes", "yes"))]
)
def test_answer_set_based(city, order, results):
    """Answers of one handler to the letters of three courts' matters: found or not, in any order."""

    def routed():
        made = []
        for _ in range(3):
            made.append(city.open(units=UNITS))
            city.send(made[-1])
            city.sign_and_route(made[-1], "police")
        return made

    def chosen(matters) -> list[Completion]:
        return [
            Completion(
                city.task(matters[n], "answer", "police"), city.answer_data(matters[n], "police", results[n])
            )
            for n in order
        ]

    ones, others, at = routed(), routed(), MONDAY + days(1)
    with city.acting_as("police.handler_1", at) as acting:
        complete_tasks(acting, chosen(ones))
    for one in chosen(others):
        with city.acting_as("police.handler_1", at) as acting:
            complete_task(acting, one.task, one.data)
    assert differing(left(city, ones), left(city, others)) == []
    assert city.column("SELECT count(*) FROM answer WHERE matter_id = ANY(%s)", ones) == [3]


@SETTINGS
@given(st.permutations([0, 1, 2]))
def test_complete_set_based(city, order):
    """Completions of many tasks at different steps of different matters: signed for, routed, in any order."""

    def chosen(matters) -> list[Completion]:
        done = {0: "sign", 1: "route"}
        made = [
            Completion(city.task(matters[n], done[n], "police"), {"handler": "handler_1"} if n else {})
            for n in order
            if n < 2
        ]
        return made

    both_ways(
        city,
        "police.liaison",
        chosen,
        complete_tasks,
        lambda acting, one: complete_task(acting, one.task, one.data),
    )


@SETTINGS
@given(st.lists(st.sampled_from(["accept", "return"]), min_size=2, max_size=2))
def test_check_set_based(city, decisions):
    """Two answers of one matter are checked in one act, in the order given; the second may end the fan-out."""

    def ready():
        matter = city.open(units=UNITS)
        city.send(matter)
        for unit in UNITS:
            city.sign_and_route(matter, unit)
            city.answer(matter, unit)
        return matter

    one, other = ready(), ready()
    data = [
        {"decision": decision, **({"remark": "请补充"} if decision == "return" else {})}
        for decision in decisions
    ]
    at = MONDAY + days(1)
    with city.acting_as("court.judge", at) as acting:
        complete_tasks(
            acting,
            [Completion(city.check_task(one, unit), said) for unit, said in zip(UNITS, data, strict=True)],
        )
    for unit, said in zip(UNITS, data, strict=True):
        with city.acting_as("court.judge", at) as acting:
            complete_task(acting, city.check_task(other, unit), said)
    assert differing(left(city, [one]), left(city, [other])) == []


def test_send_back_set_based(city):
    """Sent back at once: letters signed for and routed, each with its own reason."""
    ones, others = ([three(city)[1] for _ in range(2)] for _ in range(2))

    def returns(matters) -> list[Return]:
        return [
            Return(city.task(matter, "route", "police"), f"理由{number}")
            for number, matter in enumerate(matters)
        ]

    at = MONDAY + days(1)
    with city.acting_as("police.liaison", at) as acting:
        send_back_tasks(acting, returns(ones))
    for one in returns(others):
        with city.acting_as("police.liaison", at) as acting:
            send_back(acting, one.task, one.reason)
    assert differing(left(city, ones), left(city, others)) == []
    assert city.column("SELECT DISTINCT payload::jsonb -> 'said' ->> 'reason' FROM ledger_entry WHERE act = 'task.sent_back'"
                       " ORDER BY 1") == ["理由0", "理由1"]  # fmt: skip


def test_fire_set_based(city):
    """Timers fired two hundred at a time and one at a time leave the same."""
    from lianban.actions.acting import Acting
    from lianban.actions.fire_timers import fire_timers

    dumps = []
    for batch in (200, 1):
        matters = three(city)
        for late in (2, 12, 40):
            with city.as_role("worker"):
                while fire_timers(Acting(None, MONDAY + days(late), "时限到期"), batch=batch):
                    pass
        dumps.append(left(city, matters))
        assert city.one("SELECT count(*) FROM reminder WHERE matter_id = ANY(%s)", matters) > 5
    assert differing(*dumps) == []


# --- all or none


def test_set_based_all_or_none(city):
    """One that cannot be done: none is done, and the error is that one's."""
    matters = three(city)
    answered, waiting = city.letter(matters[2], "housing"), city.letter(matters[0], "police")
    route, sign = city.task(matters[1], "route", "police"), city.task(matters[0], "sign", "police")

    def doing(who, act, *arguments):
        def do():
            with city.acting_as(who, MONDAY + days(1)) as acting:
                act(acting, *arguments)

        return do

    refused(city, NothingToDo, doing("court.clerk", remind_letters, [waiting, answered]))
    refused(city, LetterNotFound, doing("court.clerk", remind_letters, [waiting, route]))
    refused(
        city,
        LetterNotFound,
        doing("political_legal.supervisor", supervise_letters, [waiting, route], "逾期未反馈"),
    )
    refused(
        city, NothingToDo, doing("political_legal.supervisor", supervise_letters, [waiting, answered], "逾期")
    )
    refused(
        city,
        CannotSendBack,
        doing("police.liaison", send_back_tasks, [Return(sign, "理由"), Return(route, "理由", "no_such")]),
    )
    refused(
        city,
        TaskAlreadyClosed,
        doing("police.liaison", send_back_tasks, [Return(route, "理由"), Return(route, "理由")]),
    )


def test_task_twice_in_one_act(city):
    """The second completion of one task says that it is done, and by whom, as it does one by one."""
    matter = three(city)[0]
    sign = city.task(matter, "sign", "police")

    def twice():
        with city.acting_as("police.liaison") as acting:
            complete_tasks(acting, [Completion(sign), Completion(sign)])

    found = refused(city, TaskAlreadyClosed, twice)
    assert found.found["how"] == "办结"
    assert found.found["closed_by"] == city.one("SELECT name FROM officer WHERE username = 'police.liaison'")


def test_loose_task_twice_in_one_act(city):
    """A supervision, which no token waits for, is done once in one act too."""
    matter = three(city)[2]  # one letter of it is with the police's handler
    city.fire(city.one("SELECT max(due_at) FROM letter") + days(1))
    task = city.column(
        "SELECT id FROM task WHERE matter_id = %s AND token IS NULL AND state = 'open'", matter
    )[0]

    def twice():
        with city.acting_as("political_legal.supervisor", MONDAY + days(41)) as acting:
            complete_tasks(acting, [Completion(task), Completion(task)])

    refused(city, TaskAlreadyClosed, twice)
