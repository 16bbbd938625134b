"""A matter of enforcement with money in it, in few words, for the tests of this folder."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from officials import MONDAY, City

DAY = date(2026, 3, 2)


class Court:
    """One court with one matter; ``act`` does an act of the scene in it. No dataclass: hypothesis would print the city."""

    def __init__(self, city: City, matter: UUID) -> None:
        self.city, self.matter = city, matter

    @property
    def lead(self) -> UUID:
        return self.city.agency("court")

    def party(self, name: str) -> UUID:
        return self.city.one("SELECT id FROM party WHERE matter_id = %s AND name = %s", self.matter, name)

    def act(
        self, code: str, data: dict[str, Any] | None = None, record: UUID | None = None, *, by: str = "court.judge",
        at: datetime = MONDAY,
    ) -> UUID:  # fmt: skip
        from lianban.actions.act_on_matter import act_on_matter

        with self.city.acting_as(by, at) as acting:
            made = act_on_matter(acting, self.matter, code, data or {}, record)
        assert made is not None
        return made


def open_enforcement(
    city: City, *, creditors=("周衡",), debtors=("沈砚",), at: datetime = MONDAY, **more: Any
) -> Court:
    """A matter of enforcement with these parties."""
    from lianban.actions.open_matter import Opening, open_matter

    people = [("creditor", name) for name in creditors] + [("debtor", name) for name in debtors]
    content = {
        "basis_no": "（2025）云9901民初88号", "cause": "买卖合同纠纷", "kind": "civil",
        "claim": {"principal": 1_000_000_00, "interest": 0, "costs": 10_000_00, "due_on": "2026-01-31"},
        "subjects": [
            {"role": role, "kind": "person", "name": name, "id_kind": "resident_id",
             "id_number": city.person(number).id_number} for number, (role, name) in enumerate(people)
        ],
        **more,
    }  # fmt: skip
    with city.acting_as("court.clerk", at) as acting:
        matter = open_matter(acting, "enforcement", Opening(content))
    return Court(city, matter)
