"""The database and the engine say the same of every measure, whatever happened: two courts, one thing, any order of acts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from measure_city import OTHER, at
from measure_making import BOOK, LIMITS
from officials import in_the_city

from lianban.engines.measures import (
    Answer,
    Asset,
    LegalBasis,
    Measure,
    MeasureKind,
    Outcome,
    Renewal,
    RenewalState,
    State,
    longest_end,
    stand,
)

FIRST = date(2026, 3, 2)
FAMILIES = {"deposit": 1, "vehicle": 2, "immovable": 3}


@pytest.fixture(scope="module")
def standing_city(database_server, city_database, database_copies, django_db_blocker):
    """One city for all examples: each takes a thing of its own."""
    from measure_city import FAR, Holding, second_court

    with in_the_city(database_server, city_database, database_copies, django_db_blocker) as city:
        city.superuser.execute(
            "UPDATE lianban.setting SET value = %s WHERE name = 'act_ahead_minutes'", [FAR]
        )
        second_court(city)
        made = Holding(city)
        yield made, (made.matter(10**12), made.matter(10**12, by=f"{OTHER}.clerk"))


@dataclass
class Queue:
    """One thing at one unit: every act is done in the database and in the engine's values alike."""

    connection: psycopg.Connection
    matters: tuple[UUID, UUID]
    kind: str
    key: str = field(default_factory=lambda: uuid4().hex)
    now: datetime = field(default_factory=lambda: at(FIRST))
    measures: dict[UUID, Measure] = field(default_factory=dict)
    assets: dict[int, UUID] = field(default_factory=dict)
    renewal: dict[UUID, UUID] = field(default_factory=dict)
    courts: dict[UUID, int] = field(default_factory=dict)

    def run(self, query: str, *values) -> None:
        with self.connection.transaction():
            self.connection.execute(query, values)

    def asset(self, court: int) -> UUID:
        if court not in self.assets:
            self.assets[court] = uuid4()
            self.run(
                """INSERT INTO asset (id, matter_id, lead_agency_id, kind, unit_agency_id, key, name, value_fen, share_numerator,
                       share_denominator, encumbrance_fen, divisible, details, found_by, occurred_at, recorded_at)
                   SELECT %s, m.id, m.lead_agency_id, %s, (SELECT id FROM agency WHERE code = 'central_bank'), %s, 'x', 100, 1, 1,
                          0, true, '{}', 'other', %s, %s FROM matter m WHERE m.id = %s""",
                self.assets[court], self.kind, self.key, self.now, self.now, self.matters[court],
            )  # fmt: skip
        return self.assets[court]

    # --- acts: ``pick`` chooses among the measures there are

    def order(self, court: int, printed: int | None) -> None:
        key, day = uuid4(), self.now.date()
        end = day + timedelta(days=printed) if printed else None
        values = Measure(
            str(key),
            str(court),
            "bank",
            Asset(self.key, self.kind, 100),
            MeasureKind.FREEZE,
            LegalBasis.ENFORCEMENT,
            day,
            50,
            end,
        )
        if end is not None and end > longest_end(BOOK, LIMITS, values, day).legal_date:
            end = None
        self.run(
            """INSERT INTO measure (id, matter_id, lead_agency_id, asset_id, kind, basis, claim, facts, ordered_on, ordered_at,
                                    ceiling_fen, printed_end, number, sent_at, changed_at)
               SELECT %s, m.id, m.lead_agency_id, %s, 'freeze', 'enforcement', 'ordinary', '{}', %s, %s, 50, %s, 'n', %s, %s
                 FROM matter m WHERE m.id = %s""",
            key, self.asset(court), day, self.now, end, self.now, self.now, self.matters[court],
        )  # fmt: skip
        self.measures[key] = replace(values, printed_end=end)
        self.courts[key] = court

    def serve(self, pick: int) -> None:
        waiting = [key for key, one in self.measures.items() if one.served_at is None]
        if waiting:
            key = waiting[pick % len(waiting)]
            self.run(
                "UPDATE measure SET served_at = %s, changed_at = %s WHERE id = %s", self.now, self.now, key
            )
            self.measures[key] = self.measures[key].served(self.now)

    def served(self) -> list[UUID]:
        return [key for key, one in self.measures.items() if one.served_at is not None]

    def answer(self, pick: int, outcome: Outcome, rank: int | None) -> None:
        if served := self.served():
            key = served[pick % len(served)]
            self.run(
                """INSERT INTO measure_answer (id, measure_id, outcome, amount_fen, rank, remark, received_at, recorded_at)
                   VALUES (%s, %s, %s, 40, %s, '', %s, %s)""", uuid4(), key, outcome.value, rank, self.now, self.now,
            )  # fmt: skip
            self.measures[key] = self.measures[key].answered(Answer(self.now, outcome, 40, rank))

    def draft(self, pick: int, days: int) -> None:
        """Draft, sign and send the renewal of a live one; the database refuses what the engine refuses."""
        from lianban.engines.measures import renewal_for
        from lianban.engines.measures.errors import RenewalRefused

        served = [key for key in self.served() if key not in self.renewal]
        if not served:
            return
        key = served[pick % len(served)]
        standing = self.engine().of(str(key))
        printed = (
            standing.ends_on + timedelta(days=days)
            if standing.ends_on
            else self.now.date() + timedelta(days=days)
        )
        insert = """INSERT INTO measure_renewal (id, measure_id, ordered_on, printed_end, number, reason, state, drafted_at,
                        changed_at) VALUES (%s, %s, %s, %s, '', '', 'drafted', %s, %s)"""
        renewal = uuid4()
        try:
            renewal_for(BOOK, LIMITS, standing, self.now.date(), printed)
        except RenewalRefused:
            with pytest.raises(psycopg.errors.RaiseException):
                self.run(insert, renewal, key, self.now.date(), printed, self.now, self.now)
            return
        self.run(insert, renewal, key, self.now.date(), printed, self.now, self.now)
        self.run("UPDATE measure_renewal SET state = 'signed', number = 'n', signed_at = %s, changed_at = %s WHERE id = %s",
                 self.now, self.now, renewal)  # fmt: skip
        self.run("UPDATE measure_renewal SET state = 'sent', sent_at = %s WHERE id = %s", self.now, renewal)
        self.renewal[key] = renewal
        self.measures[key] = self.measures[key].renewed(
            Renewal(self.now.date(), RenewalState.SENT, printed_end=printed)
        )

    def serve_renewal(self, pick: int) -> None:
        if not self.renewal:
            return
        key = list(self.renewal)[pick % len(self.renewal)]
        self.run("UPDATE measure_renewal SET state = 'served', served_at = %s, changed_at = %s WHERE id = %s",
                 self.now, self.now, self.renewal.pop(key))  # fmt: skip
        last = self.measures[key].renewals[-1]
        self.measures[key] = self.measures[key].renewed(
            replace(last, state=RenewalState.SERVED, served_at=self.now)
        )

    def release(self, pick: int) -> None:
        live = [
            key
            for key in self.served()
            if self.engine().of(str(key)).state in (State.EFFECTIVE, State.WAITING)
        ]
        if live:
            key, release = live[pick % len(live)], uuid4()
            self.run(
                """INSERT INTO measure_release (id, measure_id, ground, reason, number, ordered_at, changed_at)
                   VALUES (%s, %s, 'other', 'x', 'n', %s, %s)""", release, key, self.now, self.now,
            )  # fmt: skip
            self.run(
                "UPDATE measure_release SET arrived_at = %s, changed_at = %s WHERE id = %s",
                self.now,
                self.now,
                release,
            )
            self.measures[key] = self.measures[key].released(self.now)

    def wait(self, days: int) -> None:
        self.now += timedelta(days=days, hours=days % 7)
        self.run("SELECT lianban.stand_due(%s, 1000)", self.now)

    # --- comparing

    def engine(self):
        return stand(BOOK, LIMITS, self.measures.values(), self.now)

    def compare(self) -> None:
        queue = self.engine()
        rows = self.connection.execute(
            "SELECT id, state, rank, effective_from, ends_on, computed_end, ended_at, notes, asset_kind FROM measure"
            " WHERE asset_key = %s", [self.key],
        ).fetchall()  # fmt: skip
        assert len(rows) == len(self.measures)
        effective = 0
        for key, state, rank, since, ends_on, computed, ended, notes, kind in rows:
            want = queue.of(str(key))
            if want.state is State.ORDERED:
                assert (state, rank, since, ends_on) == ("ordered", None, None, None)
                continue
            assert (state, rank, since, ends_on, computed, ended) == (
                want.state.value, want.rank, want.effective_from, want.ends_on, want.computed_end, want.ended_at
            ), (key, want)  # fmt: skip
            assert set(notes) == set(want.notes)
            effective += state == "effective"
            if ends_on is not None and self.measures[key].renewals == () and state == "effective":
                assert ends_on <= since.astimezone(at(FIRST).tzinfo).date().replace(
                    year=since.year + FAMILIES[kind]
                ) + timedelta(days=1)
        assert effective <= 1, "two are first on one thing"
        for court in self.assets:
            counted = self.connection.execute(
                "SELECT coalesce(sum(lianban.net_of(m)), 0) FROM measure m WHERE m.asset_key = %s AND m.matter_id = %s",
                [self.key, self.matters[court]],
            ).fetchone()[0]  # fmt: skip
            assert counted == sum(one.net_fen for one in queue.standings if one.measure.matter == str(court))


