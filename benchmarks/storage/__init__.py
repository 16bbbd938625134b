"""What an open matter with 31 letters takes on disk, with its indexes, beside the state SpiffWorkflow keeps of the same.

Real matters of the letters scene, at two moments: all letters delivered and waiting to be signed for; all signed for and
routed, 31 answers open (each branch has then two finished tasks, and timers that were disarmed). Matters are made in
rounds with a VACUUM between, as autovacuum does in a running deployment: what a matter takes is what the tables grew by
from the first round to the last, so that space which the next matter uses again is not counted, and space that nothing
uses again is. The ledger is sequenced before: its tree counts. Sizes are pg_total_relation_size: rows, indexes, TOAST.

``python -m benchmarks.storage`` prints every table and index.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.deployment import a_city, expect, sequence_and_verify, tell
from benchmarks.fan_outs import LETTERS, deliver_all, open_many, sign_and_route_all, units_asked
from benchmarks.spiff import peer
from benchmarks.table import BenchRow

PROCESS = ("scope", "token", "timer", "task")
GOAL_PROCESS, GOAL_ALL = 8.0, 40.0  # KB
# The city, the queue and sessions are not a matter's; a session is a person's day.
NOT_A_MATTERS = (
    "agency",
    "post",
    "officer",
    "officer_secret",
    "appointment",
    "access_session",
    "django_migrations",
    "drawing",
)
_TABLES = """
SELECT coalesce(pg_partition_root(c.oid)::regclass::text, c.relname), sum(pg_total_relation_size(c.oid))::bigint,
       sum(pg_indexes_size(c.oid))::bigint
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND c.relkind = 'r' GROUP BY 1
"""
_INDEXES = """
SELECT i.relname, pg_relation_size(i.oid) FROM pg_class i JOIN pg_index x ON x.indexrelid = i.oid
  JOIN pg_namespace n ON n.oid = i.relnamespace WHERE n.nspname = 'public'
"""


@dataclass(frozen=True)
class Sizes:
    """Bytes by table (all, and of that the indexes) and by index."""

    tables: dict[str, tuple[int, int]]
    indexes: dict[str, int]


@dataclass(frozen=True)
class Grown:
    """KB a matter, at one moment of its life."""

    moment: str
    tables: dict[str, tuple[float, float]]
    indexes: dict[str, float]

    @property
    def process(self) -> float:
        return sum(self.tables[table][0] for table in PROCESS)

    @property
    def everything(self) -> float:
        return sum(size for size, _ in self.tables.values())


def sizes(city: Any) -> Sizes:
    city.superuser.execute("VACUUM ANALYZE")
    tables = {
        name: (size, indexes) for name, size, indexes in city.rows(_TABLES) if name not in NOT_A_MATTERS
    }
    return Sizes(tables, dict(city.rows(_INDEXES)))


def grown(moment: str, before: Sizes, after: Sizes, count: int) -> Grown:
    def each(now: int, then: int) -> float:
        return (now - then) / count / 1024

    return Grown(
        moment,
        {name: (each(size, before.tables[name][0]), each(indexes, before.tables[name][1]))
         for name, (size, indexes) in after.tables.items()},
        {name: each(size, before.indexes[name]) for name, size in after.indexes.items()},
    )  # fmt: skip


def measure(full: bool) -> tuple[list[Grown], dict[str, float]]:
    """What a matter takes at both moments, and the peer's state in KB at the same."""
    from officials import MONDAY

    rounds, a_round = (10, 100) if full else (6, 25)
    found, made = [], 0
    with a_city("storage") as city:
        # This order: what the second kind does not do (sign, route) would otherwise be done to the first kind's matters.
        for moment, go_on in (("31 answers open", sign_and_route_all), ("delivered", _nothing)):
            city.superuser.execute("VACUUM FULL")  # the second kind starts without space left by the first
            first = None
            for number in range(rounds + 1):
                open_many(city, a_round, units_asked(city), MONDAY)
                deliver_all(city, MONDAY)
                go_on(city, MONDAY)
                while city.sequence():
                    pass
                if number == 0:
                    first = sizes(city)
            assert first is not None
            made += a_round * (rounds + 1)
            expect(city.one("SELECT count(*) FROM token"), made * (LETTERS + 1), "tokens of open matters")
            expect(city.one("SELECT count(*) FROM task WHERE state = 'open'"), made * LETTERS, "open tasks")
            found.append(grown(moment, first, sizes(city), a_round * rounds))
        sequence_and_verify(city)
    return found[::-1], {"delivered": _spiff("sign"), "31 answers open": _spiff("answer")}


def _nothing(city: Any, at: Any) -> None:
    """Letters wait to be signed for."""


def _spiff(waits_at: str) -> float:
    """KB of the peer's serialised state with 31 branches waiting at a step."""
    cases = peer.Cases(_Nowhere(), peer.letters_drawing())
    _, workflow = cases.start({"units": [f"unit_{number}" for number in range(LETTERS)]})
    before = peer.BRANCH[: peer.BRANCH.index(waits_at)]
    peer.do_until(workflow, ("draft", "approve", "seal", *before))
    expect(len(peer.ready(workflow, waits_at)), LETTERS, "open tasks of the peer")
    return len(cases.state(workflow).encode()) / 1024


class _Nowhere:
    """A connection that keeps nothing: only the text's length is asked for."""

    execute: Callable[..., None] = staticmethod(lambda *args: None)


def told(found: list[Grown], theirs: dict[str, float]) -> None:
    for at in found:
        tell(
            f"\n{at.moment}: {at.everything:.1f} KB, process rows {at.process:.1f} KB; {peer.NAME} {theirs[at.moment]:.1f} KB"
        )
        for name, (size, indexes) in sorted(at.tables.items(), key=lambda item: -item[1][0]):
            if size >= 0.05:
                tell(f"  {name:<22} {size:7.2f} KB, of which indexes {indexes:6.2f}")
        largest = sorted(at.indexes.items(), key=lambda item: -item[1])[:30]
        tell("  " + ", ".join(f"{name} {size:.2f}" for name, size in largest if size >= 0.05))


def rows(full: bool) -> list[BenchRow]:
    found, theirs = measure(full)
    told(found, theirs)
    made = []
    for at in found:
        data = f"matter with {LETTERS} letters, {at.moment}, with indexes"
        state = theirs[at.moment]
        made += [
            BenchRow(
                "An open matter on disk: process rows", data, f"{peer.NAME}: {state:.0f} KB of serialised state",
                f"{at.process:.1f} KB (scope, token, timer, task)", at.process / state, f"≤ {GOAL_PROCESS:.0f} KB",
                at.process <= GOAL_PROCESS,
            ),
            BenchRow(
                "An open matter on disk: everything", data, f"{peer.NAME}: {state:.0f} KB, state alone",
                f"{at.everything:.1f} KB (with letters, history, ledger)", at.everything / state,
                f"≤ {GOAL_ALL:.0f} KB", at.everything <= GOAL_ALL,
            ),
        ]  # fmt: skip
    return made
