"""Drafts and publications as actions: who may, what is refused, what is kept, what goes live."""

from __future__ import annotations

import psycopg
import pytest
from officials import MONDAY, days, refused
from scene_texts import (
    DRAWING,
    MOVED,
    RENAMED,
    SOURCE,
    TABLE,
    WRONG_ROLE,
    rule,
    table,
    with_call,
    with_rule_task,
)

SCENE = "assistance"


def save(city, text, revision=0, base=1, by="court.clerk", file=DRAWING, at=MONDAY):
    from lianban.actions.save_draft import save_draft

    with city.acting_as(by, at) as acting:
        return save_draft(
            acting, SCENE, file, text.encode() if isinstance(text, str) else text, base, revision
        )


def publish(city, revision, by="court.judge", file=DRAWING, reason="按新规调整", at=MONDAY):
    from lianban.actions.publish_draft import publish_draft

    with city.acting_as(by, at) as acting:
        return publish_draft(acting, SCENE, file, revision, reason)


def again(city, number, by="court.judge", file=DRAWING, instead_of=2):
    from lianban.actions.publish_again import publish_again

    with city.acting_as(by) as acting:
        return publish_again(acting, SCENE, file, number, "恢复旧版", instead_of)


def deploy(city, *winning):
    from django.db import connections, transaction

    from lianban.records import scenes

    scenes._loaded.cache_clear()  # the folder may have changed since
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        return [(one.file, one.number, one.outcome.value) for one in scenes.deploy(cursor, MONDAY, winning)
                if one.scene == SCENE]  # fmt: skip


@pytest.fixture
def folder(tmp_path, settings):
    """A copy of the folder of scenes that a test may change."""
    import shutil

    from lianban.records import scenes

    shutil.copytree(settings.SCENES / SCENE, tmp_path / "scenes" / SCENE)
    shutil.copy(settings.SCENES / "city.yaml", tmp_path / "scenes")
    settings.SCENES = tmp_path / "scenes"
    yield tmp_path / "scenes" / SCENE
    scenes._loaded.cache_clear()


def acts(city):
    return city.column("SELECT act FROM ledger_entry ORDER BY recorded_at, id")


# --- saving


def test_draft_with_errors_is_kept(city):
    """A draft is saved whatever is wrong with it, and told at which element; its ledger entry counts the errors."""
    saved = save(city, WRONG_ROLE)
    assert [(one.element, one.code) for one in saved.examined.findings if one.severity == "error"] == [
        ("approve", "unknown-name")
    ]
    assert city.rows("SELECT content, revision, errors, base, state FROM draft") == [
        (WRONG_ROLE, 1, 1, 1, "open")
    ]
    payload = city.one("SELECT payload FROM ledger_entry WHERE act = 'scene.draft_saved'")
    assert '"errors":1' in payload and "juge" not in payload


def test_saving_again_counts(city):
    """Each saving is a revision with its entry; the same text twice is neither."""
    assert save(city, WRONG_ROLE).draft.revision == 1
    assert save(city, RENAMED, 1, by="court.judge").draft.revision == 2
    assert save(city, RENAMED, 2).draft.revision == 2
    assert city.rows("SELECT revision, errors FROM draft") == [(2, 0)]
    assert acts(city).count("scene.draft_saved") == 2


def test_two_editors_at_once(city):
    """Who saves on an older revision is told who saved in between; nothing is overwritten."""
    from lianban.actions.errors import DraftConflict

    save(city, WRONG_ROLE, by="court.judge")
    save(city, RENAMED, 1, by="court.judge")
    found = refused(city, DraftConflict, lambda: save(city, SOURCE, 1))
    assert found.found["revision"] == 2
    assert found.found["who"] == city.one("SELECT name FROM officer WHERE username = 'court.judge'")
    refused(city, DraftConflict, lambda: save(city, SOURCE, 0))


def test_draft_is_gone(city):
    """A draft that was discarded meanwhile is not begun again behind the editor's back."""
    from lianban.actions.discard_draft import discard_draft
    from lianban.actions.errors import DraftGone

    save(city, RENAMED)
    with city.acting_as("court.clerk") as acting:
        discard_draft(acting, SCENE, DRAWING, 1)
    refused(city, DraftGone, lambda: save(city, SOURCE, 1))
    assert save(city, RENAMED).draft.revision == 1
    assert city.column("SELECT state FROM draft ORDER BY begun_at, id") == ["discarded", "open"]


@pytest.mark.parametrize("by", ["court.seal_keeper", "court.recorder"])
def test_role_may_not_draft(city, by):
    """Inside of the owner, those whom the table does not name are refused."""
    from lianban.actions.errors import RoleMayNot

    refused(city, RoleMayNot, lambda: save(city, RENAMED, by=by))


