"""案款: what is owed to the day with its arithmetic, every arrival with what holds it and where it went, plans, instalments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest

from lianban.actions.look import look
from lianban.doors.web.reading import acting_of
from lianban.engines.clocks.moments import legal_date
from lianban.engines.forms.model import Option
from lianban.engines.forms.words import Words
from lianban.engines.payments import Bucket, PaymentSettings, Statement, Stretch, stretches
from lianban.engines.scenes import Act
from lianban.records import claims, clocks, distributions, funds, instalments, people
from lianban.records.claims import ClaimRow, ReceiptRow
from lianban.records.contents import content_of
from lianban.records.distributions import DistributionRow, ObjectionRow
from lianban.records.funds import FundRow, PayoutRow
from lianban.records.instalments import PlanRow
from lianban.records.matter_view import MatterHead

# The parts in the order a person reads them; the order in which they are paid is the claim's own.
READ = (
    Bucket.PRINCIPAL,
    Bucket.GENERAL_INTEREST,
    Bucket.DOUBLED_INTEREST,
    Bucket.COSTS,
    Bucket.ENFORCEMENT_COSTS,
)


def part(request: HttpRequest, head: MatterHead) -> dict[str, Any]:
    """The lead's alone: other agencies of the matter see none of these rows."""
    from lianban.doors.web.matter_sections import acts_of

    acting = acting_of(request)
    today = legal_date(acting.now)
    with connection.cursor() as cursor:
        known = claims.claims(cursor, [head.id], versions=True)
        received = claims.receipts(cursor, [head.id])
        chosen = claims.settings(cursor)
        arrived = funds.funds(cursor, [head.id])
        plans = distributions.distributions(cursor, head.id)
        agreed = instalments.plans(cursor, head.id)
        standing = clocks.of(cursor, matter=head.id)
        names = people.names(
            cursor, [one for fund in arrived for p in fund.payouts for one in (p.proposed_by, p.decided_by)]
        )
    # One that ended is still told: what is late stays late until it is done.
    due = {row.about: row for row in standing if row.state in ("running", "expired")}
    running = {key: row for key, row in due.items() if row.state == "running"}
    acts = {kind: acts_of(acting, head, kind) for kind in
            ("claim", "fund", "hold", "payout", "distribution", "objection", "instalment_plan")}  # fmt: skip
    versions = {key: list(rows) for key, rows in groupby(known, key=lambda row: row.id)}
    claims_shown = [
        _claim(rows[-1], rows[:-1], received.get(key, []), chosen, acting.now, acts["claim"], agreed)
        for key, rows in versions.items()
    ]
    creditors = {rows[-1].id: rows[-1].creditor_name for rows in versions.values()}
    look(acting, head.id, [rows[-1].creditor for rows in versions.values()], "payments")
    counted = {fund.id: 0 for fund in arrived}
    for row in (r for rows in received.values() for r in rows if r.fund in counted):
        counted[row.fund] += row.amount_fen  # type: ignore[index]
    planned = {plan.fund for plan in plans if plan.state != "cancelled"}
    return {
        "claims": claims_shown, "creditors": creditors, "names": names, "lead": head.lead == acting.agency,
        "funds": [_fund(fund, due, counted[fund.id], fund.id in planned, acting.now, acts) for fund in arrived],
        "plans": [_plan(plan, running, acts, today) for plan in plans], "buckets": READ, "today": today,
        "agreed": [
            {"row": row, "states": row.states(received.get(row.claim, []), today), "creditor": creditors.get(row.claim, ""),
             "acts": acts["instalment_plan"] if row.state == "running" else [], "resume": running.get(row.id)}
            for row in agreed
        ],
    }  # fmt: skip


def _claim(
    row: ClaimRow, earlier: list[ClaimRow], received: list[ReceiptRow], chosen: PaymentSettings, now: datetime,
    acts: Iterable[Act], agreed: list[PlanRow],
) -> dict[str, Any]:  # fmt: skip
    statement = claims.statement(row, received, legal_date(now), chosen)
    settled = any(plan.claim == row.id and plan.state in ("running", "performed") for plan in agreed)
    fitting = [
        act for act in acts if not (settled and act.verb in ("payments.in_kind", "payments.instalments"))
    ]
    return {
        "row": row, "earlier": earlier, "statement": statement, "acts": fitting, "order": row.buckets,
        "parts": [(bucket, statement.paid[bucket], statement.owed[bucket]) for bucket in READ
                  if statement.paid[bucket] or statement.owed[bucket] or bucket is Bucket.PRINCIPAL],
        "lines": _lines(statement, received), "stretches": _shown(statement, chosen),
        "later": sum(t.amount_fen for t in row.money.tranches if t.last_day > statement.on),
    }  # fmt: skip


