"""What the matters of a scene show now: every state of its records, every clock of the book, every alarm, and in how many matters.

The list is read from what declares it: the columns of a closed list of words from the models (choices, and CHECKs that name
their words), the clocks from the clock book and the drawing, the alarms from the clocks' verbs, the radar's days, the limits
that carry an alarm, and the forms that only a task shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models

from lianban.engines.clocks import ClockBook
from lianban.engines.clocks.moments import legal_date
from lianban.engines.measures import MeasureSettings
from lianban.engines.scenes.coverage import Coverage, Item, Sort, cover
from lianban.engines.scenes.model import Scene
from lianban.engines.scenes.stories import Stories
from lianban.records.models.matters import Matter
from lianban.records.models.measures import Measure, MeasureLimit, MeasureRenewal

# The tables of each kind of record a scene may list under `records:`, by the file of models that holds them.
FILES_OF_KIND = {
    "clocks": ("clocks",),
    "assets": ("assets",),
    "measures": ("measures",),
    "sales": ("sales",),
    "payments": ("claims", "funds", "distributions", "instalments"),
    "collaborations": ("collaborations",),
    "listings": ("listings",),
    "objections": ("objections",),
    "closing": ("closings",),
    "collisions": ("registries",),
    "letters": ("letters",),
}
ALWAYS = ("matters", "process")
RADAR = "radar"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a closed list of words, in a table of a matter's records."""

    table: str
    name: str
    words: tuple[str, ...]

    @property
    def matter(self) -> str:
        return "id" if self.table == "matter" else "matter_id"

    def item(self, word: str) -> Item:
        return Item(Sort.STATE, f"{self.table}.{self.name}={word}")


def columns(scene: Scene, stories: Stories) -> list[Column]:
    """Every column with a closed list of words, of the record kinds that the scene has; the forms' lists the stories name too."""
    files = set(ALWAYS).union(*(FILES_OF_KIND[kind] for kind in kinds_of(scene) if kind))
    found: dict[tuple[str, str], Column] = {}
    for model in apps.get_app_config("records").get_models():
        if model.__module__.rpartition(".")[2] not in files or not _of_a_matter(model):
            continue
        for name, words in _closed(model):
            found[model._meta.db_table, name] = Column(model._meta.db_table, name, words)
    for table, name, form, field in stories.listed:
        words = tuple(str(word) for word in scene.forms[form].schema["properties"][field]["enum"])
        before = found.get((table, name))
        found[table, name] = Column(
            table, name, tuple(dict.fromkeys((*(before.words if before else ()), *words)))
        )
    return list(found.values())


def _of_a_matter(model: type[models.Model]) -> bool:
    return model is Matter or any(
        field.name == "matter" and field.related_model is Matter for field in model._meta.get_fields()
    )


def _closed(model: type[models.Model]) -> Iterator[tuple[str, tuple[str, ...]]]:
    known: dict[str, tuple[str, ...]] = {}
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            known |= _named(constraint.condition)
    for field in model._meta.get_fields():
        if getattr(field, "choices", None):
            known[field.name] = tuple(str(word) for word, _ in field.choices)
    for name, words in known.items():
        yield name, tuple(word for word in words if word)


def _named(condition: Any) -> dict[str, tuple[str, ...]]:
    """The words a CHECK allows, where it says nothing else of the column than ``name IN (…)``."""
    if not isinstance(condition, models.Q) or condition.negated or condition.connector != models.Q.AND:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for child in condition.children:
        if isinstance(child, models.Q):
            found |= _named(child)
        elif child[0].endswith("__in"):
            found[child[0].removesuffix("__in")] = tuple(str(word) for word in child[1])
    return found


# The kind of record whose clocks a verb belongs to, by the first word of its name; a clock without a verb only says so.
KIND_OF_VERB = {
    "": "clocks", "measures": "measures", "payments": "payments", "collaborations": "collaborations", "leads": "collaborations",
    "listings": "listings", "closing": "closing", "registries": "collisions",
}  # fmt: skip

