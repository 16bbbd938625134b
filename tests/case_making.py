"""A case of enforcement in few words, for tests of collaboration, listings, objections and closing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from officials import MONDAY, City

from lianban.engines.process.timers import BEIJING

CLAIM = {"principal": 2_884_000, "costs": 33_260}
# What a grid worker reports of a field of cotton.
LEAD = {"found": "yes", "helper": "grid_worker", "kind": "crop", "place": "青坪村东三组", "quantity": 30, "measured": "mu",
        "opens_on": "2026-09-01", "closes_on": "2026-10-15", "buyer": "远舟轧花厂", "note": "棉花长势好"}  # fmt: skip


class Case:
    """One case in the city; ``act`` does an act of the scene in it, ``do`` a task that was asked for."""

    def __init__(self, city: City, matter: UUID) -> None:
        self.city, self.matter = city, matter

    @property
    def number(self) -> str:
        return self.city.one("SELECT number FROM matter WHERE id = %s", self.matter)

    def party(self, name: str) -> str:
        return str(
            self.city.one("SELECT id FROM party WHERE matter_id = %s AND name = %s", self.matter, name)
        )

    def act(
        self, code: str, data: dict[str, Any] | None = None, record: UUID | None = None, *, by: str = "court.judge",
        at: datetime = MONDAY,
    ) -> UUID:  # fmt: skip
        from lianban.actions.act_on_matter import act_on_matter

        with self.city.acting_as(by, at) as acting:
            made = act_on_matter(acting, self.matter, code, data or {}, record)
        assert made is not None
        return made

    def task(self, element: str, about: UUID | None = None) -> UUID:
        """The one open task of that name (about that record)."""
        return self.city.one(
            "SELECT id FROM task WHERE matter_id = %s AND element = %s AND state = 'open' AND (%s::uuid IS NULL OR about = %s)",
            self.matter, element, about, about,
        )  # fmt: skip

    def do(
        self, by: str, element: str, data: dict[str, Any] | None = None, about: UUID | None = None, *,
        at: datetime = MONDAY,
    ) -> None:  # fmt: skip
        from lianban.actions.complete_task import complete_task

        with self.city.acting_as(by, at) as acting:
            complete_task(acting, self.task(element, about), data or {})

    def open_elements(self) -> list[str]:
        return self.city.column(
            "SELECT element FROM task WHERE matter_id = %s AND state = 'open' ORDER BY element", self.matter
        )

    def clocks(self, about: UUID, state: str = "running") -> dict[str, str]:
        """The clocks of a record, by code, with their last day."""
        return {
            code: str(day) for code, day in self.city.rows(
                "SELECT code, due_on FROM clock WHERE about = %s AND state = %s", about, state)
        }  # fmt: skip

    def acts(self) -> list[str]:
        """The acts of the ledger in this matter, in order."""
        return self.city.column("SELECT act FROM ledger_entry WHERE matter_id = %s ORDER BY id", self.matter)


def open_case(
    city: City, *, creditors=("周衡",), debtors=("沈砚",), firms=(), at: datetime = MONDAY, ids: dict[str, str] | None = None,
    **more: Any,
) -> Case:  # fmt: skip
    """A case with these parties; ``firms`` are debtors that are organisations, ``ids`` gives some an identity number."""
    from lianban.actions.open_matter import Opening, open_matter

    people = [("creditor", name) for name in creditors] + [("debtor", name) for name in debtors]
    firm_codes = city.samples.city.firms(5)
    subjects = [
        {"role": role, "kind": "person", "name": name, "id_kind": "resident_id",
         "id_number": (ids or {}).get(name) or city.person(number).id_number}
        for number, (role, name) in enumerate(people)
    ] + [
        {"role": "debtor", "kind": "organisation", "name": name, "id_kind": "credit_code",
         "id_number": next(firm_codes).credit_code} for name in firms
    ]  # fmt: skip
    content = {
        "basis_no": "（2025）云9901民初88号", "cause": "买卖合同纠纷", "kind": "civil", "claim": CLAIM,
        "subjects": subjects, **more,
    }  # fmt: skip
    with city.acting_as("court.clerk", at) as acting:
        return Case(city, open_matter(acting, "enforcement", Opening(content)))


def at(text: str) -> datetime:
    """An instant in Beijing: ``2026-03-02 09:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING).astimezone(UTC)


def resident_id(born: str, order: str = "001") -> str:
    """A demo's identity number for somebody born on ``20080302``."""
    from lianban.engines.identifiers.resident_ids import check_character

    digits = f"990100{born}{order}"
    return digits + check_character(digits)


def look(city: City, moment: datetime) -> int:
    """What the worker does at an instant with the clocks that are due."""
    from lianban.actions.acting import Acting
    from lianban.actions.run_clocks import run_clocks

    failures: list[object] = []
    with city.as_role("worker"):
        looked = 0
        while count := run_clocks(
            Acting(None, moment, "时限到期"), failed=lambda *what: failures.append(what)
        ):
            looked += count
    assert not failures, failures
    return looked


# --- what 终本 needs

SEARCHES = ("search_deposits", "search_vehicles", "search_immovables", "search_securities")
STATED = ("notice_and_report", "listing_considered", "leads_verified", "creditor_heard")
# Of the six preconditions of 2024, those that rest on lines with proofs; one rests on time, one is moot here.
GUIDANCE = tuple(f"guidance_2024_{one}" for one in ("notice", "limits", "search", "heard"))
LATER = at("2026-06-03 10:00")


def document(case, moment=MONDAY, name="查询结果.txt"):
    from lianban.actions.add_document import add_document

    with case.city.acting_as("court.clerk", moment) as acting:
        return str(add_document(acting, case.matter, name, "查询结果".encode()))


def proofs(case, *leave_out):
    found = document(case)
    return [{"item": item, "document": found} for item in SEARCHES if item not in leave_out] + [
        {"item": item, "statement": "已依法办理并记录入卷"} for item in STATED if item not in leave_out
    ]  # fmt: skip


def terminate(case, *leave_out, moment=LATER, given=None, **more):
    return case.act("close_matter", {
        "mode": "terminated", "ground": "nothing_found", "ruling_no": "（2026）云9901执1号之一", "summary": "无财产可供执行",
        "proofs": given or proofs(case, *leave_out), **more,
    }, at=moment)  # fmt: skip


def limited(case):
    case.act("limit_consumption", {"party": case.party("沈砚"), "capacity": "debtor"})