def _lines(statement: Statement, received: list[ReceiptRow]) -> list[dict[str, Any]]:
    """Each receipt, and what it paid, in the order in which it paid it."""
    by_id = {str(row.id): row for row in received}
    return [
        {"line": line, "row": by_id[line.receipt.id], "parts": list(line.parts.items())}
        for line in statement.lines
    ]


def _shown(statement: Statement, chosen: PaymentSettings) -> list[dict[str, Any]]:
    return [{"one": one, "rate": _percent(one), "yearly": one.bucket is Bucket.GENERAL_INTEREST,
             "yuan": f"{float(one.exact_fen) / 100:,.4f}"} for one in stretches(statement, chosen)]  # fmt: skip


def _percent(one: Stretch) -> str:
    """The rate of a day, of a hundred, without zeros nobody needs."""
    return f"{float(one.daily * 100):.8f}".rstrip("0").rstrip(".")


def _fund(
    fund: FundRow, due: Mapping[UUID, Any], counted: int, planned: bool, now: datetime, acts: Mapping[str, list[Act]]
) -> dict[str, Any]:  # fmt: skip
    money = fund.money()
    left = fund.amount_fen - fund.committed_fen
    unfit = {
        "payments.claim_fund": True,
        "payments.count": planned or counted >= fund.amount_fen,
        "payments.distribute": planned or bool(counted) or left <= 0,
        "payments.propose": left <= 0,
        "payments.correct": bool(fund.committed_fen or fund.open_holds or planned),
        "payments.mark_fund": bool(fund.notified_at and fund.ready_at) or fund.paid_fen == fund.amount_fen,
        "payments.hold": fund.paid_fen == fund.amount_fen,
    }
    return {
        "row": fund, "due": due.get(fund.id), "counted": counted, "uncounted": fund.amount_fen - counted, "planned": planned,
        "stops": any(hold.kind.stops_clock for hold in fund.open_holds),
        "paid": fund.paid_fen, "held": money.held_fen(now), "payable": max(0, money.payable_fen(now)),
        "acts": [act for act in acts["fund"] if not unfit.get(act.verb)],
        "holds": [(hold, acts["hold"] if hold.until is None else []) for hold in fund.holds],
        "payouts": [(payout, _payout_acts(payout, acts["payout"])) for payout in fund.payouts],
    }  # fmt: skip


def _payout_acts(payout: PayoutRow, acts: Iterable[Act]) -> list[Act]:
    fit = {
        "payments.approve": payout.state == "proposed",
        "payments.pay": payout.state == "approved",
        "payments.take_back": payout.live,
    }
    return [act for act in acts if fit.get(act.verb)]


def _plan(
    plan: DistributionRow, due: Mapping[UUID, Any], acts: Mapping[str, list[Act]], today: date
) -> dict[str, Any]:
    fit = {
        "payments.serve_distribution": plan.state == "draft",
        "payments.object": plan.state == "served",
        "payments.execute_distribution": plan.state == "served"
        and plan.object_until is not None
        and plan.object_until < today,
        "payments.cancel_distribution": plan.state != "cancelled",
    }
    return {
        "row": plan, "due": due.get(plan.id), "kept": plan.payable.keep,
        "acts": [act for act in acts["distribution"] if fit.get(act.verb)],
        "objections": [(one, due.get(one.id), _steps(one), acts["objection"] if one.ended_on is None else [])
                       for one in plan.objections],
    }  # fmt: skip


def _steps(one: ObjectionRow) -> list[tuple[str, Any]]:
    """What happened to an objection so far, with its days."""
    found = [
        ("received", one.received_on),
        *((step, getattr(one, name)) for step, name in distributions.STEPS.items()),
    ]
    return [(step, day) for step, day in found if day is not None]


# --- for the forms of acts


def claim_options(cursor: Any, head: MatterHead) -> list[Option]:
    """The claims of a matter, as a form's choices."""
    return [
        Option(str(row.id), Words(*[f"{row.creditor_name} · {row.basis[:30]}"] * 2))
        for row in claims.claims(cursor, [head.id])
    ]


