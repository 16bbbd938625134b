"""The kernel's commands beside the forms: 退回 转办 代理 会签 催办 督办 暂挂, each with what it leaves behind."""

from __future__ import annotations

import pytest
from officials import MONDAY, days, refused

from lianban.actions import errors
from lianban.actions.complete_task import complete_task
from lianban.actions.countersign import ask_countersign, countersign
from lianban.actions.delegate import delegate, end_delegation
from lianban.actions.hand_over import claim, hand_over, release
from lianban.actions.hold_task import hold_task
from lianban.actions.remind_letter import remind_letter
from lianban.actions.send_back import send_back
from lianban.actions.supervise_letter import supervise_letter

HOUR = days(1 / 24)


@pytest.fixture
def routed(city):
    """A matter whose only letter lies with the police's first desk."""
    matter = city.open(units=("police",))
    city.send(matter)
    city.sign_and_route(matter, "police")
    return matter


def entries(city, matter, act) -> int:
    return city.one("SELECT count(*) FROM ledger_entry WHERE matter_id = %s AND act = %s", matter, act)


# --- 退回


def test_send_back_inside_the_court(city):
    """From the seal back to the draft: the draft is open again, and the way forward is as before."""
    matter = city.open()
    city.do("court.clerk", matter, "draft")
    city.do("court.judge", matter, "approve", {"decision": "approve"})
    task = city.task(matter, "seal")
    with city.acting_as("court.seal_keeper") as acting:
        send_back(acting, task, "当事人姓名有误", "draft")
    assert city.open_tasks(matter) == [("court", "draft")]
    assert city.one("SELECT state FROM task WHERE id = %s", task) != "open"
    assert entries(city, matter, "task.sent_back") == 1
    city.send(matter)
    assert city.letter_state(matter, "police") == "delivered"


@pytest.mark.parametrize(
    ("by", "element", "to", "state"),
    [("handler_1", "answer", "", "signed"), ("handler_1", "answer", "sign", "delivered"), ("liaison", "route", "", "delivered")],
)  # fmt: skip
def test_send_back_inside_the_unit(city, by, element, to, state):
    """The unit's own returns move the letter back with the task, and do not give it more time."""
    matter = city.open(units=("police",))
    city.send(matter)
    city.do("police.liaison", matter, "sign")
    if element == "answer":
        city.do("police.liaison", matter, "route", {"handler": "handler_1"})
    letter = city.letter(matter, "police")
    due = city.one("SELECT due_at FROM letter WHERE id = %s", letter)
    with city.acting_as(f"police.{by}", MONDAY + days(3)) as acting:
        send_back(acting, city.task(matter, element, "police"), "应由他岗办理", to)
    assert city.letter_state(matter, "police") == state
    for step in ("sign", "route"):
        if (("police", step)) in city.open_tasks(matter):
            city.do("police.liaison", matter, step, at=MONDAY + days(3))
    assert city.one("SELECT state, due_at FROM letter WHERE id = %s", letter) == ("routed", due)


def test_send_back_from_the_check(city, routed):
    """Sent back from the check, an answer is returned as by the check's own form: on record, with a new period."""
    answer = city.answer(routed, "police")
    task = city.check_task(routed, "police")
    with city.acting_as("court.judge", MONDAY + days(1)) as acting:
        send_back(acting, task, "缺少出入境信息")
    assert city.one("SELECT state, state_reason FROM answer WHERE id = %s", answer) == (
        "returned",
        "缺少出入境信息",
    )
    letter = city.letter(routed, "police")
    assert city.one("SELECT state, returned_count, clock_from FROM letter WHERE id = %s", letter) == (
        "returned", 1, MONDAY + days(1),
    )  # fmt: skip
    assert city.open_tasks(routed) == [("police", "answer")]


def test_send_back_from_the_first_step(city):
    """There is nothing before the draft: the refusal says so, and nothing changes."""
    matter = city.open()

    def act():
        with city.acting_as("court.clerk") as acting:
            send_back(acting, city.task(matter, "draft"), "不想办理")

    refused(city, errors.CannotSendBack, act)


# --- 转办 and 领办