# Alarms that are a moment's truth and no row of their own: the kind of record ("": every scene's), and the matters that show
# it now.
STANDING = {
    "overdue:task": ("", "SELECT matter_id FROM task WHERE state = 'open' AND due_at < %(now)s"),
    "held:task": ("", "SELECT matter_id FROM task WHERE state = 'open' AND held_until > %(today)s"),
    "sent_back:task": ("", "SELECT matter_id FROM event WHERE kind = 'task.sent_back'"),
    "overdue:clock": ("clocks", "SELECT matter_id FROM clock WHERE state = 'expired'"),
    "provisional:clock": ("clocks", "SELECT matter_id FROM clock WHERE provisional"),
    "unverified:clock": ("clocks", "SELECT matter_id FROM clock WHERE unverified"),
    "overdue:excess": ("measures", """SELECT e.matter_id FROM measure_excess e JOIN clock c ON c.about = e.matter_id
                                       WHERE c.about_kind = 'measures' AND c.state = 'expired'"""),
    "overdue:payout": ("payments", "SELECT matter_id FROM task WHERE state = 'open' AND element = 'payout_overdue'"),
    "hold:long": ("payments",
                  "SELECT matter_id FROM fund_hold WHERE until IS NULL AND since < %(now)s - interval '90 days'"),
    "overdue:township": ("collaborations",
                         "SELECT matter_id FROM collaboration WHERE answered_at IS NULL AND due_on < %(today)s"),
    "overdue:removal": ("listings",
                        "SELECT matter_id FROM listing WHERE removed_at IS NULL AND removal_due_on < %(today)s"),
    "overdue:lift": ("listings",
                     "SELECT matter_id FROM consumption_limit WHERE lifted_at IS NULL AND lift_due_on < %(today)s"),
    "barred:asset": ("objections",
                     "SELECT matter_id FROM objection WHERE bars AND (bars_until IS NULL OR bars_until >= %(today)s)"),
    "overdue:query": ("closing", "SELECT matter_id FROM terminated_query WHERE done_at IS NULL AND due_on < %(today)s"),
    "overdue:finish": ("closing", "SELECT matter_id FROM closing WHERE closed_on > legal_end_on"),
    "overdue:letter": ("letters", "SELECT matter_id FROM letter WHERE answered_at IS NULL AND due_at < %(now)s"),
    "reminded:letter": ("letters", "SELECT matter_id FROM reminder WHERE kind = 'remind'"),
    "supervised:letter": ("letters", "SELECT matter_id FROM reminder WHERE kind = 'supervise'"),
}  # fmt: skip


def coverage(
    cursor: Any, scene: Scene, stories: Stories, book: ClockBook, verbs: Mapping[str, tuple[bool, bool]], now: datetime
) -> Coverage:  # fmt: skip
    """Everything there is to show of the scene, and in how many matters the reader of ``cursor`` sees it.

    ``verbs``: of each verb of a clock, whether it does something when it warns and when it ends.
    """
    counted: dict[Item, int] = {}
    for column in columns(scene, stories):
        counted |= {column.item(word): 0 for word in column.words}
        counted |= _counts(cursor, column, scene)
    counted |= _clocks(cursor, scene, book)
    kinds = kinds_of(scene)
    alarms = _of_verbs(cursor, scene, {name: does for name, does in verbs.items() if _kind_of(name) in kinds})
    if "measures" in kinds:
        alarms |= _radar(cursor, scene, now) | _measures(cursor, scene) | _limits(cursor, scene)
    alarms |= _tasks(cursor, scene) | _standing(cursor, scene, kinds, now)
    counted |= {Item(Sort.ALARM, code): count for code, count in alarms.items()}
    return cover(counted, counted, stories.not_shown)


def kinds_of(scene: Scene) -> set[str]:
    """The kinds of records its matters have; letters where it has kinds of letters."""
    return {"", *scene.records, *(("letters",) if scene.letters else ())}


def _kind_of(verb: str) -> str:
    return KIND_OF_VERB[verb.partition(".")[0]]


def _counts(cursor: Any, column: Column, scene: Scene) -> dict[Item, int]:
    # The names come from our own models and are checked against them when the stories are read.
    cursor.execute(
        f"""SELECT t.{column.name}::text, count(DISTINCT t.{column.matter}) FROM {column.table} t
              JOIN matter m ON m.id = t.{column.matter} WHERE m.scene = %s GROUP BY 1""",  # noqa: S608
        [scene.name],
    )
    return {column.item(word): count for word, count in cursor.fetchall() if word in column.words}


def _clocks(cursor: Any, scene: Scene, book: ClockBook) -> dict[Item, int]:
    """Every clock of the book that bears the scene's name or that it declares, on a record or on a task of the drawing."""
    codes = dict.fromkeys(rule.code for rule in book if rule.code.startswith(f"{scene.name}."))
    codes |= dict.fromkeys((*scene.clocks, *(rule.code for rule in scene.clock_rules)))
    steps = {
        node.id: node.properties["clock"]
        for node in scene.process.graph.nodes.values()
        if "clock" in node.properties
    }
    cursor.execute(
        """SELECT s.code, count(DISTINCT s.matter_id) FROM (
               SELECT code, matter_id FROM clock
                UNION ALL
               SELECT d.code, t.matter_id FROM task t JOIN unnest(%s::text[], %s::text[]) AS d(element, code) USING (element)
           ) s JOIN matter m ON m.id = s.matter_id WHERE m.scene = %s GROUP BY 1""",
        [list(steps), list(steps.values()), scene.name],
    )
    found = dict(cursor.fetchall())
    return {Item(Sort.CLOCK, code): found.get(code, 0) for code in codes}


