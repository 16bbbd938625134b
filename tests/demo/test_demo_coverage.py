"""The sample city shows every state, clock and alarm of its enforcement cases, or says why it cannot."""

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
    """Every kind of record the scene lists has its tables named."""
    from lianban.records import scenes

    assert set(scenes.scene(SCENE).records) <= set(covering.FILES_OF_KIND)
