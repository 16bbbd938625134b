"""What is sent wrong: the right code, both sentences, and not one row of any table changed."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from officials import MONDAY, days, refused

from lianban.actions import errors
from lianban.actions.add_document import add_document
from lianban.actions.complete_task import Completion, complete_task, complete_tasks
from lianban.actions.open_matter import Opening, open_matter, open_matters
from lianban.actions.recall_answer import recall_answer
from lianban.actions.remind_letter import remind_letter
from lianban.actions.supervise_letter import supervise_letter
from lianban.actions.withdraw_letter import withdraw_letter
from lianban.actions.withdraw_matter import withdraw_matter
from lianban.engines.forms.errors import FormRefused
from lianban.records.directory import UnknownAgency, UnknownPost
from lianban.records.scenes import UnknownScene


@pytest.fixture
def routed(city):
    """A matter with letters to two units; the police's first desk has one of them to answer."""
    matter = city.open(units=("police", "housing"))
    city.send(matter)
    city.sign_and_route(matter, "police")
    return matter


def act_as(city, username, act, *args, at=MONDAY, **more):
    def run():
        with city.acting_as(username, at) as acting:
            act(acting, *args, **more)

    return run


# --- opening and drafting


@pytest.mark.parametrize(
    "wrong",
    [
        {"legal_basis": None}, {"units": []}, {"subjects": []}, {"case_no": "没有案号"}, {"cause": ""},
        {"ethnicity": "汉族"}, {"units": ["no such code!"]}, {"questions": ["no_such_question"]},
        {"legal_basis": "made_up"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)  # fmt: skip
def test_opening_form_wrong(city, wrong):
    """A form that lacks, invents or misspells is refused by field, and no matter is opened."""
    data = {key: value for key, value in city.content(**wrong).items() if value is not None}
    found = refused(city, FormRefused, act_as(city, "court.clerk", open_matter, "assistance", Opening(data)))
    assert found.fields, "every mistake names its field"
    assert found.status == 422


def test_opening_wrong_number_tells_no_number(city):
    """An identity number with a wrong digit is refused without being repeated."""
    data = city.content()
    number = data["subjects"][0]["id_number"]
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    data["subjects"][0]["id_number"] = wrong
    found = refused(city, FormRefused, act_as(city, "court.clerk", open_matter, "assistance", Opening(data)))
    assert wrong not in str(found.as_dict())


def test_opening_demo_numbers_only_in_the_demo(city, settings):
    """Outside of a demo the fictional numbers with prefix 99 are refused."""
    settings.DEMO = False
    found = refused(
        city, FormRefused, act_as(city, "court.clerk", open_matter, "assistance", Opening(city.content()))
    )
    assert any("id_number" in field.path for field in found.fields)


def test_opening_unknown_scene(city):
    """There is no such scene."""
    refused(city, UnknownScene, act_as(city, "court.clerk", open_matter, "no_such_scene", Opening({})))


@pytest.mark.parametrize(
    ("by", "error"),
    [("police.liaison", errors.RoleMayNot), ("platform.auditor", errors.RoleMayNot), ("court.seal_keeper", errors.RoleMayNot)],
)  # fmt: skip
def test_opening_by_the_wrong_role(city, by, error):
    """Only the roles named open matters."""
    refused(city, error, act_as(city, by, open_matter, "assistance", Opening(city.content())))


def test_opening_by_an_agency_that_does_not_lead(city):
    """A clerk of an agency of another kind cannot open a matter of a court's scene."""
    city.superuser.execute("UPDATE post SET role = 'clerk' WHERE id = %s", [city.post("police", "liaison")])
    try:
        found = refused(city, errors.SceneOfAnotherAgency,
                        act_as(city, "police.liaison", open_matter, "assistance", Opening(city.content())))  # fmt: skip
        assert found.status == 403
    finally:
        city.superuser.execute(
            "UPDATE post SET role = 'liaison' WHERE id = %s", [city.post("police", "liaison")]
        )


def test_opening_many_all_or_none(city):
    """Of many matters one has a mistake: none is opened, and no number is used up."""
    good, bad = Opening(city.content()), Opening(city.content(cause=""))
    refused(city, FormRefused, act_as(city, "court.clerk", open_matters, "assistance", [good, bad]))
    city.open()
    assert city.one("SELECT number FROM matter") == "（2026）云9901协查1号"


def test_opening_in_the_future(city):
    """What has not happened yet cannot be recorded; clocks that run ahead a little are forgiven."""
    opening = Opening(city.content(), occurred_at=MONDAY + days(1))
    refused(city, errors.OccurredInTheFuture, act_as(city, "court.clerk", open_matter, "assistance", opening))
    with city.acting_as("court.clerk") as acting:
        open_matter(acting, "assistance", Opening(city.content(), occurred_at=MONDAY + days(1 / 1440)))


def test_draft_unknown_agency(city):
    """A letter to an agency that is not in the directory is not drafted."""
    matter = city.open(units=("police", "no_such_agency"))
    found = refused(
        city, UnknownAgency, act_as(city, "court.clerk", complete_task, city.task(matter, "draft"), {})
    )
    assert "no_such_agency" in found.text("zh")


def test_draft_basis_not_in_force(city):
    """An article that is no longer in force on the day of the letter is no legal basis; the usable ones are named."""
    matter = city.open(legal_basis="cpl_2021_249")
    found = refused(city, errors.LetterWithoutLegalBasis,
                    act_as(city, "court.clerk", complete_task, city.task(matter, "draft"), {}))  # fmt: skip
    assert "cpl_2023_253" in found.text("zh")
    assert "2026-03-02" in found.text("en")


def test_draft_basis_in_force_on_the_day(city):
    """The same article is one for a letter of 2022: an old matter is judged by the law of its day."""
    from datetime import UTC, datetime

    day = datetime(2022, 6, 1, 2, 0, tzinfo=UTC)
    with city.acting_as("court.clerk") as acting:
        matter = open_matter(
            acting, "assistance", Opening(city.content(legal_basis="cpl_2021_249"), occurred_at=day)
        )
    with city.acting_as("court.clerk") as acting:
        complete_tasks(acting, [Completion(city.task(matter, "draft"), {}, day)])
    assert city.column("SELECT DISTINCT legal_basis FROM letter") == ["cpl_2021_249"]


def test_draft_question_nobody_answers(city):
    """A unit that answers none of the questions gets no letter: the clerk is told what it could be asked."""
    matter = city.open(units=("police", "housing"), questions=("vehicles",))
    found = refused(city, errors.QuestionNotAnswered,
                    act_as(city, "court.clerk", complete_task, city.task(matter, "draft"), {}))  # fmt: skip
    assert "provident_fund" in found.text("zh")


def test_letter_without_basis_in_the_database(city, routed):
    """Whatever the actions let through, the database keeps no letter without a legal basis, nor one to oneself."""
    import psycopg

    for change in ("legal_basis = ''", "addressee_id = sender_id"):
        with pytest.raises(psycopg.errors.CheckViolation), city.superuser.transaction():
            # Without the triggers, which refuse it before.
            city.superuser.execute(
                f"SET LOCAL session_replication_role = replica; UPDATE letter SET {change}"
            )


# --- answering


def test_answer_with_another_field(city, routed):
    """A field that was not asked for does not leave the unit: the answer is refused by that field."""
    data = city.answer_data(routed, "police", "yes")
    data["findings"]["vehicles"]["records"][0]["driver_ethnicity"] = "汉"
    found = refused(city, FormRefused,
                    act_as(city, "police.handler_1", complete_task, city.task(routed, "answer", "police"), data))  # fmt: skip
    assert any("driver_ethnicity" in f"{field.path}{field.zh}" for field in found.fields)


def test_answer_to_a_question_not_asked(city):
    """Findings of a question the letter does not hold are refused."""
    matter = city.open(units=("police",), questions=("vehicles",))
    city.send(matter)
    city.sign_and_route(matter, "police")
    data = city.answer_data(matter, "police")
    data["findings"]["household"] = {"found": False}
    refused(city, FormRefused,
            act_as(city, "police.handler_1", complete_task, city.task(matter, "answer", "police"), data))  # fmt: skip


def test_answer_in_the_future(city, routed):
    """An answer of tomorrow is refused."""
    task, data = city.task(routed, "answer", "police"), city.answer_data(routed, "police")
    refused(city, errors.OccurredInTheFuture,
            act_as(city, "police.handler_1", complete_tasks, [Completion(task, data, MONDAY + days(1))]))  # fmt: skip


def test_answer_after_withdrawal(city, routed):
    """The letter was withdrawn while the clerk wrote: the sentence says when, and not to hand the answer over otherwise."""
    task, data = city.task(routed, "answer", "police"), city.answer_data(routed, "police")
    with city.acting_as("court.judge") as acting:
        withdraw_letter(acting, city.letter(routed, "police"), "已履行完毕")
    found = refused(
        city, errors.LetterIsWithdrawn, act_as(city, "police.handler_1", complete_task, task, data)
    )
    assert "2026-03-02 09:00" in found.text("zh")


def test_answer_after_it_was_answered(city, routed):
    """A task that is done says who did it and when."""
    task, data = city.task(routed, "answer", "police"), city.answer_data(routed, "police")
    city.answer(routed, "police")
    found = refused(
        city, errors.TaskAlreadyClosed, act_as(city, "police.handler_1", complete_task, task, data)
    )
    name = city.one("SELECT name FROM officer WHERE username = 'police.handler_1'")
    assert name in found.text("zh")
    assert "2026-03-02 09:00" in found.text("zh")
    assert name in found.text("en")


def test_answer_after_the_matter_was_withdrawn(city, routed):
    """The whole matter is gone: the answer is refused, whichever sentence says it."""
    task, data = city.task(routed, "answer", "police"), city.answer_data(routed, "police")
    with city.acting_as("court.judge") as acting:
        withdraw_matter(acting, routed, "当事人和解")
    refused(city, errors.LetterIsWithdrawn, act_as(city, "police.handler_1", complete_task, task, data))
    refused(city, errors.MatterIsClosed, act_as(city, "court.judge", withdraw_matter, routed, "再次撤销"))


def test_recall_twice(city, routed):
    """A recalled answer is not recalled again; a stranger's answer is not there."""
    answer = city.answer(routed, "police")
    with city.acting_as("police.handler_1") as acting:
        recall_answer(acting, answer, "查询范围有误")
    refused(city, errors.NothingToDo, act_as(city, "police.handler_1", recall_answer, answer, "再次撤回"))
    refused(city, errors.LetterNotFound, act_as(city, "housing.handler_1", recall_answer, answer, "不是我的"))
    refused(city, errors.RoleMayNot, act_as(city, "court.judge", recall_answer, answer, "法院撤回"))


def test_answer_twice_at_once(city, routed):
    """Two clerks answer at the same moment: exactly one wins; the other learns who and when; nothing is half-done."""
    from django.db import connections

    city.superuser.execute("UPDATE task SET post_id = NULL WHERE element = 'answer'")
    task = city.task(routed, "answer", "police")
    keys = {name: city.session(name) for name in ("police.handler_1", "police.handler_2")}
    assert len(keys) == 2
    outcomes: dict[str, Exception | None] = {}
    together = threading.Barrier(2)

    def answer(name: str, result: str) -> None:
        data = city.answer_data(routed, "police", result)
        together.wait()
        try:
            with city.acting_as(name) as acting:
                complete_task(acting, task, data)
            outcomes[name] = None
        except Exception as error:
            outcomes[name] = error
        finally:
            connections.close_all()

    clerks = [threading.Thread(target=answer, args=pair) for pair in zip(keys, ("yes", "no"), strict=True)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    (winner,) = [name for name, error in outcomes.items() if error is None]
    (loser,) = [error for error in outcomes.values() if error is not None]
    assert isinstance(loser, errors.TaskAlreadyClosed)
    assert city.one("SELECT name FROM officer WHERE username = %s", winner) in loser.text("zh")
    assert city.one("SELECT count(*), max(officer_id::text) FROM answer") == (1, str(city.officer(winner)))
    for table in ("event WHERE kind = 'letters.answer'", "ledger_entry WHERE act = 'letters.answer'"):
        assert city.one(f"SELECT count(*) FROM {table}") == 1
    assert city.open_tasks(routed) == [("court", "check"), ("housing", "sign")]


def test_complete_many_all_or_none(city, routed):
    """Of two tasks completed together the second is refused: the first is open as before."""
    city.sign_and_route(routed, "housing")
    for unit in ("police", "housing"):
        city.answer(routed, unit)
    first, second = (city.check_task(routed, unit) for unit in ("police", "housing"))
    both = [Completion(first, {"decision": "accept"}), Completion(second, {"decision": "return"})]
    refused(city, FormRefused, act_as(city, "court.judge", complete_tasks, both))
    assert city.letter_state(routed, "police") == "answered"


def test_check_return_needs_a_reason(city, routed):
    """An answer is not returned without saying why."""
    city.answer(routed, "police")
    refused(city, FormRefused,
            act_as(city, "court.judge", complete_task, city.check_task(routed, "police"), {"decision": "return"}))  # fmt: skip


# --- who may, and whose it is


def test_task_of_another_role(city, routed):
    """A colleague of another role is told whose task it is."""
    task = city.task(routed, "answer", "police")
    found = refused(city, errors.NotYourTask,
                    act_as(city, "police.liaison", complete_task, task, city.answer_data(routed, "police")))  # fmt: skip
    assert "handler" in found.text("en")


@pytest.mark.parametrize("by", ["housing.handler_1", "platform.auditor", "platform.system_administrator"])
def test_ids_of_others(city, routed, by):
    """Another agency's ids are as if they did not exist, for every command that takes one."""
    task, letter = city.task(routed, "answer", "police"), city.letter(routed, "police")
    answer = city.answer(routed, "police")
    missing = (
        errors.TaskNotFound,
        errors.LetterNotFound,
        errors.MatterNotFound,
        errors.RoleMayNot,
        errors.NotYourTask,
    )
    for act, args in (
        (complete_task, (task, {})), (recall_answer, (answer, "不是我的")), (remind_letter, (letter,)),
        (supervise_letter, (letter, "不是我的")), (withdraw_letter, (letter, "不是我的")),
        (withdraw_matter, (routed, "不是我的")),
    ):  # fmt: skip
        refused(city, missing, act_as(city, by, act, *args))


def test_ids_of_nothing(city):
    """An id that names nothing is refused by every command, in the same words as one that is another's."""
    nothing = uuid4()
    for by, act, args, error in (
        ("court.clerk", complete_task, (nothing, {}), errors.TaskNotFound),
        ("court.clerk", remind_letter, (nothing,), errors.LetterNotFound),
        ("court.judge", withdraw_letter, (nothing, "查无此函"), errors.LetterNotFound),
        ("court.judge", withdraw_matter, (nothing, "查无此事"), errors.MatterNotFound),
        ("police.handler_1", recall_answer, (nothing, "查无此件"), errors.LetterNotFound),
        ("political_legal.supervisor", supervise_letter, (nothing, "查无此函"), errors.LetterNotFound),
        ("court.clerk", add_document, (nothing, "a.pdf", b"%PDF"), errors.MatterNotFound),
    ):
        assert refused(city, error, act_as(city, by, act, *args)).status == 404


def test_withdraw_letter_of_a_led_matter_only(city, routed):
    """A unit cannot withdraw the court's letter, nor a clerk the court's matter."""
    letter = city.letter(routed, "police")
    refused(city, errors.RoleMayNot, act_as(city, "police.liaison", withdraw_letter, letter, "不想办"))
    refused(city, errors.RoleMayNot, act_as(city, "court.clerk", withdraw_matter, routed, "不想办"))
    refused(city, errors.WithoutReason, act_as(city, "court.judge", withdraw_letter, letter, " "))


def test_route_to_a_post_that_is_not_there(city):
    """A letter is not routed to a desk the unit does not have."""
    matter = city.open(units=("police",))
    city.send(matter)
    city.do("police.liaison", matter, "sign")
    refused(city, UnknownPost,
            act_as(city, "police.liaison", complete_task, city.task(matter, "route", "police"), {"handler": "desk_9"}))  # fmt: skip


# --- files


def test_file_of_thirty_megabytes(city, routed):
    """A file over the limit is refused by name and size; nothing of it is kept."""
    found = refused(city, errors.FileTooLarge,
                    act_as(city, "court.clerk", add_document, routed, "卷宗.pdf", bytes(30 * 1024 * 1024)))  # fmt: skip
    assert found.status == 413
    assert "30.0 MiB" in found.text("zh")
    assert "20.0 MiB" in found.text("zh")


@pytest.mark.parametrize(
    ("name", "content"), [("a.exe", b"MZ"), ("a.pdf", b""), ("无扩展名", b"x"), ("a.html", b"<script>")]
)
def test_file_of_a_wrong_kind(city, routed, name, content):
    """What runs, what is empty and what has no kind is refused."""
    refused(city, errors.NothingToDo, act_as(city, "court.clerk", add_document, routed, name, content))


def test_file_on_another_units_letter(city, routed):
    """A unit cannot put a file to a letter that went to another."""
    letter = city.letter(routed, "police")
    refused(city, errors.LetterNotFound,
            act_as(city, "housing.liaison", add_document, routed, "a.pdf", b"%PDF-1.7", letter))  # fmt: skip


def test_file_kept(city, routed):
    """A file within the limit is kept, its digest stands in the ledger."""
    import hashlib

    with city.acting_as("police.handler_1") as acting:
        made = add_document(acting, routed, "车辆档案.pdf", b"%PDF-1.7", city.letter(routed, "police"))
    digest = hashlib.sha256(b"%PDF-1.7").hexdigest()
    assert city.one("SELECT digest, content FROM document WHERE id = %s", made) == (digest, b"%PDF-1.7")
    assert digest in city.one("SELECT payload FROM ledger_entry WHERE act = 'document.added'")
