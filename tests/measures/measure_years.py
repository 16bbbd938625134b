"""Years of control through the database, day by day, with leave and holidays, and a referee that shares no code with it.

Measures of two courts are served, printed short or long, renewed in batches or let go; judges go on leave and hand their post
over; the worker looks each working morning. The referee knows the leaves and the calendar of holidays, and notes each day which
decision was put on whose desk: a lapse is *announced* if, a week or more before it, its decision lay on the desk of somebody at
work. Over-freezes are planted with the day on which they come about, beside decoys that only look so.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from measure_city import OTHER, Holding, at

from lianban.actions.acting import Acting
from lianban.actions.follow_measures import follow_measures
from lianban.actions.renew_measure import renew_measures
from lianban.actions.run_clocks import run_clocks
from lianban.actions.sign_renewals import sign_renewals
from lianban.engines.clocks import Calendar

FIRST = date(2023, 12, 1)
WEEK = timedelta(days=7)
KINDS = (("deposit", 1), ("deposit", 1), ("vehicle", 2), ("immovable", 3))
JUDGES = ("court.judge", f"{OTHER}.judge")


@dataclass
class Years:
    """What the referee found."""

    measures: int
    days: int
    served: int = 0
    renewed: int = 0
    lapses: int = 0
    unannounced: int = 0
    outlived: int = 0
    planted: int = 0
    found: int = 0
    false_alarms: int = 0
    seconds: float = 0.0
    missed: list[UUID] = field(default_factory=list)


def live(holding: Holding, measures: int, days: int, seed: int = 20261124, naive: bool = False) -> Years:
    """Run so many measures through so many days. ``naive``: leaves are not told to anybody, as in a court without handing
    over a post; the referee is then seen to find what it looks for."""
    run = _Run(holding, random.Random(seed), measures, days, naive)
    begun = time.monotonic()
    run.prepare()
    for number in range(days):
        run.day(FIRST + timedelta(days=number))
    report = run.judge()
    report.seconds = time.monotonic() - begun
    return report


class _Run:
    def __init__(self, holding: Holding, draw: random.Random, measures: int, days: int, naive: bool) -> None:
        self.holding, self.draw, self.naive = holding, draw, naive
        self.report = Years(measures, days)
        self.last = FIRST + timedelta(days=days - 1)
        self.calendar = Calendar.standard()
        self.leaves: dict[str, list[tuple[date, date]]] = {}
        self.service: dict[date, list[tuple[UUID, bool]]] = {}
        self.excess: dict[UUID, date] = {}
        self.clean: set[UUID] = set()
        self.release: dict[date, list[UUID]] = {}
        self.desks: dict[UUID, list[tuple[date, UUID | None, UUID]]] = {}
        self.officers: dict[UUID, str] = {}
        self.served_on: dict[UUID, tuple[date, int]] = {}
        self.let_go: set[UUID] = set()

    # --- the world

    def prepare(self) -> None:
        city, draw = self.holding.city, self.draw
        start = at(FIRST - timedelta(days=40))
        matters = {
            judge: [self.holding.matter(10**11, by=judge.replace("judge", "clerk"), when=start) for _ in range(max(self.report.measures // 60, 2))]
            for judge in JUDGES
        }  # fmt: skip
        for judge in JUDGES:
            self.officers[city.officer(judge)] = judge
            self._leave(judge)
        for _ in range(self.report.measures):
            judge = draw.choice(JUDGES)
            kind, years = draw.choice(KINDS)
            ordered = FIRST + timedelta(days=draw.randrange(self.report.days - 30))
            longest = ordered.replace(year=ordered.year + years, day=min(ordered.day, 28))
            printed = min(
                ordered + timedelta(days=draw.randrange(40, min(360 * years, self.report.days))), longest
            )
            measure = self._order(
                judge, draw.choice(matters[judge]), kind, ordered, printed if draw.random() < 0.7 else longest
            )
            served = ordered + timedelta(days=draw.randrange(4))
            self.service.setdefault(served, []).append((measure, True))
            self.served_on[measure] = (served, years)
        self._plant()

    def _leave(self, judge: str) -> None:
        """Some four leaves a year, from a day to five weeks, now and then for three months; the clerk stands in, by a
        delegation (unless naive)."""
        city, draw = self.holding.city, self.draw
        self.leaves[judge] = []
        cursor = FIRST
        while cursor < self.last:
            begin = cursor + timedelta(days=draw.randrange(30, 120))
            end = begin + timedelta(
                days=draw.randrange(35) if draw.random() < 0.7 else draw.randrange(75, 100)
            )
            self.leaves[judge].append((begin, end))
            cursor = end + timedelta(days=1)
            if not self.naive:
                city.superuser.execute(
                    """INSERT INTO delegation (id, agency_id, post_id, from_officer_id, to_officer_id, begins_at, ends_at, reason,
                           recorded_at)
                       SELECT %s, p.agency_id, p.id, f.id, t.id, %s, %s, '', %s FROM officer f, officer t, post p, agency a
                        WHERE f.username = %s AND t.username = %s AND p.agency_id = a.id AND a.code = %s AND p.code = 'judge'""",
                    [uuid4(), at(begin, 0), at(end + timedelta(days=1), 0), at(begin, 0), judge, judge.replace("judge", "clerk"),
                     judge.split(".")[0]],
                )  # fmt: skip

    def _order(self, judge: str, matter: UUID, kind: str, ordered: date, printed: date | None, key: str = "", ceiling: int = 1,
               value: int = 1) -> UUID:  # fmt: skip
        """Written as the tables take it, past the forms: the triggers check all the same."""
        city, asset, measure, when = self.holding.city, uuid4(), uuid4(), at(ordered)
        with city.superuser.transaction():
            city.superuser.execute(
                """INSERT INTO asset (id, matter_id, lead_agency_id, kind, unit_agency_id, key, name, value_fen, share_numerator,
                       share_denominator, encumbrance_fen, divisible, details, found_by, occurred_at, recorded_at)
                   SELECT %s, m.id, m.lead_agency_id, %s, (SELECT id FROM agency WHERE code = 'central_bank'), %s, 'x', %s, 1, 1, 0,
                          true, '{}', 'other', %s, %s FROM matter m WHERE m.id = %s""",
                [asset, kind, key or asset.hex, value, when, when, matter],
            )
            city.superuser.execute(
                """INSERT INTO measure (id, matter_id, lead_agency_id, asset_id, kind, basis, claim, facts, ordered_on, ordered_at,
                       ceiling_fen, printed_end, number, post_id, officer_id, sent_at, changed_at)
                   SELECT %s, m.id, m.lead_agency_id, %s, 'freeze', 'enforcement', 'ordinary', '{}', %s, %s, %s, %s, 'n',
                          (SELECT p.id FROM post p WHERE p.agency_id = m.lead_agency_id AND p.code = 'judge'),
                          (SELECT id FROM officer WHERE username = %s), %s, %s FROM matter m WHERE m.id = %s""",
                [measure, asset, ordered, when, ceiling, printed, judge, when, when, matter],
            )
        return measure

    def _plant(self) -> None:
        """Thirds of matters: over by an answer on a day; over by a promotion on a day; never over, whatever waits."""
        draw, start = self.draw, at(FIRST - timedelta(days=40))
        for number in range(max(self.report.measures // 40, 6)):
            judge, other = draw.sample(JUDGES, 2)
            matter = self.holding.matter(1000, by=judge.replace("judge", "clerk"), when=start)
            begin = FIRST + timedelta(days=draw.randrange(5, 30))
            day = begin + timedelta(days=draw.randrange(20, max(self.report.days - 60, 30)))
            base = self._order(judge, matter, "immovable", begin, None, ceiling=600, value=600)
            self.service.setdefault(begin, []).append((base, True))
            if number % 3 == 0:
                more = self._order(judge, matter, "immovable", begin, None, ceiling=600, value=600)
                self.service.setdefault(day, []).append((more, True))
                self.excess[matter] = day
                continue
            key = uuid4().hex
            rival_matter = self.holding.matter(10**9, by=other.replace("judge", "clerk"), when=start)
            rival = self._order(other, rival_matter, "immovable", begin, None, key)
            more = self._order(judge, matter, "immovable", begin, None, key, 600, 600)
            self.service.setdefault(begin, []).append((rival, True))
            self.service.setdefault(begin + timedelta(days=1), []).append((more, True))
            if number % 3 == 1:
                self.release.setdefault(day, []).append(rival)
                self.excess[matter] = day
            else:
                self.clean.add(matter)

    # --- one day

    def day(self, today: date) -> None:
        noon = at(today, 12)
        self._arrive(today)
        self._follow(at(today, 9, 30))
        self._note_desks(today)
        if self.calendar.is_working_day(today):
            for judge in JUDGES:
                self._renew(judge, noon)

    def _follow(self, when: datetime) -> None:
        with self.holding.city.as_role("worker"):
            while follow_measures(Acting(None, when)) + run_clocks(Acting(None, when)):
                pass

    def _arrive(self, today: date) -> None:
        """Orders reach the unit, renewals signed before, releases; each is answered within the hour."""
        lead, when = self.holding.city.superuser, at(today, 8)
        for measure, answered in self.service.pop(today, ()):
            with lead.transaction():
                lead.execute(
                    "UPDATE measure SET served_at = %s, changed_at = %s WHERE id = %s", [when, when, measure]
                )
                if answered:
                    lead.execute(
                        "INSERT INTO measure_answer (id, measure_id, outcome, amount_fen, remark, received_at, recorded_at)"
                        " SELECT gen_random_uuid(), m.id, 'done', a.value_fen, '', %s, %s FROM measure m"
                        " JOIN asset a ON a.id = m.asset_id WHERE m.id = %s", [when, when, measure],
                    )  # fmt: skip
            self.report.served += 1
        for measure in self.release.pop(today, ()):
            key = uuid4()
            with lead.transaction():
                lead.execute(
                    "INSERT INTO measure_release (id, measure_id, ground, reason, number, ordered_at, changed_at)"
                    " VALUES (%s, %s, 'other', 'x', 'n', %s, %s)", [key, measure, when, when],
                )  # fmt: skip
                lead.execute(
                    "UPDATE measure_release SET arrived_at = %s, changed_at = %s WHERE id = %s",
                    [when, when, key],
                )
        with lead.transaction():
            self.report.renewed += lead.execute(
                "UPDATE measure_renewal SET state = 'served', served_at = %s, changed_at = %s WHERE state = 'sent' AND sent_at < %s",
                [when, when, when],
            ).rowcount  # fmt: skip

    def _note_desks(self, today: date) -> None:
        """Which decisions lie on whose desk this morning, for those put there today or moved."""
        for about, officer, post in self.holding.city.rows(
            "SELECT about, officer_id, post_id FROM task WHERE element = 'renewal_decision' AND state = 'open'"
        ):
            self.desks.setdefault(about, []).append((today, officer, post))

    def _renew(self, judge: str, when: datetime) -> None:
        """What lies on the desk: four of five are renewed, in one batch; one of five is let go."""
        city = self.holding.city
        if self.naive and self._away(judge, when.date()):
            return
        about = city.column(
            "SELECT t.about FROM task t JOIN measure m ON m.id = t.about WHERE t.element = 'renewal_decision' AND t.state = 'open'"
            " AND m.officer_id = %s AND m.ends_on <= %s", city.officer(judge), when.date() + timedelta(days=30),
        )  # fmt: skip
        chosen = [key for key in about if key not in self.let_go]
        for key in chosen:
            if self.draw.random() < 0.2:
                self.let_go.add(key)
        chosen = [key for key in chosen if key not in self.let_go]
        if not chosen:
            return
        # Who stands in acts in the judge's own session here: sessions know the server's clock alone.
        with city.acting_as(judge, when) as acting:
            drafted = [row.measure for row in renew_measures(acting, chosen) if row.refused is None]
            sign_renewals(acting, drafted)

    def _away(self, judge: str, day: date) -> bool:
        return any(begin <= day <= end for begin, end in self.leaves[judge])

    # --- the referee

    def judge(self) -> Years:
        city, report = self.holding.city, self.report
        lapsed = city.rows("SELECT id, ends_on, officer_id FROM measure WHERE state = 'lapsed'")
        report.lapses = len(lapsed)
        for key, ends_on, officer in lapsed:
            if not any(
                self._reached(officer, *desk) for desk in self.desks.get(key, ()) if desk[0] <= ends_on - WEEK
            ):
                report.unannounced += 1
                report.missed.append(key)
        for key, ends_on, renewals in city.rows(
            "SELECT id, ends_on, renewals FROM measure WHERE ends_on IS NOT NULL"
        ):
            served, years = self.served_on.get(key, (None, 0))
            if served is not None and ends_on > served + timedelta(days=(366 * years) * (renewals + 1)):
                report.outlived += 1
        since = dict(city.rows(
            "SELECT matter, min(recorded_at) FROM outbox WHERE kind = 'measures.excess' GROUP BY 1"
        ))  # fmt: skip
        report.planted = len(self.excess)
        report.found = sum(
            matter in since and since[matter].astimezone(at(day).tzinfo).date() == day
            for matter, day in self.excess.items()
        )
        report.false_alarms = len(set(since) - set(self.excess))
        return report

    def _reached(self, officer: UUID, day: date, assigned: UUID | None, post: UUID) -> bool:
        """Whether somebody at work found it on a desk that day: the judge by name, or whoever sits at the post."""
        if not self.calendar.is_working_day(day):
            return False
        away = self._away(self.officers[officer], day)
        if assigned is not None:
            return assigned == officer and not away
        return not away or not self.naive


def shown(report: Years) -> str:
    """One line for people."""
    return (
        f"{report.measures:,} measures over {report.days:,} days: {report.served:,} served, {report.renewed:,} renewals,"
        f" {report.lapses:,} lapses, {report.unannounced} unannounced, {report.outlived} beyond the maximum,"
        f" over-freezes found {report.found} of {report.planted}, false alarms {report.false_alarms}; {report.seconds:.0f} s"
    )
