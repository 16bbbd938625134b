"""Export matters one leads as a table: their dates and content, with the parties' names and masked numbers.

One ledger entry names everybody whose name left: an export is a look at all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from lianban.actions.acting import Acting
from lianban.actions.importing import CLOSED, GROUND, MODE, NUMBER, OPENED, RECOVERED, RULING, columns_for
from lianban.actions.permissions import require
from lianban.actions.work import working
from lianban.engines.clocks import legal_date
from lianban.engines.forms.model import Widget
from lianban.engines.imports import Column
from lianban.records import scenes
from lianban.records.history import Entry

MOST = 5_000
"""Matters in one file. Who needs more asks for a period at a time: each export names everybody in the ledger."""


@dataclass(frozen=True, slots=True)
class Export:
    """The columns that are used, the rows as texts, and whether there was more than one file holds."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    cut: bool


def export_matters(
    acting: Acting, scene: str, *, state: str = "", opened_from: str = "", opened_to: str = ""
) -> Export:
    """Matters of one scene that the acting agency leads, newest first. The columns are those of the import, so that what
    was exported can be corrected and compared; identity numbers are masked."""
    require(acting, "export_matters")
    pack = scenes.scene(scene)
    with working(acting) as work:
        work.cursor.execute(
            """SELECT m.id, m.number, m.opened_at, m.closed_at, c.data, k.mode, k.ground, k.ruling_no, k.recovered_fen
                 FROM matter m JOIN matter_content c ON c.matter_id = m.id
                 LEFT JOIN closing k ON k.matter_id = m.id AND k.reopened_at IS NULL
                WHERE m.scene = %s AND m.lead_agency_id = %s AND (%s = '' OR m.state = %s)
                  AND (%s = '' OR m.opened_at >= %s::date) AND (%s = '' OR m.opened_at < %s::date + 1)
                ORDER BY m.opened_at DESC, m.id LIMIT %s""",
            [scene, acting.agency, state, state, opened_from, opened_from or None, opened_to, opened_to or None, MOST + 1],
        )  # fmt: skip
        found = work.cursor.fetchall()
        cut, found = len(found) > MOST, found[:MOST]
        work.cursor.execute(
            """SELECT p.matter_id, p.id, p.name, i.kind, i.masked FROM party p LEFT JOIN party_identifier i ON i.party_id = p.id
                WHERE p.matter_id = ANY(%s)""",
            [[row[0] for row in found]],
        )
        parties = {
            str(party): (party, name, kind, masked) for _, party, name, kind, masked in work.cursor.fetchall()
        }
        columns = columns_for(pack)
        rows = [_row(columns, row, parties) for row in found]
        used = [at for at in range(len(columns)) if any(row[at] for row in rows)] or [0]
        work.enter(
            Entry("matters.export", None, tuple(UUID(str(one[0])) for one in parties.values()),
                  {"scene": scene, "matters": len(found), "state": state, "from": opened_from, "to": opened_to})
        )  # fmt: skip
    return Export(
        tuple(columns[at] for at in used), tuple(tuple(row[at] for at in used) for row in rows), cut
    )


def _row(columns: tuple[Column, ...], row: Any, parties: Mapping[str, Any]) -> list[str]:
    _, number, opened_at, closed_at, data, mode, ground, ruling, recovered = row
    content = data if isinstance(data, dict) else orjson.loads(data)
    own = {NUMBER: number, OPENED: legal_date(opened_at).isoformat(),
           CLOSED: legal_date(closed_at).isoformat() if closed_at else "", MODE: mode, GROUND: ground, RULING: ruling,
           RECOVERED: recovered}  # fmt: skip
    return [
        _text(column, own[column.name]) if column.name in own else _cell(column, content, parties)
        for column in columns
    ]


def _cell(column: Column, content: Any, parties: Mapping[str, Any]) -> str:
    here: Any = content
    holder: Any = None
    for part in column.name.split("."):
        holder = here
        if isinstance(here, list):
            here = here[int(part)] if part.isdigit() and int(part) < len(here) else None
        else:
            here = here.get(part) if isinstance(here, Mapping) else None
    if isinstance(holder, Mapping) and (party := parties.get(str(holder.get("party", "")))) is not None:
        here = _of_party(column.name.rpartition(".")[2], party, here)
    return _text(column, here)


def _of_party(name: str, party: Any, otherwise: Any) -> Any:
    """What the content holds a reference to only."""
    _, full, kind, masked = party
    if name == "name":
        return full
    if name == "id_kind":
        return kind
    return masked if name.endswith("number") else otherwise


def _text(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.widget is Widget.MONEY and isinstance(value, int):
        return f"{value / 100:.2f}"
    if isinstance(value, bool):
        return "是" if value else "否"
    labels = {option.value: option.label.zh for option in column.options}
    if isinstance(value, list):
        return "、".join(labels.get(str(one), str(one)) for one in value)
    return labels.get(str(value), str(value))
