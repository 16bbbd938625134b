"""Open matters go on in a new version of their drawing, and back, in the real database."""

from __future__ import annotations

import pytest
from new_versions import RICHER, deploy, migrate, order, roll_back, rows_of
from officials import MONDAY, days, refused

from lianban.actions.errors import MigrationIsFinished, RoleMayNot, SceneOwnedByAnother, VersionNotFound
from lianban.engines.migration import ElementMap, MapRefused, Since

RENAMED = (
    ('id="check"', 'id="examine"'),
    ('Ref="check"', 'Ref="examine"'),
    ('"units_answer"', '"units"'),
)


def in_the_middle(city, count=1):
    """Matters whose letters are out: police answered and was checked, housing answered, the others did not sign yet."""
    made = []
    for _ in range(count):
        matter = city.open(("police", "housing", "transport"))
        city.send(matter)
        for unit in ("police", "housing"):
            city.sign_and_route(matter, unit)
            city.answer(matter, unit)
        city.check(matter, "police")
        made.append(matter)
    return made if count > 1 else made[0]


def finish(city, matter, check="check", at=MONDAY):
    """Everybody does what is left; the matter is archived."""
    from lianban.actions.complete_task import complete_task

    for unit in ("housing", "transport"):
        if city.letter_state(matter, unit) == "delivered":
            city.sign_and_route(matter, unit, at)
            city.answer(matter, unit, at=at)
        if city.letter_state(matter, unit) != "accepted":
            with city.acting_as("court.judge", at) as acting:
                complete_task(acting, city.check_task(matter, unit, check), {"decision": "accept"})
    city.do("court.clerk", matter, "archive", {"summary": "各单位均已反馈。"}, at)
    assert city.one("SELECT state FROM matter WHERE id = %s", matter) == "closed"
    assert city.rows("SELECT 1 FROM token WHERE matter_id = %s", matter) == []
    assert city.rows("SELECT 1 FROM timer WHERE matter_id = %s", matter) == []


def test_migration_identity_same_rows(city):
    """Moving to a version that differs in a title only moves the matter and nothing else in its rows."""
    matter = in_the_middle(city)
    before = rows_of(city)
    number, drawing = deploy(city, ('name="一键事了·协助调查" isExecutable', 'name="一键事了" isExecutable'))
    _, done = migrate(city, number)
    assert (done.moved, done.kept) == (1, [])
    after = rows_of(city)
    assert {key: rows for key, rows in after.items() if key != "matter"} == {
        key: rows for key, rows in before.items() if key != "matter"
    }
    assert city.one("SELECT drawing_id FROM matter WHERE id = %s", matter) == drawing


def test_migration_same_id_completes(city):
    """After a move by ids an open fan-out keeps its answered branch, and the matter ends in the new version."""
    matter = in_the_middle(city)
    counter = city.one("SELECT pending, total FROM scope WHERE matter_id = %s AND kind = 'multi'", matter)
    assert counter == (2, 3)
    number, _ = deploy(city, *RICHER)
    _, done = migrate(city, number)
    assert (done.moved, done.kept) == (1, [])
    assert (
        city.one("SELECT pending, total FROM scope WHERE matter_id = %s AND kind = 'multi'", matter)
        == counter
    )
    states = city.column(
        "SELECT state FROM scope WHERE matter_id = %s AND kind = 'branch' ORDER BY index", matter
    )
    assert sorted(states) == ["done", "open", "open"]
    finish(city, matter)


def test_migration_tasks_follow_the_drawing(city):
    """Open tasks take name and clock from the new version; whose they are stays; done tasks stay as they were done."""
    matter = in_the_middle(city)
    task = city.check_task(matter, "housing")
    before = city.one("SELECT role, agency_id, officer_id, opened_at, due_at FROM task WHERE id = %s", task)
    assert before[-1] is None
    number, _ = deploy(city, *RICHER)
    migrate(city, number, at=MONDAY + days(1))
    name, due, *after = city.one(
        "SELECT name, due_at, role, agency_id, officer_id, opened_at FROM task WHERE id = %s", task
    )
    assert name == "核验与登记"
    assert after == list(before[:-1])
    assert due is not None and due > MONDAY
    letter_due = city.one("SELECT due_at FROM letter WHERE id = %s", city.letter(matter, "housing"))
    assert due == letter_due, "the clock of the letter counts from the letter, not from the migration"
    names = city.column(
        "SELECT name FROM task WHERE matter_id = %s AND element = 'check' AND state = 'done'", matter
    )
    assert names == ["核验反馈"]


