"""控制措施: how much a matter holds against how much it may, and every measure with its answers, clock and next acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest

from lianban.actions import timing
from lianban.actions.measure_in_hand import SETTINGS, limits
from lianban.doors.web.reading import acting_of
from lianban.engines import measures as engine
from lianban.engines.clocks.moments import legal_date
from lianban.engines.forms.words import Words
from lianban.engines.measures.errors import RenewalRefused
from lianban.engines.scenes import Act
from lianban.records import assets, matter_view, measures
from lianban.records.contents import content_of
from lianban.records.directory import directory
from lianban.records.matter_view import MatterHead
from lianban.records.measures import MeasureRow, RenewalLine


def part(request: HttpRequest, head: MatterHead) -> dict[str, Any]:
    """The lead sees all of its matter; a unit the orders that were sent to it."""
    from lianban.doors.web.matter_sections import acts_of

    acting = acting_of(request)
    with connection.cursor() as cursor:
        rows = measures.of_matter(cursor, head.id)
        ids = [row.id for row in rows]
        answers, renewals = measures.answers_of(cursor, ids), measures.renewals_of(cursor, ids)
        releases = measures.releases_of(cursor, ids)
        control = measures.control_of(cursor, head.id)
        nets = measures.nets_of(cursor, head.id)
        since = measures.excess_since(cursor, head.id)
        things = assets.by_ids(cursor, {row.asset for row in rows})
        standings = measures.standings_of(cursor, [row for row in rows if row.live], things)
        kinds = {code: Words(zh, en) for code, (_, zh, en) in assets.kinds(cursor).items()}
        lookup = directory(cursor)
        served = measures.parties_served(cursor, head.id) if head.lead == acting.agency else {}
        people = (
            {one.id: one.name for one in matter_view.parties(cursor, head.id)}
            if head.lead == acting.agency
            else {}
        )
        owed = measures.to_be_served(cursor, head.id) if head.lead == acting.agency else set()
    acts = acts_of(acting, head, "measures")
    lines = [
        {
            "measure": row, "unit": lookup.agencies.get(row.unit), "asset_kind": kinds.get(row.asset_kind),
            "answers": answers.get(row.id, []), "renewals": renewals.get(row.id, []), "releases": releases.get(row.id, []),
            "served": [(people.get(key, ""), day) for key, day in served.get(row.id, {}).items()],
            "unserved": [people.get(key, "") for key in sorted(owed - set(served.get(row.id, {})), key=str)],
            "renewal": _last(renewals.get(row.id, [])), "net": nets.get(row.id),
            "alarm": _alarm(row), "acts": [act for act in acts if _fits(act, row, renewals.get(row.id, []), releases.get(row.id, []))],
        }
        for row in rows
    ]  # fmt: skip
    return {"lines": lines, "control": _control(control, standings, {str(row.id): row for row in rows}, since, acting.now) if rows else None,
            "lead": head.lead == acting.agency}  # fmt: skip


def about(cursor: Any, record: UUID) -> dict[str, Any] | None:
    """What a unit's task about a measure, a renewal or a release shows of the order."""
    renewal = measures.renewal(cursor, record)
    key = renewal.measure if renewal else record
    release = None
    if renewal is None:
        cursor.execute("SELECT measure_id FROM measure_release WHERE id = %s", [record])
        if found := cursor.fetchone():
            key = found[0]
            release = next(
                (one for one in measures.releases_of(cursor, [key])[key] if one.id == record), None
            )
    row = measures.by_ids(cursor, [key]).get(key)
    if row is None:
        return None
    kinds = {code: Words(zh, en) for code, (_, zh, en) in assets.kinds(cursor).items()}
    return {"measure": row, "renewal": renewal, "release": release, "asset_kind": kinds.get(row.asset_kind),
            "answers": measures.answers_of(cursor, [key]).get(key, []), "alarm": _alarm(row)}  # fmt: skip


def _last(lines: list[RenewalLine]) -> RenewalLine | None:
    """The renewal on its way, or the decision to let the measure end."""
    return lines[-1] if lines and lines[-1].state != "served" else None


def _alarm(row: MeasureRow) -> Any:
    """What the limits warn of, such as the unsettled category of a housing fund."""
    step = engine.MeasureKind(row.kind).step
    return limits().permission(
        engine.LegalBasis(row.basis), row.asset_kind, step, on=row.ordered_on, claim=engine.ClaimKind(row.claim),
        facts=row.facts,
    ).alarm  # fmt: skip