def test_hand_over_to_another_desk(city, routed):
    """The other desk completes the task; the first no longer may, and is told so."""
    task = city.task(routed, "answer", "police")
    with city.acting_as("police.handler_1") as acting:
        hand_over(acting, task, "handler_2", "出差")
    assert city.one("SELECT post_id FROM task WHERE id = %s", task) == city.post("police", "handler_2")
    assert entries(city, routed, "task.handed_over") == 1

    def act():
        with city.acting_as("police.handler_1") as acting:
            complete_task(acting, task, city.answer_data(routed, "police"))

    refused(city, errors.NotYourTask, act)
    city.answer(routed, "police", by="handler_2")


def test_hand_over_of_a_colleagues_task(city, routed):
    """A liaison distributes work and moves a desk's task; another desk may not take it."""
    task = city.task(routed, "answer", "police")

    def act():
        with city.acting_as("police.handler_2") as acting:
            hand_over(acting, task, "handler_2", "我来办")

    refused(city, errors.NotYourTask, act)
    with city.acting_as("police.liaison") as acting:
        hand_over(acting, task, "handler_2", "改由二岗办理")
    assert city.one("SELECT post_id FROM task WHERE id = %s", task) == city.post("police", "handler_2")


def test_claim_from_the_pool(city):
    """Of two clerks one takes the task; the other is told it is taken, until it is released."""
    matter = city.open()
    task = city.task(matter, "draft")
    with city.acting_as("court.clerk") as acting:
        claim(acting, task)
    assert city.one("SELECT officer_id FROM task WHERE id = %s", task) == city.officer("court.clerk")

    def steal():
        with city.acting_as("court.clerk.2") as acting:
            claim(acting, task)

    def complete():
        with city.acting_as("court.clerk.2") as acting:
            complete_task(acting, task, {})

    refused(city, errors.TaskIsTaken, steal)
    refused(city, errors.TaskIsTaken, complete)
    with city.acting_as("court.clerk") as acting:
        release(acting, task)
    with city.acting_as("court.clerk.2") as acting:
        complete_task(acting, task, {})
    assert [entries(city, matter, act) for act in ("task.claimed", "task.released", "letters.draft")] == [
        1,
        1,
        1,
    ]


def test_claim_for_another_role(city):
    """A judge cannot take the clerk's task: nobody could complete it then."""
    matter = city.open()

    def act():
        with city.acting_as("court.judge") as acting:
            claim(acting, city.task(matter, "draft"))

    refused(city, errors.NotYourTask, act)


# --- 代理


def test_delegate_acts_and_ends(city, routed):
    """The colleague signs in to the post and acts in it, under their own name; when it ends, so does the session."""
    from datetime import UTC, datetime

    from lianban.actions.sign_in import change_post
    from lianban.records.context import entered

    colleague, post = city.officer("police.handler_2"), city.post("police", "handler_1")
    assert change_post(colleague, post) is None, "before the delegation the post is not the colleague's"
    now = datetime.now(UTC)
    with city.acting_as("police.handler_1", now) as acting:
        made = delegate(acting, colleague, now, now + days(2), "年休假")
    with city.acting_as("police.handler_2", post="handler_1") as acting:
        complete_task(acting, city.task(routed, "answer", "police"), city.answer_data(routed, "police"))
    assert city.one("SELECT officer_id, post_id FROM event WHERE matter_id = %s AND kind = 'letters.answer'", routed) == (
        colleague, post,
    )  # fmt: skip
    with city.acting_as("police.handler_1", now) as acting:
        end_delegation(acting, made)
    with entered(city.session("police.handler_2", "handler_1")) as identity:
        assert identity is None, "the session of an ended delegation is dead"
    assert change_post(colleague, post) is None
    acts = city.column("SELECT act FROM ledger_entry WHERE act LIKE 'delegation.%%' ORDER BY act")
    assert acts == ["delegation.ended", "delegation.made"]


def test_delegation_runs_out(city):
    """A delegation whose time is over opens no session, and ends the one that was open."""
    from datetime import UTC, datetime

    from lianban.records.context import entered

    now = datetime.now(UTC)
    with city.acting_as("police.handler_1", now) as acting:
        delegate(acting, city.officer("police.handler_2"), now - days(1), now + days(1), "培训")
    with entered(city.session("police.handler_2", "handler_1")) as identity:
        assert identity is not None
    city.superuser.execute("UPDATE delegation SET ends_at = now() - interval '1 minute'")
    with entered(city.session("police.handler_2", "handler_1")) as identity:
        assert identity is None