def _of_verbs(cursor: Any, scene: Scene, verbs: Mapping[str, tuple[bool, bool]]) -> dict[str, int]:
    """What clocks do when they warn and when they end; ``warned:`` and ``expired:`` are those that only say so."""
    cursor.execute(
        """SELECT c.verb, count(DISTINCT c.matter_id) FILTER (WHERE e.matter_id IS NOT NULL),
                  count(DISTINCT c.matter_id) FILTER (WHERE c.state = 'expired')
             FROM clock c JOIN matter m ON m.id = c.matter_id
             LEFT JOIN (SELECT DISTINCT matter_id, data ->> 'clock' AS code FROM event WHERE kind = 'clock.warned') e
                    ON e.matter_id = c.matter_id AND e.code = c.code
            WHERE m.scene = %s GROUP BY 1""",
        [scene.name],
    )
    found = {verb: (warned, ended) for verb, warned, ended in cursor.fetchall()}
    counts: dict[str, int] = {}
    plain = {"": (True, True)} if "clocks" in scene.records else {}
    for verb, (warns, ends) in {**plain, **verbs}.items():
        warned, ended = found.get(verb, (0, 0))
        counts |= {f"warned:{verb}": warned} if warns else {}
        counts |= {f"expired:{verb}": ended} if ends else {}
    return counts


def _radar(cursor: Any, scene: Scene, now: datetime) -> dict[str, int]:
    """The radar's days, each up to the next nearer one, and how the renewals of those stand."""
    days = sorted(MeasureSettings().radar_days)
    bands = list(zip([-1, *days], days, strict=False))
    cursor.execute(
        """SELECT b.most, r.state, count(DISTINCT s.matter_id)
             FROM measure s JOIN matter m ON m.id = s.matter_id
             JOIN unnest(%(low)s::int[], %(high)s::int[]) AS b(least, most)
               ON s.ends_on - %(today)s::date > b.least AND s.ends_on - %(today)s::date <= b.most
             LEFT JOIN LATERAL (SELECT state FROM measure_renewal WHERE measure_id = s.id ORDER BY round DESC LIMIT 1) r ON true
            WHERE m.scene = %(scene)s AND s.state IN ('effective', 'waiting') GROUP BY 1, 2""",
        {"low": [low for low, _ in bands], "high": days, "today": legal_date(now), "scene": scene.name},
    )
    counts = {f"{RADAR}:{day}": 0 for day in reversed(days)}
    # A served renewal has moved the end: what is near the end again has none yet.
    states = ("none", *(word for word in MeasureRenewal.State.values if word != "served"))
    counts |= {f"{RADAR}:{state}": 0 for state in states}
    for most, state, count in cursor.fetchall():
        counts[f"{RADAR}:{most}"] += count
        if (renewal := state or "none") in states:
            counts[f"{RADAR}:{renewal}"] += count
    return counts


def _measures(cursor: Any, scene: Scene) -> dict[str, int]:
    """What the database says of measures by itself (``measures.sql``): the new state, a promotion, a term, an excess."""
    said = [f"measures.{word}" for word in Measure.State.values if word != "ordered"]
    said += ["measures.promoted", "measures.term", "measures.excess", "measures.excess_over"]
    return _by(
        cursor, scene, said, "SELECT kind AS word, matter_id FROM event WHERE kind = ANY(%(words)s)", ""
    )


def _limits(cursor: Any, scene: Scene) -> dict[str, int]:
    """The limits that carry an alarm, such as a housing fund whose category is unsettled."""
    kinds = list(
        MeasureLimit.objects.exclude(alarm_zh="").order_by("asset").values_list("asset", flat=True).distinct()
    )
    query = "SELECT asset_kind AS word, matter_id FROM measure WHERE asset_kind = ANY(%(words)s)"
    return _by(cursor, scene, kinds, query, "limit:")


def _tasks(cursor: Any, scene: Scene) -> dict[str, int]:
    """The forms that no act shows: what the drawing, another agency's answer or an alarm puts on a desk."""
    of_acts = {act.form for act in scene.acts.values()} | {scene.matter_form}
    wanted = [name for name in scene.forms if name not in of_acts]
    query = "SELECT form AS word, matter_id FROM task WHERE form = ANY(%(words)s)"
    return _by(cursor, scene, wanted, query, "task:")


def _standing(cursor: Any, scene: Scene, kinds: set[str], now: datetime) -> dict[str, int]:
    counts = {}
    for code, (kind, query) in STANDING.items():
        if kind not in kinds:
            continue
        cursor.execute(
            f"SELECT count(DISTINCT s.matter_id) FROM ({query}) s JOIN matter m ON m.id = s.matter_id"  # noqa: S608
            " WHERE m.scene = %(scene)s",
            {"now": now, "today": legal_date(now), "scene": scene.name},
        )
        counts[code] = int(cursor.fetchone()[0])
    return counts


def _by(cursor: Any, scene: Scene, words: Sequence[str], query: str, head: str) -> dict[str, int]:
    cursor.execute(
        f"SELECT s.word, count(DISTINCT s.matter_id) FROM ({query}) s JOIN matter m ON m.id = s.matter_id"  # noqa: S608
        " WHERE m.scene = %(scene)s GROUP BY 1",
        {"words": list(words), "scene": scene.name},
    )
    found = dict(cursor.fetchall())
    return {f"{head}{word}": found.get(word, 0) for word in words}