def test_migration_timers_follow_the_policy(city):
    """A changed timer is computed again from when its step was reached, a new one is armed, a removed one dropped."""
    matter = in_the_middle(city)
    old = city.one("SELECT id, spec, repeat_left FROM timer WHERE element = 'sign_overdue'")
    opened = city.one("SELECT opened_at FROM task WHERE element = 'sign' AND state = 'open'")
    number, _ = deploy(city, *RICHER)
    migrate(city, number, at=MONDAY + days(2))
    key, spec, left, due = city.one(
        "SELECT id, spec, repeat_left, due_at FROM timer WHERE element = 'sign_overdue'"
    )
    assert key == old[0] and old[1] != spec == "R3/PT36H"
    # The first of the series was due after 36 hours, which is past: the second is next, and one is left after it.
    assert (due, left) == (opened + days(3), 1)
    slow = city.one("SELECT due_at, token_id FROM timer WHERE element = 'check_slow'")
    assert slow == (
        MONDAY + days(5),
        city.one("SELECT token FROM task WHERE id = %s", city.check_task(matter, "housing")),
    )
    fewer, _ = deploy(city, *RICHER[:3])
    migrate(city, fewer, start=number, at=MONDAY + days(2))
    assert city.rows("SELECT 1 FROM timer WHERE element = 'check_slow'") == []


def test_migration_fired_timer_stays_fired(city):
    """A timer that both versions have and that has fired for good is not armed again."""
    matter = city.open(("police",))
    city.send(matter)
    city.sign_and_route(matter, "police")
    city.fire(MONDAY + days(40))
    assert city.rows("SELECT 1 FROM timer WHERE element = 'answer_overdue'") == []
    number, _ = deploy(city, ("clock:assistance.answer+1WD", "clock:assistance.answer+2WD"))
    migrate(city, number, at=MONDAY + days(40))
    assert city.rows("SELECT 1 FROM timer WHERE element = 'answer_overdue'") == []


def test_migration_timers_from_now(city):
    """With ``timers: now`` a new timer counts from the migration."""
    in_the_middle(city)
    number, _ = deploy(city, *RICHER)
    at = MONDAY + days(3)
    migrate(city, number, ElementMap(timers=Since.NOW), at=at)
    assert city.one("SELECT due_at FROM timer WHERE element = 'check_slow'") == at + days(5)


def test_migration_renamed_elements(city):
    """With a map, a matter goes on at elements under other ids, inside and outside of the fan-out, to its end."""
    matter = in_the_middle(city)
    number, _ = deploy(city, *RENAMED, ('"answer_overdue"', '"answer_late"'))
    chosen = ElementMap({"check": "examine", "units_answer": "units", "answer_overdue": "answer_late"})
    _, done = migrate(city, number, chosen)
    assert (done.moved, done.kept) == (1, [])
    assert set(city.column("SELECT element FROM scope WHERE kind IN ('multi', 'branch')")) == {"units"}
    finish(city, matter, "examine")


def test_migration_unmapped_element_is_refused_untouched(city):
    """A matter that rests at an element the new version does not have stays as it is; others move."""
    inside, outside = in_the_middle(city), city.open(("police",))
    number, drawing = deploy(city, *RENAMED)
    before = rows_of(city)
    _, done = migrate(city, number)
    assert done.moved == 1
    (kept,) = done.kept
    assert kept.matter == inside
    assert {obstacle.code for obstacle in kept.obstacles} == {"removed"}
    assert all(obstacle.zh and obstacle.en and "?" not in obstacle.en for obstacle in kept.obstacles)
    after = rows_of(city)
    for table, rows in before.items():
        if table != "matter":
            assert rows == after[table], table
    assert dict(city.rows("SELECT id, drawing_id FROM matter"))[outside] == drawing
    assert dict(city.rows("SELECT id, drawing_id FROM matter"))[inside] != drawing
    finish(city, inside)


def test_migration_one_event_one_entry_a_matter(city):
    """Each matter that moves gets one event and one ledger entry, which names who ordered it and can be proved."""
    matters = in_the_middle(city, 3)
    number, drawing = deploy(city, *RICHER)
    key, _ = migrate(city, number, batch=2)
    events = city.rows("SELECT matter_id, seq, agency_id, data FROM event WHERE kind = 'matter.migrated'")
    assert sorted(row[0] for row in events) == sorted(matters)
    assert all(row[2] is None and row[3]["migration"] == str(key) for row in events)
    for matter, seq, *_ in events:
        assert seq == city.one("SELECT last_event FROM matter WHERE id = %s", matter)
        assert city.column("SELECT seq FROM event WHERE matter_id = %s ORDER BY seq", matter) == list(
            range(1, seq + 1)
        )
    entries = city.rows("SELECT matter_id, payload FROM ledger_entry WHERE act = 'matter.migrated'")
    assert sorted(row[0] for row in entries) == sorted(matters)
    assert all(
        str(city.officer("court.judge")) in payload and str(drawing) in payload for _, payload in entries
    )
    assert city.one("SELECT count(*) FROM ledger_entry WHERE act = 'migration.ordered'") == 1
    assert city.one("SELECT moved, kept, finished_at IS NOT NULL FROM drawing_migration") == (3, 0, True)


