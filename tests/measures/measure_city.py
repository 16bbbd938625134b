"""A city with two courts that hold things: short ways to open a matter, order, serve, answer, and to look at what stands.

The tests act in years that the server's clock has not reached, so the setting that refuses facts ahead of it is opened.
"""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

import pytest
from officials import City

SHANGHAI = timezone(timedelta(hours=8))
OTHER = "court_b"
CLAIM = 100_000_00
FAR = "100000000"


def at(text: str | date, hour: int = 10, minute: int = 0) -> datetime:
    """An hour in Shanghai on a day."""
    day = date.fromisoformat(text) if isinstance(text, str) else text
    return datetime.combine(day, time(hour, minute), SHANGHAI)


DAY = at("2026-03-02", 9)


@dataclass
class Holding:
    """The city as the tests of measures use it."""

    city: City
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def matter(
        self, claim: int = CLAIM, by: str = "court.clerk", when: datetime = DAY, costs: int = 0, **more: Any
    ) -> UUID:
        """A matter of enforcement, accepted or not: acts need no step of the drawing."""
        from lianban.actions.open_matter import Opening, open_matter

        number = next(self._numbers)
        one, two = self.city.person(number), self.city.person(number + 1)
        data = {
            "basis_no": f"（2025）云9901民初{number}号", "cause": "民间借贷纠纷", "kind": "civil",
            "claim": {"principal": claim, "costs": costs},
            "subjects": [
                {"role": role, "kind": "person", "name": who.name, "id_kind": "resident_id", "id_number": who.id_number}
                for role, who in (("creditor", one), ("debtor", two))
            ],
            **more,
        }  # fmt: skip
        with self.city.acting_as(by, when) as acting:
            return open_matter(acting, "enforcement", Opening(data))

    def act(self, matter: UUID, code: str, data: dict[str, Any] | None = None, record: UUID | None = None,
            by: str = "court.judge", when: datetime = DAY) -> UUID:  # fmt: skip
        from lianban.actions.act_on_matter import act_on_matter

        with self.city.acting_as(by, when) as acting:
            return act_on_matter(acting, matter, code, data or {}, record)

    def asset(self, matter: UUID, kind: str = "deposit", key: str = "", unit: str = "central_bank",
              by: str = "court.judge", when: datetime = DAY, **more: Any) -> UUID:  # fmt: skip
        key = key or f"6222-{next(self._numbers):06d}"
        data = {"kind": kind, "unit": unit, "key": key, "name": f"{kind} {key}", "found_by": "answer", **more}
        return self.act(matter, "record_asset", data, by=by, when=when)

    def order(self, matter: UUID, asset: UUID, ceiling: int = CLAIM, kind: str = "freeze", basis: str = "enforcement",
              by: str = "court.judge", when: datetime = DAY, **more: Any) -> UUID:  # fmt: skip
        return self.act(
            matter,
            "order_measure",
            {"kind": kind, "basis": basis, "ceiling_fen": ceiling, **more},
            asset,
            by,
            when,
        )

    def task(self, about: UUID, element: str) -> UUID:
        return self.city.one(
            "SELECT id FROM task WHERE about = %s AND element = %s AND state = 'open'", about, element
        )

    def complete(self, about: UUID, element: str, data: dict[str, Any] | None = None, by: str = "central_bank.liaison",
                 when: datetime = DAY) -> UUID:  # fmt: skip
        from lianban.actions.complete_task import complete_task

        task = self.task(about, element)
        with self.city.acting_as(by, when) as acting:
            complete_task(acting, task, data or {})
        return task

    def serve(self, measure: UUID, when: datetime = DAY, by: str = "central_bank.liaison") -> None:
        self.complete(measure, "measure_service", {}, by, when)

    def answer(
        self,
        measure: UUID,
        outcome: str = "done",
        when: datetime = DAY,
        by: str = "central_bank.liaison",
        **more: Any,
    ) -> None:
        self.complete(measure, "measure_answer", {"outcome": outcome, **more}, by, when)

    def held(
        self,
        matter: UUID,
        found: int | None = None,
        when: datetime = DAY,
        asset: UUID | None = None,
        **more: Any,
    ) -> UUID:
        """A deposit that is frozen, served and answered in one hour."""
        asset = asset or self.asset(matter, when=when)
        measure = self.order(matter, asset, when=when, **more)
        self.serve(measure, when)
        self.answer(measure, when=when, **({"amount_fen": found} if found is not None else {}))
        return measure

    def renew(self, measure: UUID, when: datetime, **data: Any) -> UUID:
        """Draft, sign, send; returns the renewal."""
        matter = self.row(measure)["matter_id"]
        self.act(matter, "renew_measure", data, measure, when=when)
        self.act(matter, "sign_renewal", {"checked": True}, measure, when=when)
        return self.city.one(
            "SELECT id FROM measure_renewal WHERE measure_id = %s ORDER BY round DESC LIMIT 1", measure
        )

    def follow(self, when: datetime) -> int:
        """What the worker does with measures and clocks at an instant, until nothing is left."""
        from lianban.actions.acting import Acting
        from lianban.actions.follow_measures import follow_measures
        from lianban.actions.run_clocks import run_clocks

        done = 0
        with self.city.as_role("worker"):
            while count := follow_measures(Acting(None, when)) + run_clocks(Acting(None, when)):
                done += count
        return done

    def row(self, measure: UUID) -> dict[str, Any]:
        cursor = self.city.superuser.execute("SELECT * FROM measure WHERE id = %s", [measure])
        found = cursor.fetchone()
        assert found is not None
        return dict(zip([column.name for column in cursor.description], found, strict=True))

    def stands(self, measure: UUID) -> tuple[str, int | None, str | None]:
        """(state, rank, last day)."""
        row = self.row(measure)
        return row["state"], row["rank"], row["ends_on"].isoformat() if row["ends_on"] else None

    @contextmanager
    def sql(self, username: str = "court.judge"):
        """A connection of the app role in this officer's session: what somebody with SQL could try."""
        with self.city.connect("app") as connection:
            connection.execute("SELECT lianban.enter(%s)", [self.city.session(username)])
            yield connection


def second_court(city: City) -> None:
    """Another court with a judge and a clerk of its own."""
    lead = city.superuser
    agency = uuid4()
    lead.execute(
        "INSERT INTO agency SELECT %s, %s, kind, '云9902', '云澜市东屿区人民法院', 'Dongyu Court', area_code, '0000b' FROM agency"
        " WHERE code = 'court'", [agency, OTHER],
    )  # fmt: skip
    for role, name in (("judge", "秦远舟"), ("clerk", "孟清棠")):
        post, officer = uuid4(), uuid4()
        lead.execute(
            "INSERT INTO post (id, agency_id, code, role, name_zh, name_en) VALUES (%s, %s, %s, %s, %s, %s)",
            [post, agency, role, role, role, role],
        )
        lead.execute(
            "INSERT INTO officer (id, username, name, state, administrator, language, demo)"
            " VALUES (%s, %s, %s, 'active', '', 'zh-hans', true)", [officer, f"{OTHER}.{role}", name],
        )  # fmt: skip
        lead.execute(
            "INSERT INTO appointment (id, officer_id, post_id, begins_on) VALUES (%s, %s, %s, '2020-01-01')",
            [uuid4(), officer, post],
        )
    from lianban.records import directory

    directory.forget()


@pytest.fixture
def holding(city):
    """The city with two courts, whose server lets facts be recorded in years to come."""
    city.superuser.execute("UPDATE lianban.setting SET value = %s WHERE name = 'act_ahead_minutes'", [FAR])
    second_court(city)
    return Holding(city)