ACTS = st.one_of(
    st.tuples(st.just("order"), st.integers(0, 1), st.one_of(st.none(), st.integers(1, 1200))),
    st.tuples(st.just("serve"), st.integers(0, 9)),
    st.tuples(st.just("answer"), st.integers(0, 9), st.sampled_from(list(Outcome)), st.one_of(st.none(), st.integers(1, 4))),
    st.tuples(st.just("draft"), st.integers(0, 9), st.integers(-10, 1200)),
    st.tuples(st.just("serve_renewal"), st.integers(0, 9)),
    st.tuples(st.just("release"), st.integers(0, 9)),
    st.tuples(st.just("wait"), st.integers(0, 500)),
)  # fmt: skip


@settings(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(kind=st.sampled_from(list(FAMILIES)), acts=st.lists(ACTS, min_size=4, max_size=24))
def test_database_stands_where_the_engine_says(standing_city, kind, acts):
    """After every act: the same state, rank, moment of effect, end, longest end, notes; at most one is first."""
    made, matters = standing_city
    queue = Queue(made.city.superuser, matters, kind)
    queue.order(0, None)
    for name, *values in acts:
        getattr(queue, name)(*values)
        queue.compare()


def test_database_stands_in_a_long_story(standing_city):
    """Hundreds of acts on one queue, from a seed: promotions after lapses, releases, renewals in time and too late."""
    import random

    made, matters = standing_city
    draw = random.Random(20261124)
    queue = Queue(made.city.superuser, matters, "deposit")
    seen: set[str] = set()
    for _ in range(260):
        act = draw.choice(
            [
                "order",
                "serve",
                "serve",
                "answer",
                "draft",
                "serve_renewal",
                "serve_renewal",
                "release",
                "wait",
                "wait",
            ]
        )
        match act:
            case "order":
                queue.order(draw.randrange(2), draw.choice([None, 200, 360]))
            case "answer":
                queue.answer(
                    draw.randrange(99),
                    draw.choice([Outcome.DONE, Outcome.DONE, Outcome.WAITING]),
                    draw.choice([None, 1, 2]),
                )
            case "draft":
                queue.draft(draw.randrange(99), draw.choice([100, 300, 365]))
            case "wait":
                queue.wait(draw.choice([1, 5, 40, 90]))
            case _:
                getattr(queue, act)(draw.randrange(99))
        queue.compare()
        seen |= {one.state.value for one in queue.engine().standings}
    assert seen >= {"effective", "waiting", "released", "lapsed"}
    told = made.city.column("SELECT DISTINCT kind FROM outbox")
    assert {
        "measures.effective",
        "measures.promoted",
        "measures.lapsed",
        "measures.released",
        "measures.term",
    } <= set(told)