def test_appointment_ends(city):
    """Whoever leaves a post is out of it at once, session or not."""
    from lianban.records.context import entered

    key = city.session("police.handler_1")
    with entered(key) as identity:
        assert identity is not None
    city.superuser.execute("UPDATE appointment SET ends_on = lianban.today() - 1 WHERE officer_id = %s",
                           [city.officer("police.handler_1")])  # fmt: skip
    with entered(key) as identity:
        assert identity is None


@pytest.mark.parametrize(
    "to", ["police.handler_1", "housing.handler_1"], ids=["to oneself", "to another agency"]
)
def test_delegation_refused(city, to):
    """A post is delegated to a colleague of the same agency, not to oneself and not elsewhere."""

    def act():
        with city.acting_as("police.handler_1") as acting:
            delegate(acting, city.officer(to), MONDAY, MONDAY + days(1), "休假")

    refused(city, errors.DelegationRefused, act)


def test_delegation_on(city):
    """A delegate cannot delegate on."""
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    with city.acting_as("court.clerk", now) as acting:
        delegate(acting, city.officer("court.judge"), now, now + days(1), "休假")

    def act():
        with city.acting_as("court.judge", now, post="clerk") as acting:
            delegate(acting, city.officer("court.judge.2"), now, now + days(1), "休假")

    refused(city, errors.DelegationRefused, act)


# --- 会签


def test_countersign_pending_refused_agreed(city, routed):
    """A task waits for everyone asked; whoever disagrees stops it with a reason; asked again and agreed, it goes on."""
    task, data = city.task(routed, "answer", "police"), city.answer_data(routed, "police")

    def complete():
        with city.acting_as("police.handler_1") as acting:
            complete_task(acting, task, data)

    with city.acting_as("police.handler_1") as acting:
        ask_countersign(acting, task, ["handler_2", "liaison"])
    refused(city, errors.CountersignPending, complete)
    with city.acting_as("police.handler_2") as acting:
        countersign(acting, task, agrees=False, remark="车辆信息不全")
    with city.acting_as("police.liaison") as acting:
        countersign(acting, task, agrees=True)
    found = refused(city, errors.CountersignRefused, complete)
    assert "车辆信息不全" in found.text("zh")
    with city.acting_as("police.handler_1") as acting:
        ask_countersign(acting, task, ["handler_2"])
    refused(city, errors.CountersignPending, complete)
    with city.acting_as("police.handler_2") as acting:
        countersign(acting, task, agrees=True)
    complete()
    assert city.letter_state(routed, "police") == "answered"
    assert [entries(city, routed, act) for act in ("countersign.asked", "countersign.given")] == [2, 3]


def test_countersign_not_asked(city, routed):
    """Nobody countersigns who was not asked, and a disagreement needs its reason."""
    task = city.task(routed, "answer", "police")

    def unasked():
        with city.acting_as("police.handler_2") as acting:
            countersign(acting, task, agrees=True)

    def silent():
        with city.acting_as("police.handler_2") as acting:
            countersign(acting, task, agrees=False, remark=" ")

    refused(city, errors.NothingToDo, unasked)
    with city.acting_as("police.handler_1") as acting:
        ask_countersign(acting, task, ["handler_2"])
    refused(city, errors.WithoutReason, silent)


# --- 催办 and 督办


def test_remind_by_hand(city, routed):
    """A clerk of the sender reminds a unit: a row, a count, one entry; an answered letter needs no reminder."""
    letter = city.letter(routed, "police")
    with city.acting_as("court.clerk") as acting:
        remind_letter(acting, letter, "请于本周内反馈")
    row = city.one("SELECT kind, note, by_agency_id, to_agency_id FROM reminder")
    assert row == ("remind", "请于本周内反馈", city.agency("court"), city.agency("police"))
    assert city.one("SELECT reminded_count FROM letter WHERE id = %s", letter) == 1
    assert entries(city, routed, "letters.remind") == 1
    city.answer(routed, "police")

    def act():
        with city.acting_as("court.clerk") as acting:
            remind_letter(acting, letter)

    refused(city, errors.NothingToDo, act)


def test_supervise_by_hand(city, routed):
    """The supervising post presses a unit; it needs a reason, and leaves a row and one entry."""
    letter = city.letter(routed, "police")
    with city.acting_as("political_legal.supervisor") as acting:
        supervise_letter(acting, letter, "群众反映强烈，请尽快反馈")
    assert city.one("SELECT kind, by_agency_id FROM reminder") == (
        "supervise",
        city.agency("political_legal"),
    )
    assert city.one("SELECT supervised_at FROM letter WHERE id = %s", letter) == MONDAY
    assert entries(city, routed, "letters.supervise") == 1


