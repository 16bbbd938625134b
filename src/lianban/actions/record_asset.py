"""财产: record something the debtor owns, and what it is worth. A better value supersedes the one before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.measure_errors import AssetOwnerUnknown, AssetRecordedBefore, FindingDoesNotFit
from lianban.actions.measure_in_hand import asset_in, limits, subjects_of, unit_code
from lianban.engines.clocks.moments import legal_date
from lianban.engines.measures import Family
from lianban.records import answer_reads, assets, findings
from lianban.records.bulk import insert_many
from lianban.records.directory import UnknownAgency
from lianban.records.identity import new_id

# Things that are one piece: an excess over them cannot be cut off.
_WHOLE = frozenset({Family.MOVABLE, Family.IMMOVABLE})
_DETAILS = ("area_mu", "heads", "season_from", "season_to", "crop", "address", "description")


@acts("assets.record")
def record_asset(doing: Doing) -> Outcome:
    """A new asset, found by an answer, a lead or the debtor's own declaration. Its unit is who keeps or registers it."""
    work, matter, data = doing.work, doing.matter, doing.data
    kind = limits().asset(str(data["kind"]))
    unit = work.directory.by_code.get(str(data["unit"]))
    if unit is None:
        raise UnknownAgency(agency=str(data["unit"])[:60])
    owner = _owner(doing)
    key = str(data["key"]).strip()
    work.cursor.execute(
        "SELECT 1 FROM asset WHERE matter_id = %s AND unit_agency_id = %s AND key = %s",
        [matter.id, unit.id, key],
    )
    if work.cursor.fetchone():
        raise AssetRecordedBefore(unit=unit.name_zh, key=key[:60])
    made, finding = new_id(), _finding(doing)
    insert_many(
        work.cursor, "asset", assets.COLUMNS,
        [(made, matter.id, matter.lead_agency, owner, kind.code, unit.id, key, str(data["name"]).strip(), None, 1, 1, 0,
          bool(data.get("divisible", kind.family not in _WHOLE)), {k: data[k] for k in _DETAILS if k in data},
          str(data.get("found_by", "other")), finding, doing.at, work.acting.now, work.acting.officer)],
    )  # fmt: skip
    _value(doing, made, data)
    return Outcome(
        record=made,
        said={"asset": str(made), "kind": kind.code, "unit": unit.code, "found_by": data.get("found_by", "other"),
              "found_in": str(finding) if finding else None, "value_fen": data.get("value_fen")},
        shown={"asset": str(data["name"]).strip(), "asset_kind": kind.code, "unit": unit.code},
        subjects=(owner,) if owner else (),
        milestone=False,
    )  # fmt: skip


@acts("assets.value")
def value_asset(doing: Doing) -> Outcome:
    """What it is worth, the debtor's share, what goes before: what a matter holds is counted by it from now on."""
    asset = asset_in(doing.work, doing.matter, doing.record)
    _value(doing, asset.id, doing.data)
    said = {name: doing.data.get(name) for name in ("basis", "value_fen", "encumbrance_fen")}
    return Outcome(
        record=asset.id,
        said={"asset": str(asset.id), **said},
        shown={"asset": asset.name, "unit": unit_code(doing.work, asset.unit)},
        subjects=subjects_of(asset),
        milestone=False,
    )


def _value(doing: Doing, asset: UUID, data: Any) -> None:
    insert_many(
        doing.work.cursor, "asset_value", assets.VALUE,
        [(new_id(), asset, doing.matter.id, doing.matter.lead_agency, str(data.get("basis", "estimate")),
          data.get("value_fen"), int(data.get("share_numerator", 1)), int(data.get("share_denominator", 1)),
          int(data.get("encumbrance_fen", 0)), data.get("valued_on") or legal_date(doing.at), str(data.get("note", "")),
          doing.at, doing.work.acting.now, doing.work.acting.officer)],
    )  # fmt: skip


def _finding(doing: Doing) -> UUID | None:
    """The answer or hit it is recorded from. Whoever records from an answer has read it, and is told if it is recalled.

    Raises :class:`FindingDoesNotFit`.
    """
    work, named, how = doing.work, doing.data.get("found_in"), str(doing.data.get("found_by", "other"))
    if not named:
        return None
    try:
        one = findings.in_case(work.cursor, doing.matter.id, UUID(str(named)))
    except ValueError:
        one = None
    if one is None:
        raise FindingDoesNotFit(reason_zh="它不是本案的反馈或命中", reason="it is none of this case")
    if one.kind != how:
        raise FindingDoesNotFit(reason_zh="它与所填发现途径不一致", reason="it is of another kind than the way it was found")  # fmt: skip
    if one.recalled:
        raise FindingDoesNotFit(reason_zh="该反馈已被撤回", reason="its unit recalled it")
    if one.answer is not None:
        acting = work.acting
        assert acting.agency is not None and acting.post is not None
        answer_reads.keep(work.cursor, [one.answer], agency=acting.agency, post=acting.post, officer=acting.officer, at=acting.now)  # fmt: skip
    return one.id


def _owner(doing: Doing) -> UUID | None:
    """The party that owns it. Raises :class:`AssetOwnerUnknown` for one that is not of this matter."""
    named = doing.data.get("party")
    if not named:
        return None
    doing.work.cursor.execute(
        "SELECT id FROM party WHERE matter_id = %s AND id::text = %s", [doing.matter.id, str(named)]
    )
    row = doing.work.cursor.fetchone()
    if row is None:
        raise AssetOwnerUnknown(party=str(named)[:60])
    return UUID(str(row[0]))