def _control(
    line: measures.ControlLine | None, standings: list[engine.Standing], rows: dict[str, MeasureRow],
    since: datetime | None, now: datetime,
) -> dict[str, Any] | None:  # fmt: skip
    """Outstanding, held, ratio, and what should go: the engine's proposal, which the judge may follow or not."""
    if line is None:
        return None
    held = engine.control(
        timing.book(), standings, engine.Outstanding(line.most_fen), found_at=since or now, settings=SETTINGS
    )
    return {
        "line": line, "held": held, "percent": held.ratio_permille / 10 if held.ratio_permille is not None else None,
        "meter": min(held.ratio_permille or 0, 1000), "gap": held.gap_fen, "since": since,
        "due": held.due.at if held.due else None,
        "releases": [(release, rows[release.measure]) for release in held.releases],
    }  # fmt: skip


_Fits = Callable[[MeasureRow, list[Any], list[Any]], bool]


def _renewable(row: MeasureRow, renewals: list[Any], releases: list[Any]) -> bool:
    return (
        row.live
        and row.ends_on is not None
        and (not renewals or renewals[-1].state in ("served", "not_wanted"))
    )


# When an act on a measure makes sense; the verb itself checks again.
_WHEN: dict[str, _Fits] = {
    "measures.serve": lambda row, _, __: row.served_at is None,
    "measures.answer": lambda row, _, __: row.sent_at is not None,
    "measures.renew": _renewable,
    "measures.sign_renewal": lambda row, renewals, _: row.live and bool(renewals) and renewals[-1].state == "drafted",
    "measures.serve_renewal": lambda row, renewals, _: bool(renewals) and renewals[-1].state == "sent",
    "measures.decline_renewal": lambda row, renewals, _: row.live and row.ends_on is not None
    and not (renewals and renewals[-1].state == "not_wanted"),
    "measures.release": lambda row, _, releases: row.live and all(one.arrived_at for one in releases),
    "measures.deduct": lambda row, _, __: row.state == "effective" and row.basis == "enforcement"
    and limits().asset(row.asset_kind).family is engine.Family.DEPOSIT,
}  # fmt: skip


def _fits(act: Act, row: MeasureRow, renewals: list[Any], releases: list[Any]) -> bool:
    fits = _WHEN.get(act.verb)
    return fits is None or fits(row, renewals, releases)


def prefill_order(cursor: Any, head: MatterHead, record: UUID | None, now: datetime) -> dict[str, Any]:
    """An order begins with what is still missing, up to what the asset is worth, and the longest term."""
    asset = assets.by_ids(cursor, [record]).get(record) if record else None
    control = measures.control_of(cursor, head.id)
    if asset is None or asset.matter != head.id or control is None:
        return {}
    gap = max(control.most_fen - control.held_fen, 0)
    kind = (
        "freeze"
        if limits().asset(asset.kind).family in (engine.Family.DEPOSIT, engine.Family.OTHER_RIGHT)
        else "seal"
    )
    claim = engine.ClaimKind(content_of(cursor, head.id).get("claim_kind") or "ordinary")
    day = legal_date(now)
    found = limits().permission(
        engine.LegalBasis.ENFORCEMENT, asset.kind, engine.Step.SEAL, on=day, claim=claim
    )
    ends = timing.book().due(found.clock, day).legal_date if found.clock else None
    return {"kind": kind, "basis": "enforcement", "ceiling_fen": gap or control.most_fen,
            **({"printed_end": ends.isoformat()} if ends else {})}  # fmt: skip


def prefill_renewal(cursor: Any, head: MatterHead, record: UUID | None, now: datetime) -> dict[str, Any]:
    """A renewal begins with the latest end that the law allows."""
    row = measures.by_ids(cursor, [record]).get(record) if record else None
    if row is None or row.matter != head.id or not row.live:
        return {}
    things = assets.by_ids(cursor, [row.asset])
    try:
        drafted = engine.renewal_for(
            timing.book(), limits(), measures.standings_of(cursor, [row], things)[0], legal_date(now)
        )
    except RenewalRefused:
        return {}
    return {"printed_end": _iso(drafted.printed_end)} if drafted.printed_end else {}


def prefill_value(cursor: Any, head: MatterHead, record: UUID | None, now: datetime) -> dict[str, Any]:
    """A new value begins with the one before."""
    row = assets.by_ids(cursor, [record]).get(record) if record else None
    if row is None or row.matter != head.id:
        return {}
    return {
        "basis": "estimate", "value_fen": row.value_fen, "share_numerator": row.share_numerator,
        "share_denominator": row.share_denominator, "encumbrance_fen": row.encumbrance_fen,
        "valued_on": _iso(legal_date(now)),
    }  # fmt: skip


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
