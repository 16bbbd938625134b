"""Print what a court hands out about money: the plan of distribution, the notice of a payout, the receipt of an arrival.

The same bytes whenever it is asked for with the same facts. Names stand on it, so printing is a look and is ledgered; the
verification code is registered under the number of the matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from lianban.actions.acting import Acting
from lianban.actions.errors import NothingToDo
from lianban.actions.money_errors import MoneyNotFound
from lianban.engines import documents
from lianban.engines.clocks.moments import legal_date
from lianban.engines.documents.numerals import yuan
from lianban.engines.payments import Bucket
from lianban.records import claims, distributions, funds, history, matter_view, people, printed
from lianban.records.contents import content_of
from lianban.records.directory import directory
from lianban.records.history import Entry
from lianban.records.matter_view import MatterHead

_PARTS = {
    Bucket.ENFORCEMENT_COSTS: "执行费用", Bucket.COSTS: "实现债权的费用", Bucket.GENERAL_INTEREST: "一般债务利息",
    Bucket.PRINCIPAL: "本金等金钱债务", Bucket.DOUBLED_INTEREST: "加倍部分债务利息",
}  # fmt: skip
_PURPOSES = {"claim": "发放申请执行人", "costs": "执行费用", "surplus": "退还余款"}
_KINDS = {"payment": "被执行人履行", "deduction": "扣划存款", "sale": "处置变价款", "deposit": "保证金等"}
_WAYS = {
    "pro_rata": "执行费用、优先受偿的债权依次受偿；普通债权按照其占全部申请参与分配债权数额的比例受偿；不足清偿的，被执行人应当继续清偿。",
    "by_seizure": "执行费用、优先受偿的债权依次受偿；普通债权按照财产保全和执行中查封、扣押、冻结财产的先后顺序受偿。",
}


def print_payout(acting: Acting, key: UUID) -> tuple[str, bytes]:
    """(number, PDF) of a payout that was approved. Raises :class:`MoneyNotFound`, :class:`NothingToDo` before."""
    with connection.cursor() as cursor:
        row = funds.payout(cursor, key)
        fund = funds.fund(cursor, row.fund) if row else None
        if row is None or fund is None:
            raise MoneyNotFound(what_zh="发放", what="a payout")
        if row.state not in ("approved", "paid") or row.decided_at is None:
            raise NothingToDo(
                act="打印发放通知", reason_zh="这笔发放还没有审批", reason="the payout is not approved"
            )
        head = _head(cursor, row.matter)
        names = people.names(cursor, [row.proposed_by, row.decided_by])
        fields: dict[str, Any] = {
            "case_number": head.number, "payee": row.payee, "purpose": _PURPOSES[row.purpose], "amount": row.amount_fen,
            "arrived": legal_date(fund.arrived_at), "proposer": names.get(row.proposed_by, "—"),
            "approver": names.get(row.decided_by, "—") if row.decided_by else "—", "date": legal_date(row.decided_at),
        }  # fmt: skip
        if row.account_tail:
            fields["account"] = row.account_tail
        if row.paid_at:
            fields |= {"paid": legal_date(row.paid_at)} | (
                {"reference": row.bank_reference} if row.bank_reference else {}
            )
        return _made(cursor, acting, head, documents.Kind.PAYOUT_NOTICE, f"案款发放{str(key)[-8:]}", fields,
                     row.decided_at, (row.party,) if row.party else ())  # fmt: skip


def print_fund(acting: Acting, key: UUID) -> tuple[str, bytes]:
    """(number, PDF) of an arrival that a matter claimed, with what it counts for."""
    with connection.cursor() as cursor:
        fund = funds.fund(cursor, key)
        if fund is None or fund.matter is None or fund.claimed_at is None:
            raise MoneyNotFound(what_zh="已认领的到账", what="an arrival that was claimed")
        head = _head(cursor, fund.matter)
        fields: dict[str, Any] = {
            "case_number": head.number, "payer": fund.payer or "（未记明）", "kind": _KINDS[fund.kind], "amount": fund.amount_fen,
            "arrived": legal_date(fund.arrived_at), "counts": fund.counts_on, "date": legal_date(fund.claimed_at),
        }  # fmt: skip
        if fund.bank_reference:
            fields["reference"] = fund.bank_reference
        if parts := _counted(cursor, fund.matter, key):
            fields["parts"] = parts
        creditors = [row.creditor for row in claims.claims(cursor, [fund.matter])]
        return _made(cursor, acting, head, documents.Kind.FUND_RECEIPT, f"案款收据{str(key)[-8:]}", fields, fund.claimed_at,
                     tuple(creditors))  # fmt: skip


def print_distribution(acting: Acting, key: UUID) -> tuple[str, bytes]:
    """(number, PDF) of a plan of distribution, as it was drawn up."""
    with connection.cursor() as cursor:
        plan = distributions.distribution(cursor, key)
        fund = funds.fund(cursor, plan.fund) if plan else None
        if plan is None or fund is None:
            raise MoneyNotFound(what_zh="分配方案", what="a plan of distribution")
        head = _head(cursor, plan.matter)
        known = {row.id: row for row in claims.claims(cursor, [plan.matter])}
        parties = matter_view.parties(cursor, plan.matter)
        cursor.execute("SELECT officer_id FROM distribution WHERE id = %s", [key])
        (officer,) = cursor.fetchone()
        content = content_of(cursor, plan.matter)
        fields: dict[str, Any] = {
            "debtors": [party.name for party in parties if party.role == "debtor"] or ["（见案卷）"],
            "cause": content.get("cause") or "本案", "amount": plan.amount_fen, "source": _KINDS[fund.kind],
            "on_day": plan.on_day, "way": _WAYS[plan.way],
            "shares": [{"creditor": s.creditor_name, "basis": known[s.claim].basis, "claimed": yuan(s.entitled_fen).removesuffix("元"),
                        "given": yuan(s.fen).removesuffix("元")} for s in plan.shares],
            "bench": [{"role": "执行法官", "name": people.name(cursor, officer) or "—"}],
            "clerks": [{"role": "书记员", "name": "　　　"}], "date": legal_date(plan.recorded_at),
        }  # fmt: skip
        if plan.left_fen:
            fields["left"] = plan.left_fen
        if plan.note:
            fields["note"] = plan.note
        return _made(cursor, acting, head, documents.Kind.DISTRIBUTION_PLAN, f"案款分配{plan.number}", fields, plan.recorded_at,
                     tuple(party.id for party in parties))  # fmt: skip


def _counted(cursor: Any, matter: UUID, fund: UUID) -> list[str]:
    """What this arrival paid, part by part, of every claim it counts for."""
    received, chosen = claims.receipts(cursor, [matter]), claims.settings(cursor)
    lines = []
    for row in claims.claims(cursor, [matter]):
        rows = received.get(row.id, [])
        ours = {str(r.id) for r in rows if r.fund == fund}
        if not ours:
            continue
        statement = claims.statement(row, rows, max(r.paid_on for r in rows), chosen)
        for line in statement.lines:
            if line.receipt.id in ours:
                lines += [
                    f"{row.creditor_name}：{_PARTS[bucket]} {yuan(fen)}" for bucket, fen in line.parts.items()
                ]
                lines += [f"{row.creditor_name}：多收 {yuan(line.surplus_fen)}"] if line.surplus_fen else []
    return lines


def _head(cursor: Any, matter: UUID) -> MatterHead:
    head = matter_view.head(cursor, matter)
    if head is None:
        raise MoneyNotFound(what_zh="事项", what="its matter")
    return head


def _made(
    cursor: Any, acting: Acting, head: MatterHead, kind: documents.Kind, suffix: str, fields: Mapping[str, Any],
    at: datetime, subjects: tuple[UUID, ...],
) -> tuple[str, bytes]:  # fmt: skip
    number = f"{head.number}{suffix}"
    court = directory(cursor).agencies[head.lead].name_zh
    template = _template(kind)
    whole = {"court": court, "number": number, **fields}
    history.append_entries(
        cursor,
        acting.by,
        [Entry("payments.print", head.id, tuple(dict.fromkeys(subjects)), {"number": number})],
        acting.now,
    )
    mark = documents.verification(template, whole)
    printed.issue(cursor, mark.digest, number, template.zh, head.lead, at, acting.now)
    return number, documents.render_pdf(template, whole, fonts=_typefaces(), created_at=at)


@lru_cache(maxsize=1)
def _typefaces() -> documents.Typefaces:
    return documents.find_typefaces(settings.PROJECT / "frontend" / ".parts")


@lru_cache(maxsize=4)
def _template(kind: documents.Kind) -> documents.Template:
    return documents.load_template(kind)