def prefill_claim(cursor: Any, head: MatterHead, record: UUID | None, now: datetime) -> dict[str, Any]:
    """A new claim begins with what the matter was filed with; a correction with the claim as it is."""
    if record is not None:
        found = claims.claims(cursor, [head.id], only=record)
        return _as_form(found[0]) if found else {}
    content = content_of(cursor, head.id)
    filed = content.get("claim") or {}
    creditor = next(
        (one["party"] for one in content.get("subjects", ()) if one.get("role") == "creditor"), None
    )
    data: dict[str, Any] = {"basis": content.get("basis_no", ""), "order": "statutory"}
    if creditor:
        data["creditor"] = creditor
    if filed.get("principal"):
        data["tranches"] = [{"amount": filed["principal"], "last_day": filed.get("due_on", "")}]
    return data | {name: filed[name] for name in ("interest", "costs") if filed.get(name)}


def _as_form(row: ClaimRow) -> dict[str, Any]:
    money = row.money
    data: dict[str, Any] = {
        "basis": row.basis, "order": row.attribution,
        "tranches": [{"amount": t.amount_fen, "last_day": t.last_day.isoformat()} for t in money.tranches],
        "interest_rates": [
            {"yearly_percent": f"{float(g.yearly * 100):.6f}".rstrip("0").rstrip("."), "first_day": g.first_day.isoformat(),
             "last_day": g.last_day.isoformat() if g.last_day else None, "day_basis": g.day_basis, "base": g.base_fen}
            for g in money.general
        ],
        "pauses": [{"first_day": p.first_day.isoformat(), "last_day": p.last_day.isoformat(), "reason": reason}
                   for p, reason in zip(money.pauses, row.pause_reasons, strict=True)],
        "interest": money.interest_fen or None, "costs": money.costs_fen or None,
        "enforcement_costs": money.enforcement_costs_fen or None, "doubled_before": money.doubled_before_fen or None,
        "doubled_from": money.doubled_from.isoformat() if money.doubled_from else None,
    }  # fmt: skip
    if row.attribution == "agreed":
        data["agreed_order"] = [b.value for b in row.buckets if b is not Bucket.ENFORCEMENT_COSTS]
    return data


def prefill_payout(cursor: Any, head: MatterHead, record: UUID | None, now: datetime) -> dict[str, Any]:
    """What can be paid of this arrival now: to the only creditor, or, where nothing is owed, what is left over."""
    fund = funds.fund(cursor, record) if record else None
    if fund is None:
        return {}
    known = claims.claims(cursor, [head.id])
    payable = fund.money(("proposed", "approved", "paid")).payable_fen(now)
    if len(known) != 1:
        return {"purpose": "claim", "amount": max(0, payable)}
    received = claims.receipts(cursor, [head.id]).get(known[0].id, [])
    last = max((r.paid_on for r in received), default=legal_date(now))
    statement = claims.statement(known[0], received, last, claims.settings(cursor))
    out = funds.paid_by_claim(cursor, head.id)
    costs = statement.paid[Bucket.ENFORCEMENT_COSTS]
    left = sum(statement.paid.values()) - costs - out[known[0].id, "claim"]
    if left > 0:
        return {"purpose": "claim", "claim": str(known[0].id), "amount": max(0, min(left, payable))}
    if costs - out[known[0].id, "costs"] > 0:
        return {
            "purpose": "costs",
            "claim": str(known[0].id),
            "amount": min(costs - out[known[0].id, "costs"], payable),
        }
    return {"purpose": "surplus", "amount": max(0, payable)}


def prefill_today(name: str) -> Any:
    """A form whose day is usually today's."""

    def prefill(cursor: Any, head: MatterHead, record: UUID | None, now: datetime) -> dict[str, Any]:
        return {name: legal_date(now).isoformat()}

    return prefill


def prefill_instalments(cursor: Any, head: MatterHead, record: UUID | None, now: datetime) -> dict[str, Any]:
    """What is owed today is the usual sum of a settlement."""
    found = claims.claims(cursor, [head.id], only=record) if record else []
    if not found:
        return {}
    received = claims.receipts(cursor, [head.id]).get(found[0].id, [])
    owed = claims.statement(found[0], received, legal_date(now), claims.settings(cursor)).owed_fen
    return {"ground": "agreement", "agreed_on": legal_date(now).isoformat(), "total": owed}