def test_migration_rolled_back_exactly(city):
    """A roll-back puts every row of matters that have not moved on back exactly; those that have stay and go on."""
    stay, back = in_the_middle(city, 2)
    before = rows_of(city)
    number, drawing = deploy(
        city,
        *RICHER,
        ('"answer_overdue"', '"answer_late"'),
        ('id="route"', 'id="assign"'),
        ('"to_answer" sourceRef="route"', '"to_answer" sourceRef="assign"'),
        ('sourceRef="sign" targetRef="route"', 'sourceRef="sign" targetRef="assign"'),
    )
    key, _ = migrate(city, number, ElementMap({"answer_overdue": "answer_late", "route": "assign"}))
    assert rows_of(city)["timer"] != before["timer"] and rows_of(city)["task"] != before["task"]
    city.do("transport.liaison", stay, "sign")
    done = roll_back(city, key, batch=1)
    assert done.moved == 1
    (kept,) = done.kept
    assert kept.matter == stay and kept.obstacles[0].code == "moved-on"
    after = rows_of(city)
    for table in before:
        column = {"matter": 0, "scope": 1, "token": 1, "timer": 1, "task": 1, "letter": 1}[table]
        assert [row for row in after[table] if row[column] == back] == [
            row for row in before[table] if row[column] == back
        ], table
    assert city.one("SELECT drawing_id FROM matter WHERE id = %s", stay) == drawing
    finish(city, back)
    assert roll_back(city, key).moved == 0


def test_migration_answered_branch_after_roll_back(city):
    """A matter that was migrated, rolled back and migrated again still ends."""
    matter = in_the_middle(city)
    number, _ = deploy(city, *RICHER)
    for _ in range(2):
        key, done = migrate(city, number)
        assert done.moved == 1
        assert roll_back(city, key).moved == 1
    assert migrate(city, number)[1].moved == 1
    finish(city, matter)


def test_migration_of_changed_assignment(city):
    """A task whose assignment was changed goes to that role, at the agency the drawing says, and is nobody's yet."""
    matter = in_the_middle(city)
    number, _ = deploy(city, ('candidateGroups="liaison@branch"', 'candidateGroups="handler@branch"'))
    migrate(city, number)
    role, agency, post, officer = city.one(
        "SELECT role, agency_id, post_id, officer_id FROM task WHERE matter_id = %s AND element = 'sign' AND state = 'open'",
        matter,
    )
    assert (role, agency, post, officer) == ("handler", city.agency("transport"), None, None)


def test_migration_of_assignment_by_feel(city):
    """An assignment that FEEL decides is computed from the matter's own variables; one that fails keeps the matter."""
    matter = in_the_middle(city)
    number, _ = deploy(
        city,
        (
            'candidateGroups="liaison@branch"',
            'candidateGroups="=if unit = &quot;transport&quot; then &quot;handler@branch&quot; else &quot;clerk@lead&quot;"',
        ),
    )
    migrate(city, number)
    assert (
        city.one("SELECT role FROM task WHERE matter_id = %s AND element = 'sign' AND state = 'open'", matter)
        == "handler"
    )
    worse, _ = deploy(city, ('candidateGroups="liaison@branch"', 'candidateGroups="=unit_of_nobody"'))
    before = rows_of(city)
    _, done = migrate(city, worse, start=number)
    assert done.moved == 0
    assert [o.code for o in done.kept[0].obstacles] == ["expression"]
    assert rows_of(city) == before


def test_migration_only_the_owner_orders(city):
    """Only an officer of the agency that owns the scene orders a migration; nobody else changes a thing."""
    in_the_middle(city)
    number, _ = deploy(city, *RICHER)
    refused(city, RoleMayNot, lambda: order(city, number, by="police.liaison"))
    refused(city, RoleMayNot, lambda: order(city, number, by="court.clerk"))
    refused(city, VersionNotFound, lambda: order(city, 999))
    refused(city, VersionNotFound, lambda: order(city, 1))
    refused(city, MapRefused, lambda: order(city, number, ElementMap({"nowhere": "check"})))


def test_migration_another_kind_of_agency(city, monkeypatch):
    """A judge of a court that does not own the scene is told who does."""
    from dataclasses import replace

    from lianban.records import scenes

    number, _ = deploy(city, *RICHER)
    pack = scenes.scene("assistance")
    monkeypatch.setitem(scenes.scenes(), "assistance", replace(pack, owner="police"))
    found = refused(city, SceneOwnedByAnother, lambda: order(city, number))
    assert found.found["own"] == "court"