@pytest.mark.parametrize("by", ["police.liaison", "political_legal.supervisor", "tax.liaison"])
def test_other_agencies_may_not(city, by):
    """Another agency's officer neither drafts nor publishes, and the words name the owner."""
    from lianban.actions.discard_draft import discard_draft
    from lianban.actions.errors import SceneNotYours

    save(city, RENAMED)
    for act in (
        lambda: save(city, RENAMED, by=by),
        lambda: publish(city, 1, by=by),
        lambda: again(city, 1, by=by),
    ):
        found = refused(city, SceneNotYours, act)
        assert found.found["owner"] == "court" and found.status == 403

    def discard():
        with city.acting_as(by) as acting:
            discard_draft(acting, SCENE, DRAWING, 1)

    refused(city, SceneNotYours, discard)


def test_clerk_may_not_publish(city):
    """A clerk prepares; what goes live is the judge's decision."""
    from lianban.actions.errors import RoleMayNot

    save(city, RENAMED)
    refused(city, RoleMayNot, lambda: publish(city, 1, by="court.clerk"))


@pytest.mark.parametrize(
    "by", ["police.liaison", "court.seal_keeper", "platform.auditor", "political_legal.supervisor"]
)
def test_database_refuses_others(city, by):
    """Past every action: the row policies let others neither see, save nor publish, nor store a drawing."""
    save(city, RENAMED)
    me = "lianban.agency(), lianban.officer(), lianban.post()"
    statements = (
        "INSERT INTO draft (id, scene, file, base, content, revision, errors, agency_id, officer_id, post_id, begun_at,"
        f" saved_at, state) SELECT gen_random_uuid(), '{SCENE}', 'decisions/x.dmn', 0, 'x', 1, 0, {me}, now(), now(), 'open'",
        "INSERT INTO publication (id, scene, file, number, digest, content, agency_id, officer_id, post_id, recorded_at,"
        f" reason, in_folder) SELECT gen_random_uuid(), '{SCENE}', 'decisions/x.dmn', 1, 'x', 'x', {me}, now(), '', false",
        "INSERT INTO drawing (id, scene, version, graph_hash, bpmn, recorded_at)"
        f" SELECT gen_random_uuid(), '{SCENE}', 99, 'x', 'x', now()",
    )
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session(by)])
        assert connection.execute("SELECT count(*) FROM draft").fetchone()[0] == 0
        assert connection.execute("UPDATE draft SET content = 'x'").rowcount == 0
        for statement in statements:
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement)
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute("UPDATE publication SET reason = 'x'")


def test_database_knows_the_same_roles(city):
    """The functions of the row policies name the roles of the permission table."""
    from lianban.actions.permissions import COMMANDS

    for function, act in (("drafts_scenes", "save_draft"), ("publishes_scenes", "publish_draft")):
        body = city.one("SELECT prosrc FROM pg_proc WHERE proname = %s", function)
        named = {part for part in body.split("'") if part.isidentifier() and part != "IN"} - {"lianban"}
        assert set(COMMANDS[act]) == named & {role for roles in COMMANDS.values() for role in roles}
    assert COMMANDS["save_draft"] == COMMANDS["discard_draft"]
    assert COMMANDS["publish_draft"] == COMMANDS["publish_again"]


# --- publishing


def test_published_drawing_is_for_new_matters(city):
    """The published version is the next number; new matters run it, open ones keep theirs, and the ledger says why."""
    old = city.open()
    save(city, RENAMED)
    made = publish(city, 1)
    assert made.number == 2
    new = city.open()
    assert city.column(
        "SELECT d.version FROM matter m JOIN drawing d ON d.id = m.drawing_id ORDER BY m.id"
    ) == [1, 2]
    assert city.column("SELECT state FROM draft") == ["published"]
    payload = city.one("SELECT payload FROM ledger_entry WHERE act = 'scene.published'")
    assert '"version":2' in payload and "按新规调整" in payload
    city.send(new)
    city.sign_and_route(new, "police")
    city.answer(new, "police")
    assert (
        city.one("SELECT name FROM task WHERE matter_id = %s AND element = 'check' AND state = 'open'", new)
        == "核验与登记"
    )
    assert city.open_tasks(old) == [("court", "draft")]


def test_called_process_is_pinned_in_a_matter(city):
    """A drawing calls another process of its file: matters go through it as it was when they were opened, also after
    the called process was changed and published."""
    from lianban.actions.complete_task import complete_task

    assert save(city, with_call()).examined.errors == 0
    publish(city, 1)
    old = city.open()
    save(city, with_call(step="合议"), base=2)
    assert publish(city, 1).number == 3
    new = city.open()
    names = [
        city.one("SELECT name FROM task WHERE matter_id = %s AND state = 'open'", matter)
        for matter in (old, new)
    ]
    assert names == ["复核", "合议"]
    for matter in (old, new):
        assert city.open_tasks(matter) == [("court", "before/review_step")]
        with city.acting_as("court.clerk", MONDAY) as acting:
            complete_task(acting, city.task(matter, "before/review_step"), {"summary": "已复核。"})
        assert city.open_tasks(matter) == [("court", "draft")]


