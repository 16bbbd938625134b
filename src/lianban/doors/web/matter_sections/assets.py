"""财产: what the debtor owns, what it is worth, and what may be done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest

from lianban.doors.web.reading import acting_of
from lianban.engines.clocks import legal_date
from lianban.engines.forms.model import Option
from lianban.engines.forms.words import Words
from lianban.records import assets, findings, matter_view, measures
from lianban.records.directory import directory
from lianban.records.matter_view import MatterHead


def part(request: HttpRequest, head: MatterHead) -> dict[str, Any]:
    """Each asset with its latest value, all earlier ones, its owner, and the measures that hold it. The lead's alone."""
    from lianban.doors.web.matter_sections import acts_of

    with connection.cursor() as cursor:
        rows = assets.of_matter(cursor, head.id)
        kinds = {code: Words(zh, en) for code, (_, zh, en) in assets.kinds(cursor).items()}
        values: dict[UUID, list[Any]] = {}
        for line in assets.values_of(cursor, head.id):
            values.setdefault(line.asset, []).append(line)
        owners = {one.id: one.name for one in matter_view.parties(cursor, head.id)} if rows else {}
        held: dict[UUID, list[Any]] = {}
        for row in measures.of_matter(cursor, head.id):
            held.setdefault(row.asset, []).append(row)
        lookup = directory(cursor)
        rests = [row.found_ref for row in rows if row.found_ref]
        found = {one: findings.in_case(cursor, head.id, one) for one in rests}
        gone = findings.recalled(cursor, rests) if rests else {}
    lines = [
        {
            "asset": row, "kind": kinds.get(row.kind), "owner": owners.get(row.party) if row.party else None,
            "values": values.get(row.id, []), "measures": held.get(row.id, []),
            "disposed": any(measure.state == "disposed" for measure in held.get(row.id, [])), "net": row.engine.net_fen(),
            "unit": lookup.agencies.get(row.unit), "finding": row.found_ref and found.get(row.found_ref), "recalled": row.found_ref and gone.get(row.found_ref),
        }
        for row in rows
    ]  # fmt: skip
    return {"lines": lines, "acts": acts_of(acting_of(request), head, "assets")}


def options(cursor: Any, head: MatterHead) -> list[Option]:
    """The assets of a matter, as choices of a form."""
    return [Option(str(row.id), Words(row.name, row.name)) for row in assets.of_matter(cursor, head.id)]


def found(cursor: Any, head: MatterHead) -> list[Option]:
    """What an asset may be recorded from: the answers and the hits of this case, as choices of a form."""
    lookup = directory(cursor)
    made = []
    for one in findings.of_case(cursor, head.id):
        unit = lookup.agencies.get(one.unit)
        zh, en = (unit.name_zh, unit.name_en) if unit else ("", "")
        day = legal_date(one.occurred_at).isoformat()
        kind = ("反馈", "answer") if one.kind == "answer" else ("命中", "hit")
        made.append(Option(str(one.id), Words(f"{kind[0]} · {zh} · {one.letter_number} · {day}".replace(" ·  · ", " · "),
                                              f"{kind[1]} · {en} · {one.letter_number} · {day}".replace(" ·  · ", " · "))))  # fmt: skip
    return made


def units(cursor: Any, head: MatterHead) -> list[Option]:
    """Every agency but the lead: whoever registers or keeps things."""
    return [
        Option(agency.code, Words(agency.name_zh, agency.name_en))
        for agency in directory(cursor).agencies.values()
        if agency.id != head.lead
    ]