def test_migration_database_asks_for_an_order(city):
    """No role moves a matter to another drawing without an order, and the worker cannot give one."""
    import psycopg

    matter = in_the_middle(city)
    _, drawing = deploy(city, *RICHER)
    with city.connect("worker") as connection, pytest.raises(psycopg.errors.RaiseException):
        connection.execute("UPDATE matter SET drawing_id = %s WHERE id = %s", [drawing, matter])
    with city.connect("worker") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("INSERT INTO drawing_migration (id) VALUES (gen_random_uuid())")
    with city.connect("app") as connection:
        assert connection.execute("SELECT count(*) FROM drawing_migration").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT before FROM migrated_matter")


def test_migration_finished_order_is_not_repeated(city):
    """An order that was carried out is carried out once."""
    from lianban.actions.acting import Acting
    from lianban.actions.migrate_matters import migrate_matters

    in_the_middle(city)
    number, _ = deploy(city, *RICHER)
    key, _ = migrate(city, number)
    with city.as_role("worker"):
        refused(city, MigrationIsFinished, lambda: migrate_matters(Acting(None, MONDAY), key))


def test_migration_killed_goes_on(city):
    """Stopped in the middle of a batch, nothing of that batch has happened; called again, the order is finished."""
    from lianban.actions import migrate_matters as module
    from lianban.actions.acting import Acting

    matters = in_the_middle(city, 3)
    number, drawing = deploy(city, *RICHER)
    key = order(city, number)
    calls = []

    def dies(moved):
        calls.append(moved.moved)
        if len(calls) == 1:
            raise KeyboardInterrupt

    with city.as_role("worker"):
        with pytest.raises(KeyboardInterrupt):
            module.migrate_matters(Acting(None, MONDAY), key, 1, dies)
        assert city.one("SELECT count(*) FROM matter WHERE drawing_id = %s", drawing) == 1
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "record", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            before = rows_of(city)
            with pytest.raises(KeyboardInterrupt):
                module.migrate_matters(Acting(None, MONDAY), key, 1)
            assert rows_of(city) == before
        assert module.migrate_matters(Acting(None, MONDAY), key, 1).moved == 2
    assert city.one("SELECT moved FROM drawing_migration") == 3
    assert city.one("SELECT count(*) FROM event WHERE kind = 'matter.migrated'") == 3
    for matter in matters:
        finish(city, matter)


def test_migration_plan_writes_nothing_and_tells_the_truth(city):
    """The dry run changes no table, and says of each matter what the migration then does."""
    from lianban.actions.plan_migration import newly_read, plan_migration
    from lianban.engines.migration import route
    from lianban.records import scenes

    inside, outside = in_the_middle(city), city.open(("police",))
    _number, drawing = deploy(city, *RICHER, ('"units_answer"', '"units"'))
    before = city.digests()
    with city.as_role("worker"):
        from django.db import connection

        with connection.cursor() as cursor:
            first = city.one("SELECT drawing_id FROM matter WHERE id = %s", inside)
            one, other = scenes.graph_of(cursor, first), scenes.graph_of(cursor, drawing)
        refused_plan = {p.matter: p for p in plan_migration(first, route(one, other), MONDAY, 1)}
        whole = route(one, other, ElementMap({"units_answer": "units"}))
        plan = {p.matter: p for p in plan_migration(first, whole, MONDAY)}
    assert city.digests() == before
    assert not refused_plan[inside].moves and refused_plan[outside].moves
    assert plan[inside].moves and plan[inside].rests == ("check", "sign", "units_answer")
    assert plan[inside].changes == {"tasks": 1, "recomputed": 1, "armed": 1}
    assert plan[outside].changes == {} and plan[outside].rests == ("draft",)
    assert newly_read(whole) == ()


def test_migration_of_what_a_fan_out_collects(city):
    """An open fan-out that collects from now on, or under another name, goes on with a place for every branch."""
    matter = in_the_middle(city)
    loop = 'inputCollection="=units" inputElement="unit"'
    first, _ = deploy(city, (loop, loop + ' outputCollection="results" outputElement="=decision"'))
    second, _ = deploy(city, (loop, loop + ' outputCollection="outcomes" outputElement="=decision"'))

    def collected():
        return city.one("SELECT variables FROM scope WHERE matter_id = %s AND kind = 'multi'", matter)

    before = collected()
    key, done = migrate(city, first)
    assert done.kept == []
    assert collected() == {**before, "results": [None, None, None]}
    assert roll_back(city, key).moved == 1
    assert collected() == before
    migrate(city, first)
    city.check(matter, "housing")
    assert collected()["results"].count("accept") == 1
    at_first = collected()["results"]
    migrate(city, second, start=first)
    assert collected() == {**before, "outcomes": at_first}
    finish(city, matter)
    root = city.one("SELECT variables FROM scope WHERE matter_id = %s AND kind = 'process'", matter)
    assert root["outcomes"].count("accept") == 2 and len(root["outcomes"]) == 3