def test_error_in_a_called_process_is_shown_at_its_element(city):
    """What is wrong in the called process stands at the element that the editor has drawn."""
    saved = save(city, with_call().replace(
        '<zeebe:formDefinition formId="archive" /><zeebe:assignmentDefinition', '<zeebe:formDefinition formId="nowhere" /><zeebe:assignmentDefinition', 1,
    ))  # fmt: skip
    assert [(one.element, one.code) for one in saved.examined.findings if one.severity == "error"] == [
        ("review_step", "unknown-name")
    ]


def test_errors_are_not_published(city):
    """With an error nothing goes live, and the first one is named."""
    from lianban.actions.errors import DraftHasErrors

    save(city, WRONG_ROLE)
    before = city.digests()
    with pytest.raises(DraftHasErrors, match="juge@lead") as found:
        publish(city, 1)
    assert city.digests() == before
    assert "“审批”：角色“juge@lead”不存在" in found.value.text("zh") and found.value.found["count"] == 1


def test_reason_is_required(city):
    """Who publishes says why."""
    from lianban.actions.errors import WithoutReason

    save(city, RENAMED)
    refused(city, WithoutReason, lambda: publish(city, 1, reason=" "))


def test_publishing_what_nobody_read(city):
    """The revision whose report was read is published, not one saved since; and nothing that is live already."""
    from lianban.actions.errors import DraftConflict, DraftGone, NothingToPublish

    refused(city, DraftGone, lambda: publish(city, 1))
    save(city, RENAMED)
    save(city, SOURCE, 1)
    refused(city, DraftConflict, lambda: publish(city, 1))
    refused(city, NothingToPublish, lambda: publish(city, 2))


def test_layout_alone_is_a_version(city):
    """A drawing that means the same and looks otherwise is kept as a version of its own."""
    save(city, MOVED)
    assert publish(city, 1).number == 2
    hashes = city.column("SELECT graph_hash FROM drawing WHERE scene = %s ORDER BY version", SCENE)
    assert len(hashes) == 2 and len(set(hashes)) == 1
    assert deploy(city) == []


def test_outdated_draft_is_not_published(city):
    """A draft begun before another version went live is looked at again before it replaces that version."""
    from lianban.actions.errors import DraftIsOutdated

    save(city, MOVED)
    publish(city, 1)
    save(city, RENAMED, base=1)
    refused(city, DraftIsOutdated, lambda: publish(city, 1))
    save(city, RENAMED, 1, base=2)
    assert publish(city, 2).number == 3


def test_earlier_version_again(city):
    """An earlier version goes live as a new number, with its reason; one that never was is not found."""
    from lianban.actions.errors import NothingToPublish, PublishedMeanwhile, SceneFileUnknown

    save(city, RENAMED)
    publish(city, 1)
    assert again(city, 1).number == 3
    assert city.one("SELECT bpmn FROM drawing WHERE scene = %s AND version = 3", SCENE) == SOURCE
    refused(city, NothingToPublish, lambda: again(city, 1, instead_of=3))
    refused(city, SceneFileUnknown, lambda: again(city, 9, instead_of=3))
    # Who decided while version 2 was live is told that it is not any more.
    found = refused(city, PublishedMeanwhile, lambda: again(city, 2))
    assert found.found["live"] == 3 and found.found["who"] == city.one(
        "SELECT name FROM officer WHERE username = 'court.judge'"
    )
    assert acts(city).count("scene.published_again") == 1


def test_published_is_never_changed(city):
    """Not even the owner role rewrites what was published."""
    save(city, RENAMED)
    publish(city, 1)
    with city.connect("owner") as connection:
        for statement in ("UPDATE publication SET digest = 'x'", "DELETE FROM publication"):
            with (
                pytest.raises(psycopg.errors.RaiseException, match="never changed"),
                connection.transaction(),
            ):
                connection.execute(statement)


@pytest.mark.parametrize(
    "file", ["scene.yaml", "../process.bpmn", "decisions/../x.dmn", "decisions/X.dmn", "forms/a.yaml", ""]
)
def test_other_files_are_not_edited(city, file):
    """Only the drawing and decision tables."""
    from lianban.actions.errors import SceneFileUnknown

    refused(city, SceneFileUnknown, lambda: save(city, RENAMED, file=file))


# --- tables


