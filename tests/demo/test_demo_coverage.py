"""The sample city shows every state, clock and alarm of its cases and of its letters, or says why it cannot."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.apps import apps

from lianban.engines.scenes.coverage import Sort
from lianban.records import coverage as covering

# A Tuesday morning; what the city shows must not hang on the day on which it is made, but a test is the same every day.
NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
# As small as it can be made: as many matters of each story as it takes to tell all of it.
SMALLEST = 0.0001
SCENE = "enforcement"
# In all registries of the test; the demo's have ten times as many.
ROWS = 32_000
# Tables of a matter that hold nothing a scene's page shows in a state: identifiers, history, papers, imports, queries.
NOT_COUNTED = {"agencies", "history", "papers", "imports", "migrations"}


@pytest.fixture
def living(city, monkeypatch):
    """The smallest city, not yet lived."""
    from lianban.doors.cli import officers
    from lianban.doors.cli.living import Living

    monkeypatch.setattr(officers, "_keys", {})
    return Living(SCENE, "court.clerk", SMALLEST, now=NOW)


def lived(city, living):
    """Live it, with the worker's part between and after; what it then shows."""
    from lianban.doors.cli.coverage import coverage_of
    from lianban.doors.jobs.worker import catch_up

    def worker(at: datetime) -> None:
        with city.as_role("worker"):
            catch_up(at)

    living.live(between=worker)
    worker(NOW)
    return coverage_of(SCENE, "court.judge", now=NOW)


def test_city_shows_everything_or_says_why(city, living):
    """No state, clock or alarm is missing; no exception is needless; every story is told in full by few matters."""
    found = lived(city, living)
    assert [line.item.code for line in found.missing] == []
    assert found.needless == ()
    for sort in Sort:
        shown, wanted = found.shown(sort)
        assert shown == wanted > 50, (sort, shown, wanted)
    assert living.total == city.one("SELECT count(*) FROM matter")
    # The worker warned, and what ended in the weeks between ended by its own clock.
    assert city.one("SELECT count(*) FROM event WHERE kind = 'clock.warned'") > 10
    assert city.one("SELECT count(*) FROM clock WHERE verb = 'measures.lapse' AND state = 'expired'") > 0
    assert city.one("SELECT count(*) FROM clock WHERE next_at <= %s", NOW) == 0


def test_city_misses_what_no_story_tells(city, living):
    """With one story alone nearly everything is missing, and named; what is excused is not."""
    stories = living.stories
    living.stories = type(stories)(
        stories.scene, stories.city, stories.seed,
        tuple(story for story in stories.stories if story.code == "frozen"), stories.listed, stories.not_shown,
    )  # fmt: skip
    found = lived(city, living)
    missing = {line.item.code for line in found.missing}
    assert {
        "measure.state=released",
        "enforcement.delivery",
        "measures.lapsed",
        "closing.mode=terminated",
    } <= missing
    assert {"measure.state=effective", "enforcement.freeze_deposit"} & missing == set()
    assert missing & set(stories.not_shown) == set()


@pytest.fixture
def registries(city, tmp_path, monkeypatch):
    """The city's registries with the people of the demo in them, small, indexed and enrolled. They speak of now."""
    from django.conf import settings
    from django.db import connections, transaction

    from lianban.actions.build_registries import build_registries
    from lianban.doors.cli import doubts, officers
    from lianban.engines.matching.synthetic import make_registries
    from lianban.engines.scenes.city import load_city
    from lianban.records import registries

    monkeypatch.setattr(officers, "_keys", {})
    monkeypatch.setattr(settings, "REGISTRY_DATA", tmp_path / "tables")
    monkeypatch.setattr(settings, "DATA_FOLDER", tmp_path)
    made = load_city(settings.SCENES / "city.yaml")
    now = datetime.now(UTC)
    registries.close_index()
    make_registries(made, settings.REGISTRY_DATA, at=now, rows=ROWS, people=doubts.known_people(made))
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        build_registries(cursor, now)
    yield
    registries.close_index()


def test_city_shows_everything_of_letters_or_says_why(city, registries):
    """Letters on their way, those of the stories, doubtful hits, the main job and the night's query: nothing is missing."""
    from lianban.doors.cli import collide, main_job
    from lianban.doors.cli.coverage import coverage_of
    from lianban.doors.cli.living import Living
    from lianban.doors.jobs.worker import catch_up

    demonstration = main_job.Demonstration()
    made = main_job.leave_on_their_way(demonstration)
    living = Living("assistance", "court.clerk", SMALLEST)
    living.live()
    handled = main_job.handle_one(demonstration, lambda zh, en: None)
    night = collide.night()
    with city.as_role("worker"):
        catch_up()
    found = coverage_of("assistance", "court.judge")
    assert [line.item.code for line in found.missing] == []
    assert found.needless == ()
    assert found.shown(Sort.STATE)[1] > 30
    assert city.one("SELECT count(*) FROM matter") == made + living.total + 1
    assert (handled.letters, night["courts"], night["refused"]) == (31, 1, 0)
    assert night["collisions"] > 0
    # What the court cannot see is there all the same, for those who can: each kind of hit a person has to decide.
    decided = set(city.rows("SELECT DISTINCT kind, state FROM collision_hit WHERE kind <> 'exact'"))
    assert decided >= {
        (kind, state)
        for kind in ("name_differs", "name_missing", "name_only")
        for state in ("confirmed", "rejected", "pending")
    }
    assert city.one("SELECT count(*) FROM answer_read WHERE recalled_at IS NOT NULL") == 1


def test_coverage_reads_every_table_of_a_matter():
    """A new table of a matter belongs to a kind of record that is counted, or is named here as one that is not."""
    counted = {name for files in covering.FILES_OF_KIND.values() for name in files} | set(covering.ALWAYS)
    files = {
        model.__module__.rpartition(".")[2]
        for model in apps.get_app_config("records").get_models()
        if covering._of_a_matter(model)
    }
    assert files - counted - NOT_COUNTED == set()


def test_coverage_reads_states_from_choices_and_checks():
    """A column's words come from its choices, or from a CHECK that names them."""
    from lianban.records.models.collaborations import Collaboration
    from lianban.records.models.measures import Measure

    assert "lapsed" in dict(covering._closed(Measure))["state"]
    assert set(dict(covering._closed(Collaboration))["rating"]) == {"good", "fair", "to_improve"}


def test_verbs_of_clocks_belong_to_a_kind():
    """A new verb of a clock belongs to a kind of record, or its alarms would be asked of no scene."""
    from lianban.actions import abilities

    abilities.load()
    assert {name.partition(".")[0] for name in abilities.CLOCK_VERBS} <= set(covering.KIND_OF_VERB)
    assert set(covering.KIND_OF_VERB.values()) <= set(covering.FILES_OF_KIND)


def test_closed_lists_are_all_of_known_kinds_of_records():
    """Every kind of record a scene lists has its tables named."""
    from lianban.records import scenes

    for scene in scenes.scenes().values():
        assert set(scene.records) <= set(covering.FILES_OF_KIND)


def test_every_told_scene_is_asked():
    """Without a name the command asks about every scene that has stories."""
    from lianban.doors.cli.coverage import told

    assert set(told()) == {"assistance", "enforcement"}
