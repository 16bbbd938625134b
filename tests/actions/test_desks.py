"""On whose desk a task lies: whoever has the matter in hand, and everybody of the post while that officer is away."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from officials import days

from lianban.actions.complete_task import complete_task
from lianban.actions.delegate import delegate, end_delegation
from lianban.actions.errors import TaskIsTaken
from lianban.actions.hand_over import claim
from lianban.actions.work import working
from lianban.records import inbox


@pytest.fixture
def drafted(city):
    """A matter whose letters a clerk has drafted and the second judge has approved."""
    matter = city.open(units=("police",))
    city.do("court.clerk", matter, "draft")
    city.do("court.judge.2", matter, "approve", {"decision": "approve"})
    return matter


def put_before_a_judge(city, matter, at):
    with city.acting_as("court.clerk", at) as acting, working(acting) as work:
        work.lock({matter})
        task = work.ask_desk(work.matters[matter], "judge", "请阅", element="note", at=at)
    return city.one("SELECT officer_id FROM task WHERE id = %s", task)


def seen_by(city, username, post=""):
    from django.db import connection

    with city.acting_as(username, datetime.now(UTC), post=post) as acting, connection.cursor() as cursor:
        lines = inbox.my_tasks(
            cursor, agency=acting.agency, post=acting.post, role=acting.role, officer=acting.officer,
            today=acting.now.date(),
        )  # fmt: skip
    return [line.element for line in lines]


def test_asked_of_the_judge_in_charge(city, drafted):
    """What the court is asked in a matter comes to the judge who acted in it, not into the pool of eight."""
    assert put_before_a_judge(city, drafted, datetime.now(UTC)) == city.officer("court.judge.2")
    assert "note" in seen_by(city, "court.judge.2")
    assert "note" not in seen_by(city, "court.judge.3")


def test_asked_while_the_judge_is_away(city, drafted):
    """While somebody stands in for that judge it is nobody's by name: every judge sees it."""
    now = datetime.now(UTC)
    with city.acting_as("court.judge.2", now) as acting:
        delegate(acting, city.officer("court.clerk"), now, now + days(5), "年休假")
    assert put_before_a_judge(city, drafted, now) is None


def test_asked_after_the_judge_has_left(city, drafted):
    """A judge who no longer holds the post gets nothing more."""
    city.superuser.execute("UPDATE appointment SET ends_on = lianban.today() - 1 WHERE officer_id = %s",
                           [city.officer("court.judge.2")])  # fmt: skip
    assert put_before_a_judge(city, drafted, datetime.now(UTC)) is None


def test_the_deputy_finds_what_lies_on_the_desk(city):
    """A task that was taken up before the leave is seen and done by the deputy, by nobody else before it."""
    matter, now = city.open(units=("police",)), datetime.now(UTC)
    city.do("court.clerk", matter, "draft")
    task = city.task(matter, "approve")
    with city.acting_as("court.judge") as acting:
        claim(acting, task)
    with pytest.raises(TaskIsTaken), city.acting_as("court.judge.2", now) as acting:
        complete_task(acting, task, {"decision": "approve"})
    with city.acting_as("court.judge", now) as acting:
        delegate(acting, city.officer("court.clerk.2"), now, now + days(5), "年休假")
    assert "approve" in seen_by(city, "court.clerk.2", post="judge")
    with city.acting_as("court.clerk.2", now, post="judge") as acting:
        complete_task(acting, task, {"decision": "approve"})
    assert city.one("SELECT state FROM task WHERE id = %s", task) == "done"


def test_back_at_the_desk(city, drafted):
    """Colleagues of the post see what lies on the desk of one who is away, and no longer once that one is back."""
    now = datetime.now(UTC)
    put_before_a_judge(city, drafted, now)
    with city.acting_as("court.judge.2", now) as acting:
        made = delegate(acting, city.officer("court.clerk"), now, now + days(5), "年休假")
    assert "note" in seen_by(city, "court.judge.3")
    with city.acting_as("court.judge.2", now) as acting:
        end_delegation(acting, made)
    assert "note" not in seen_by(city, "court.judge.3")