def test_timers_remind_and_supervise(city):
    """Not signed for: reminded daily. Not answered: reminded before the day, supervised after it; the task stays."""
    matter = city.open(units=("police", "housing"))
    city.send(matter)
    city.sign_and_route(matter, "police")
    assert city.fire(MONDAY + HOUR) == 0
    city.fire(MONDAY + days(2))
    reminded = city.rows(
        "SELECT a.code, l.reminded_count FROM letter l JOIN agency a ON a.id = l.addressee_id ORDER BY 1"
    )
    assert reminded == [("housing", 1), ("police", 0)]
    city.fire(MONDAY + days(30))
    letter = city.letter(matter, "police")
    count, supervised = city.one("SELECT reminded_count, supervised_at FROM letter WHERE id = %s", letter)
    assert count >= 1
    assert supervised == MONDAY + days(30)
    assert city.open_tasks(matter) == [
        ("housing", "sign"), ("police", "answer"), ("political_legal", "supervision"),
    ]  # fmt: skip
    assert city.rows(
        "SELECT DISTINCT officer_id, agency_id FROM ledger_entry WHERE act LIKE 'letters.remind'"
    ) == [(None, None)]
    assert city.fire(MONDAY + days(30)) == 0, "what has fired does not fire again at the same instant"


def test_supervision_ends_with_the_answer(city, routed):
    """The supervisor's task, which no token waits for, is gone once the letter is answered, and was never doubled."""
    city.fire(MONDAY + days(30))
    assert ("political_legal", "supervision") in city.open_tasks(routed)
    city.answer(routed, "police", at=MONDAY + days(31))
    assert city.open_tasks(routed) == [("court", "check")]
    assert city.one("SELECT state FROM task WHERE element = 'supervision'") == "cancelled"


def test_supervision_completed(city, routed):
    """The supervisor completes the task by hand; the unit's own task is not touched."""
    city.fire(MONDAY + days(30))
    task = city.one("SELECT id FROM task WHERE element = 'supervision'")
    with city.acting_as("political_legal.supervisor", MONDAY + days(31)) as acting:
        complete_task(acting, task, {})
    assert city.open_tasks(routed) == [("police", "answer")]


# --- 暂挂


def test_hold_and_back(city, routed):
    """On hold until a day, a task leaves the list and comes back by itself; its due date does not move."""
    from django.db import connection

    from lianban.engines.clocks.moments import legal_date
    from lianban.records.inbox import my_tasks

    task = city.task(routed, "answer", "police")
    due = city.one("SELECT due_at FROM task WHERE id = %s", task)
    until = legal_date(MONDAY + days(3))

    def listed(at, **more):
        with city.acting_as("police.handler_1", at) as acting, connection.cursor() as cursor:
            lines = my_tasks(cursor, agency=acting.agency, post=acting.post, role=acting.role, officer=acting.officer,
                             today=legal_date(at), **more)  # fmt: skip
            return [line.id for line in lines]

    assert listed(MONDAY) == [task]
    with city.acting_as("police.handler_1") as acting:
        hold_task(acting, task, until, "等待邻市公安协查")
    assert (listed(MONDAY), listed(MONDAY, held=True), listed(MONDAY + days(3))) == ([], [task], [task])
    assert city.one("SELECT due_at FROM task WHERE id = %s", task) == due
    with city.acting_as("police.handler_1") as acting:
        hold_task(acting, task, None)
    assert listed(MONDAY) == [task]

    def yesterday():
        with city.acting_as("police.handler_1") as acting:
            hold_task(acting, task, legal_date(MONDAY), "今天")

    refused(city, errors.NothingToDo, yesterday)


def test_messages_to_open_pages(city):
    """An act wakes the pages of the agencies it touches, with ids only."""
    matter = city.open(units=("police",))
    city.do("court.clerk", matter, "draft")
    city.do("court.judge", matter, "approve", {"decision": "approve"})
    with city.connect("app", autocommit=True) as listener:
        listener.execute("LISTEN lianban")
        city.do("court.seal_keeper", matter, "seal", {"checked": True})
        said = {note.payload for note in listener.notifies(timeout=5, stop_after=2)}
    assert said == {f"{city.agency(code)} {matter}" for code in ("court", "police")}