def test_tables_take_effect_at_once(city):
    """A published table decides for open matters from then on, and the history names the version that decided."""
    save(city, table(), base=0, file=TABLE)
    assert publish(city, 1, file=TABLE).number == 1
    save(city, with_rule_task())
    publish(city, 1)
    first = city.open()
    save(city, table(rule("r1", "&lt; 12", '"少"') + rule("r2", "&gt;= 12", '"很多"')), base=1, file=TABLE)
    publish(city, 1, file=TABLE)
    second = city.open()
    seen = city.rows("SELECT matter_id, data->>'decision', data->>'file', (data->>'version')::int FROM event"
                     " WHERE kind = 'decision.made' ORDER BY matter_id")  # fmt: skip
    assert seen == [(first, "grade", TABLE, 1), (second, "grade", TABLE, 2)]


def test_decision_in_use_stays(city):
    """A table cannot lose a decision that the live drawing asks for, nor take an id that another file has."""
    from lianban.actions.errors import DraftHasErrors

    save(city, table(), base=0, file=TABLE)
    publish(city, 1, file=TABLE)
    save(city, with_rule_task())
    publish(city, 1)
    saved = save(city, table(decision="other"), base=1, file=TABLE)
    assert [one.code for one in saved.examined.findings] == ["decision-in-use"]
    refused(city, DraftHasErrors, lambda: publish(city, 1, file=TABLE))
    saved = save(city, table(), base=0, file="decisions/twice.dmn")
    assert [(one.code, one.element) for one in saved.examined.findings] == [("decision-twice", "grade")]


def test_drawing_asks_for_a_table_that_is_not_live(city):
    """A drawing is checked against the tables that are live, not against drafts."""
    save(city, table(), base=0, file=TABLE)
    saved = save(city, with_rule_task())
    assert [(one.element, one.code) for one in saved.examined.findings] == [("grading", "unknown-name")]


# --- the folder and the pages


def test_folder_unchanged_keeps_what_is_published(city):
    """Deploying the folder again does not undo what was published on a page."""
    save(city, RENAMED)
    publish(city, 1)
    assert deploy(city) == []
    city.open()
    assert city.one("SELECT d.version FROM matter m JOIN drawing d ON d.id = m.drawing_id") == 2


def test_folder_changed_goes_live(city, folder):
    """With nothing published on a page, a changed folder is deployed as always."""
    (folder / DRAWING).write_text(RENAMED, "utf-8")
    assert deploy(city) == [(DRAWING, 2, "live")]
    assert deploy(city) == []


def test_both_changed_is_a_conflict(city, folder):
    """Changed on both sides: nothing is deployed until the operator says that the folder wins."""
    save(city, MOVED.replace("审批", "批准"))
    publish(city, 1)
    (folder / DRAWING).write_text(RENAMED, "utf-8")
    assert deploy(city) == [(DRAWING, 2, "conflict")]
    assert deploy(city, SCENE) == [(DRAWING, 3, "live")]
    assert deploy(city) == []


def test_exported_folder_goes_on(city, folder):
    """What was published and exported is the folder's; a later change of the folder is no conflict."""
    save(city, RENAMED)
    publish(city, 1)
    (folder / DRAWING).write_text(RENAMED, "utf-8")
    assert deploy(city) == []
    (folder / DRAWING).write_text(SOURCE, "utf-8")
    assert deploy(city) == [(DRAWING, 3, "live")]


def test_table_leaves_with_its_file(city, folder):
    """A table that the folder no longer has is not live any more; one that was made on a page stays."""
    from lianban.records import scenes

    (folder / "decisions").mkdir()
    (folder / TABLE).write_text(table(), "utf-8")
    assert deploy(city) == [(TABLE, 1, "live")]
    save(city, table(decision="other"), base=0, file="decisions/other.dmn")
    publish(city, 1, file="decisions/other.dmn")
    (folder / TABLE).unlink()
    (folder / "decisions").rmdir()
    assert deploy(city) == [(TABLE, 2, "withdrawn")]
    with city.acting_as("court.judge"):
        from django.db import connection

        with connection.cursor() as cursor:
            assert list(scenes.live_tables(cursor, SCENE)) == ["other.dmn"]


def test_open_order_is_carried_out_by_the_worker(city):
    """An order given on a page is carried out by the worker that finds it, once."""
    from lianban.actions.order_migration import order_migration
    from lianban.doors.jobs.worker import carry_out_orders
    from lianban.engines.migration import ElementMap

    city.open()
    save(city, RENAMED)
    publish(city, 1)
    with city.acting_as("court.judge", MONDAY + days(1)) as acting:
        order_migration(acting, SCENE, 1, 2, ElementMap(), "随新版")
    with city.as_role("worker"):
        assert carry_out_orders() == 1
        assert carry_out_orders() == 0
    assert city.rows("SELECT moved, kept, finished_at IS NOT NULL FROM drawing_migration") == [(1, 0, True)]
    assert city.one("SELECT d.version FROM matter m JOIN drawing d ON d.id = m.drawing_id") == 2
